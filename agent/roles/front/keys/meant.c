/* meant.c - which key a caller means, by digits or an address */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/bus/service.h"
#include "agent/mail/address.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define ADDRESS_ARENA	(64 * 1024)
#define NO_KEYS		"There are no keys; \"mailseal keys generate " \
			"ADDRESS\" makes one, \"mailseal keys import FILE\" " \
			"takes one."
#define SEVERAL		"Several keys are meant; name one by the first " \
			"digits that \"mailseal keys list\" shows."

/* The normal form of an address; NULL: it is none. */
static const char *normal(struct arena *arena, const char *text)
{
	struct mailbox mailbox;

	if (arena == NULL || text == NULL ||
	    address_parse(arena, bytes_of(text), &mailbox) < 0)
		return NULL;
	return address_normal(arena, &mailbox);
}

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
