/* known.c - Keys1.Known: whom mail can be encrypted to, by what is at hand
 *
 * The user's own addresses, and those whose certificates the store keeps;
 * nobody is asked. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/mail/address.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/store/certificate.h"

#define CALL_ARENA	(8 * 1024 * 1024)
#define KNOWN_MAX	10000	/* addresses of one answer */
#define OPENS		"open"	/* among the usages of a key */

/* Whether it is among the first ones of the list. */
static bool stands(const struct value *list, size_t count,
		   const char *address)
{
	const struct value *one;

	for (one = list->first; one != NULL && count > 0; one = one->next)
		if (count-- > 0 &&
		    address_same(value_text(one, "address"), address))
			return true;
	return false;
}

static void put(struct arena *arena, struct value *list, const char *address)
{
	struct value *dict = value_put_dict(arena, list, NULL);

	value_put_text(arena, dict, "address", address);
	value_put_text(arena, dict, "scheme", "smime");
}

static bool has_text(const struct value *dict, const char *key,
		     const char *text)
{
	const struct value *list = value_find(dict, key, VALUE_LIST), *one;

	for (one = list == NULL ? NULL : list->first; one != NULL;
	     one = one->next)
		if (one->kind == VALUE_TEXT && strcmp(one->text, text) == 0)
			return true;
	return false;
}

/* Of keys whose certificates are valid, and for encrypting. */
static void put_own(struct front *front, struct arena *arena,
		    struct value *list)
{
	char names[KEYRING_MAX][KEYRING_NAME];
	size_t count = keyring_names(&front->keys->ring, names), i;
	const struct value *addresses, *one;
	int64_t now = clock_wall();
	struct value *dict;

	for (i = 0; i < count; i++) {
		dict = value_dict(arena);
		if (dict == NULL ||
		    !keyring_facts(&front->keys->ring, names[i], arena,
				   dict) ||
		    value_number(dict, "until") < now ||
		    value_number(dict, "from") > now ||
		    !has_text(dict, "usage", OPENS))
			continue;
		addresses = value_find(dict, "addresses", VALUE_LIST);
		for (one = addresses == NULL ? NULL : addresses->first;
		     one != NULL; one = one->next)
			if (one->kind == VALUE_TEXT &&
			    !stands(list, list->count, one->text))
				put(arena, list, one->text);
	}
}

void keys_on_known(void *ctx, struct service_call *call,
		   struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	const char **addresses = arena == NULL ? NULL :
		arena_array(arena, KNOWN_MAX, sizeof(*addresses));
	struct value *list = NULL;
	size_t own = 0;
	int count = 0, i;

	(void)args;
	if (addresses != NULL)
		list = value_put_list(arena, value_dict(arena), "known");
	if (list != NULL) {
		put_own(front, arena, list);
		own = list->count;
	}
	if (list != NULL && front->store != NULL)
		count = certificate_addresses(front->store, arena, addresses,
					      KNOWN_MAX);
	for (i = 0; i < count && list->count < KNOWN_MAX; i++)
		if (!stands(list, own, addresses[i]))
			put(arena, list, addresses[i]);
	if (list == NULL || count < 0)
		service_fail(call, "Failed", KEYS_UNREADABLE);
	else
		service_answer(call, list);
	arena_free(arena);
}
