/* meant.c - what a caller means: which key, and what a certificate shall say
 *
 * All of it is judged before anybody is asked for a passphrase. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/mail/address.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define ADDRESS_ARENA	(64 * 1024)
#define NAME_MAX_CHARS	64		/* RFC 5280, ub-common-name */
#define DAYS_DEFAULT	730
#define DAYS_MAX	36500
#define NO_KEYS		"There are no keys; \"mailseal keys generate " \
			"ADDRESS\" makes one, \"mailseal keys import FILE\" " \
			"takes one."
#define SEVERAL		"Several keys are meant; name one by the first " \
			"digits that \"mailseal keys list\" shows."
#define NO_ADDRESS	"That is no mail address; write it as " \
			"alice@example.org."
#define LONG_NAME	"The name is longer than 64 characters; say a " \
			"shorter one with \"--name\"."

/* The normal form of an address; NULL: it is none. */
static const char *normal(struct arena *arena, const char *text)
{
	struct mailbox mailbox;

	if (arena == NULL || text == NULL ||
	    address_parse(arena, bytes_of(text), &mailbox) < 0)
		return NULL;
	return address_normal(arena, &mailbox);
}

/* --- which key */

/* keyring_find() by what people type: digits in any case, an address as they
 * write it or as the certificate does. */
static int find(const struct keyring *ring, const char *word,
		char key[KEYRING_NAME])
{
	struct arena *arena = arena_new(ADDRESS_ARENA);
	const char *address = normal(arena, word);
	char digits[KEYRING_NAME + 1];
	int found = 0;
	size_t i;

	(void)snprintf(digits, sizeof(digits), "%s", word);
	for (i = 0; digits[i] != '\0'; i++)
		digits[i] = (char)tolower((unsigned char)digits[i]);
	if (address == NULL)
		found = keyring_find(ring, digits, key);
	else
		found = keyring_find(ring, address, key);
	if (address != NULL && found == 0)
		found = keyring_find(ring, word, key);
	arena_free(arena);
	return found;
}

bool keys_meant(struct front *front, struct service_call *call,
		const char *word, char key[KEYRING_NAME])
{
	int found = find(&front->keys->ring, word, key);
	char why[ADDRESS_MAX + 128];

	if (found == 1)
		return true;
	(void)snprintf(why, sizeof(why), "There is no key \"%s\"; \"mailseal "
		       "keys list\" names those that there are.", word);
	if (found > 1)
		service_fail(call, "SeveralKeys", SEVERAL);
	else if (word[0] == '\0')
		service_fail(call, "UnknownKey", NO_KEYS);
	else
		service_fail(call, "UnknownKey", strlen(word) <= ADDRESS_MAX ?
			     why : "There is no key of that name.");
	return false;
}

/* --- what a certificate shall say */

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_address(const char *text)
{
	struct arena *arena = arena_new(ADDRESS_ARENA);
	bool is = normal(arena, text) != NULL;

	arena_free(arena);
	return is;
}

bool keys_wishes_take(struct front *front, struct key_task *task,
		      const struct service_args *args)
{
	const char *address = value_text(args->options, "address");
	const char *name = value_text(args->options, "name");
	const struct value *days = value_find(args->options, "days",
					      VALUE_NUMBER);
	const char *why = NULL;
	char room[ADDRESS_MAX + 128];

	task->days = days == NULL ? DAYS_DEFAULT : days->number;
	if (address != NULL && address[0] != '\0' && !is_address(address)) {
		(void)snprintf(room, sizeof(room), "\"%s\" is no mail address; "
			       "write it as alice@example.org.", address);
		why = strlen(address) <= ADDRESS_MAX ? room : NO_ADDRESS;
	} else if (name != NULL && characters(name) > NAME_MAX_CHARS) {
		why = LONG_NAME;
	} else if (task->days < 1 || task->days > DAYS_MAX) {
		why = "days is a number from 1 to 36500.";
	}
	if (why == NULL)
		return true;
	task_fail(front, task, "InvalidOption", why);
	free(task);			/* it never had its turn */
	return false;
}
