/* status.c - the agent's properties */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/config.h"
#include "agent/base/value.h"
#include "agent/flow/check.h"
#include "agent/flow/server.h"
#include "agent/roles/front/front.h"
#include "agent/verdict/verdict.h"

static bool has(const struct value *list, const char *name)
{
	const struct value *member;

	for (member = list->first; member != NULL; member = member->next)
		if (strcmp(member->text, name) == 0)
			return true;
	return false;
}

static void put_once(struct arena *arena, struct value *list,
		     const char *name)
{
	if (list != NULL && !has(list, name))
		value_put_text(arena, list, NULL, name);
}

static void put_all(struct arena *arena, struct value *list,
		    const char *const *names)
{
	for (; *names != NULL; names++)
		put_once(arena, list, *names);
}

/* Those of all methods. */
static void put_options(struct arena *arena, struct value *list)
{
	const struct service_method *const *table, *method;
	const struct service_option *option;

	for (table = front_methods; *table != NULL; table++)
		for (method = *table; method->name != NULL; method++)
			for (option = method->options;
			     option != NULL && option->name != NULL; option++)
				put_once(arena, list, option->name);
}

static void put_features(struct arena *arena, struct value *into)
{
	struct value *list = value_put_list(arena, into, "Features");

	put_all(arena, list, check_option_names);
	put_all(arena, list, server_option_names);
	put_options(arena, list);
	put_all(arena, list, verdict_codes());
}

static void put_roles(struct front *front, struct arena *arena,
		      struct value *into)
{
	struct value *dict = value_put_dict(arena, into, "Roles");
	int kind;

	value_put_text(arena, dict, "front", "running");
	for (kind = 0; kind < CHILD_KINDS; kind++)
		value_put_text(arena, dict, child_name((enum child_kind)kind),
			       child_state(front, (enum child_kind)kind));
}

static void put_copy(struct arena *arena, struct value *into, const char *key,
		     const struct value *from)
{
	struct value *dict = value_put_dict(arena, into, key);
	struct value *list;
	const struct value *member, *inner;

	if (from == NULL)
		return;
	for (member = from->first; member != NULL; member = member->next) {
		if (member->kind == VALUE_TEXT)
			value_put_text(arena, dict, member->key, member->text);
		else if (member->kind == VALUE_NUMBER)
			value_put_number(arena, dict, member->key,
					 member->number);
		else if (member->kind == VALUE_TRUTH)
			value_put_truth(arena, dict, member->key,
					member->truth);
		if (member->kind != VALUE_LIST)
			continue;
		list = value_put_list(arena, dict, member->key);
		for (inner = member->first; inner != NULL; inner = inner->next)
			value_put_text(arena, list, NULL, inner->text);
	}
}

static void put_sandbox(struct front *front, struct arena *arena,
			struct value *into)
{
	struct value *dict = value_put_dict(arena, into, "Sandbox");
	int kind;

	for (kind = 0; kind < CHILD_KINDS; kind++)
		if (front->children[kind].cage != NULL)
			put_copy(arena, dict, child_name((enum child_kind)kind),
				 front->children[kind].cage);
}

bool front_property(void *ctx, struct arena *arena, const char *name,
		    struct value *into)
{
	struct front *front = ctx;

	if (strcmp(name, "Version") == 0)
		value_put_text(arena, into, "Version", MAILSEAL_VERSION);
	else if (strcmp(name, "Features") == 0)
		put_features(arena, into);
	else if (strcmp(name, "Roles") == 0)
		put_roles(front, arena, into);
	else if (strcmp(name, "Sandbox") == 0)
		put_sandbox(front, arena, into);
	else if (strcmp(name, "Resolver") == 0)
		put_copy(arena, into, "Resolver", front->state);
	else if (strcmp(name, "Folders") == 0)
		arrivals_describe(front, arena, into);
	else if (strcmp(name, "Contacts") == 0)
		books_describe(front, arena, into);
	else if (strcmp(name, "Authorities") == 0)
		authorities_describe(front, arena, into);
	else if (strcmp(name, "Store") == 0)
		memory_describe(front, arena, into);
	else
		return false;
	return true;
}
