/* keys.c - org.mailseal.Keys1: list, unlock, lock, remove; permits */
#include "agent/roles/front/keys/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/login.h"
#include "agent/bus/service.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/helper.h"

#define KEYS_INTERFACE	"org.mailseal.Keys1"
#define LIST_ARENA	(1024 * 1024)

int front_keys_open(struct front *front)
{
	front->keys = calloc(1, sizeof(*front->keys));
	if (front->keys == NULL)
		return ERR_MEMORY;
	if (keyring_open(&front->keys->ring) < 0)
		log_line(LOG_LEVEL_WARNING, "there is no place for keys: set "
			 "HOME or XDG_DATA_HOME to a folder of yours");
	front->keys->turn.due = front_keys_turn;
	front_timer(front, &front->keys->turn);
	return 0;
}

void front_keys_free(struct front *front)
{
	struct key_task *task;

	if (front->keys == NULL)
		return;
	/* Calls that nobody answered the bus answers when it goes. */
	for (task = front->keys->tasks; task != NULL; task = task->next) {
		task->call = NULL;
		task->begun = task->ended = true;
	}
	front_keys_turn(front, NULL);
	front_timer_drop(front, &front->keys->turn);
	front_login_close(front);
	keys_forget(front);
	free(front->keys);
	front->keys = NULL;
}

void front_keys_call_gone(struct front *front, struct service_call *call)
{
	struct key_task *task;

	for (task = front->keys == NULL ? NULL : front->keys->tasks;
	     task != NULL; task = task->next) {
		if (task->call != call || call == NULL)
			continue;
		/* A pinentry that ends ends the question. */
		task->call = NULL;
		helper_stop(front, task->asker);
		helper_stop(front, task->clerk_asker);
		task->asker = task->clerk_asker = NULL;
		return;
	}
}

/* --- List */

static void key_describe(struct front *front, struct arena *arena,
			 struct value *list, const char *name,
			 const struct value *of_keeper)
{
	struct value *dict = value_put_dict(arena, list, NULL);
	const struct value *member;
	const char *fault, *sentence = NULL;
	bool unlocked = false;

	value_put_text(arena, dict, "fingerprint", name);
	(void)keyring_facts(&front->keys->ring, name, arena, dict);
	for (member = of_keeper == NULL ? NULL : of_keeper->first;
	     member != NULL; member = member->next) {
		if (member->kind == VALUE_TRUTH)
			unlocked = member->truth;
		if (member->kind == VALUE_NUMBER &&
		    strcmp(member->key, "usage") != 0 &&
		    (member->number != 0 ||
		     strcmp(member->key, "last_use") != 0))
			value_put_number(arena, dict, member->key,
					 member->number);
	}
	value_put_truth(arena, dict, "unlocked", unlocked);
	fault = keys_fault(front, name, &sentence);
	if (fault != NULL) {
		value_put_text(arena, dict, "problem", fault);
		value_put_text(arena, dict, "problem_text", sentence);
	}
}

static const struct value *of_keeper(const struct value *report,
				     const char *name)
{
	const struct value *list = value_find(report, "keys", VALUE_LIST);
	const struct value *key = list == NULL ? NULL : list->first;
	const char *its_name;

	for (; key != NULL; key = key->next) {
		its_name = value_text(key, "key");
		if (its_name != NULL && strcmp(its_name, name) == 0)
			return key;
	}
	return NULL;
}

static void list_answer(struct front *front, struct service_call *call,
			const struct value *report)
{
	char names[KEYRING_MAX][KEYRING_NAME];
	size_t count = keyring_names(&front->keys->ring, names), i;
	struct arena *arena = arena_new(LIST_ARENA);
	struct value *list;

	if (call == NULL || arena == NULL)
		goto out;
	list = value_put_list(arena, value_dict(arena), "keys");
	for (i = 0; i < count; i++)
		key_describe(front, arena, list, names[i],
			     of_keeper(report, names[i]));
	if (list == NULL)
		service_fail(call, "Failed", "out of memory");
	else
		service_answer(call, list);
out:
	arena_free(arena);
}

static void list_told(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame)
{
	(void)frame;
	list_answer(front, errand->call, report);
}

static const struct errand_kind list_kind = { "listed the keys", list_told,
					      NULL };

/* A keeper that does not run has nothing unlocked; it is not started for
 * this. */
static void on_list(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	struct front *front = ctx;
	struct errand errand = {
		.kind = &list_kind, .role = CHILD_KEEPER, .call = call,
		.message = -1
	};
	char names[KEYRING_MAX][KEYRING_NAME];

	(void)args;
	if (child_is_up(front, CHILD_KEEPER) ||
	    (keyring_names(&front->keys->ring, names) > 0 &&
	     child_need(front, CHILD_KEEPER) == 0)) {
		keys_sync(front);
		(void)errand_start(front, &errand, FRAME_KEY_LIST, NULL, NULL,
				   0);
	} else {
		list_answer(front, call, NULL);
	}
}

