/* wishes.c - what a new certificate shall say
 *
 * Judged before anybody is asked for a passphrase. */
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
#define NO_ADDRESS	"That is no mail address; write it as " \
			"alice@example.org."
#define LONG_NAME	"The name is longer than 64 characters; say a " \
			"shorter one with \"--name\"."

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
	struct mailbox mailbox;
	bool is = arena != NULL &&
		  address_parse(arena, bytes_of(text), &mailbox) == 0 &&
		  address_normal(arena, &mailbox) != NULL;

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