/* --- Unlock, Lock, Remove */

static void unlock_permitted(struct front *front, struct key_task *task)
{
	task_reply(front, task, NULL, NULL, 0);
}

static void on_unlock(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct front *front = ctx;
	char name[KEYRING_NAME];
	struct key_task *task;

	if (!keys_meant(front, call, service_args_text(args, 0), name))
		return;
	task = task_new(front, call, args);
	if (task == NULL)
		return;
	memcpy(task->key, name, sizeof(task->key));
	task->begin = task_permit;
	task->permitted = unlock_permitted;	/* of no use: no question */
	task_queue(front, task);
}

static void lock_told(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame)
{
	(void)report;
	(void)frame;
	if (front->keys != NULL)
		login_go_to_sleep(front->keys->login);
	if (errand->call != NULL)
		service_reply(errand->call, NULL, NULL, 0);
}

static const struct errand_kind lock_kind = { "locked the keys", lock_told,
					      NULL };

static void on_lock(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	struct front *front = ctx;
	struct errand errand = {
		.kind = &lock_kind, .role = CHILD_KEEPER, .call = call,
		.message = -1
	};

	(void)args;
	if (child_is_up(front, CHILD_KEEPER))
		(void)errand_start(front, &errand, FRAME_KEY_LOCK, NULL, NULL,
				   0);
	else
		service_reply(call, NULL, NULL, 0);
}

void front_keys_lock(struct front *front)
{
	struct errand errand = {
		.kind = &lock_kind, .role = CHILD_KEEPER, .message = -1
	};

	if (child_is_up(front, CHILD_KEEPER))
		(void)errand_start(front, &errand, FRAME_KEY_LOCK, NULL, NULL,
				   0);
}

static void on_remove(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct front *front = ctx;
	char name[KEYRING_NAME];

	if (service_args_text(args, 0)[0] == '\0') {
		service_fail(call, "UnknownKey", "Name the key to remove; "
			     "\"mailseal keys list\" shows them.");
		return;
	}
	if (!keys_meant(front, call, service_args_text(args, 0), name))
		return;
	if (!keyring_remove(&front->keys->ring, name)) {
		service_fail(call, "Failed", "The key's file could not be "
			     "removed; see to the folder's permissions.");
		return;
	}
	if (child_is_up(front, CHILD_KEEPER))
		keys_sync(front);
	front_keys_send_own(front);
	service_reply(call, NULL, NULL, 0);
}

/* --- for requests of other kinds */

static void permit_permitted(struct front *front, struct key_task *task)
{
	task_reply(front, task, NULL, NULL, 0);
}

void front_keys_permit(struct front *front, const struct keys_wish *wish,
		       struct service_call *call,
		       void (*done)(struct front *front, void *ctx,
				    const char *name, const char *sentence),
		       void *ctx)
{
	struct key_task *task = task_new(front, call, NULL);

	if (task == NULL) {
		done(front, ctx, "Failed", "out of memory");
		return;
	}
	(void)snprintf(task->key, sizeof(task->key), "%s", wish->key);
	(void)snprintf(task->purpose, sizeof(task->purpose), "%s",
		       wish->purpose);
	(void)snprintf(task->tty, sizeof(task->tty), "%s",
		       wish->tty == NULL ? "" : wish->tty);
	(void)snprintf(task->term, sizeof(task->term), "%s",
		       wish->term == NULL ? "" : wish->term);
	(void)snprintf(task->display, sizeof(task->display), "%s",
		       wish->display == NULL ? "" : wish->display);
	task->usage = wish->usage;
	task->begin = task_permit;
	task->permitted = permit_permitted;
	task->done = done;
	task->ctx = ctx;
	task_queue(front, task);
}

static const struct service_option ask_options[] = {
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { NULL, VALUE_TEXT }
};
static const struct service_option make_options[] = {
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { "address", VALUE_TEXT },
	{ "name", VALUE_TEXT }, { "algorithm", VALUE_TEXT },
	{ "days", VALUE_NUMBER }, { NULL, VALUE_TEXT }
};

static const struct service_option import_options[] = {
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { "address", VALUE_TEXT },
	{ "name", VALUE_TEXT }, { "key", VALUE_NUMBER }, { NULL, VALUE_TEXT }
};

const struct service_method front_keys_methods[] = {
	{ KEYS_INTERFACE, "List", NULL, on_list },
	{ KEYS_INTERFACE, "Unlock", ask_options, on_unlock },
	{ KEYS_INTERFACE, "Lock", NULL, on_lock },
	{ KEYS_INTERFACE, "Remove", NULL, on_remove },
	{ KEYS_INTERFACE, "Generate", make_options, keys_on_generate },
	{ KEYS_INTERFACE, "Import", import_options, keys_on_import },
	{ KEYS_INTERFACE, "Request", make_options, keys_on_request },
	{ NULL, NULL, NULL, NULL }
};
