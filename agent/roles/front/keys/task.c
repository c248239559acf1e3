/* task.c - one thing at a time that needs the keeper and a person */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/config.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/helper.h"

#define TASK_ARENA	65536

static void text_take(char *to, const struct value *options, const char *key)
{
	const char *text = value_text(options, key);

	(void)snprintf(to, TASK_TEXT, "%s", text == NULL ? "" : text);
}

struct key_task *task_new(struct front *front, struct service_call *call,
			  const struct service_args *args)
{
	struct key_task *task = calloc(1, sizeof(*task));

	(void)front;
	if (task == NULL) {
		if (args != NULL)
			service_fail(call, "Failed", "out of memory");
		return NULL;
	}
	task->call = call;
	task->answers = args != NULL;
	task->file = task->source = task->certificate = -1;
	if (args != NULL) {
		text_take(task->tty, args->options, "tty");
		text_take(task->term, args->options, "term");
		text_take(task->display, args->options, "display");
		text_take(task->address, args->options, "address");
		text_take(task->name, args->options, "name");
	}
	return task;
}

static void task_free(struct front *front, struct key_task *task)
{
	helper_stop(front, task->asker);
	helper_stop(front, task->clerk_asker);
	clerk_stop(front, task->clerk);
	if (task->file >= 0) {
		(void)unlink(task->path);	/* it was not kept */
		(void)close(task->file);
	}
	if (task->source >= 0)
		(void)close(task->source);
	if (task->certificate >= 0)
		(void)close(task->certificate);
	free(task->public);
	arena_free(task->arena);
	free(task);
}

/* Begins what has its turn; a task that ends at once makes room for the
 * next. */
static void tasks_run(struct front *front)
{
	struct key_task *task;

	while ((task = front->keys->tasks) != NULL) {
		if (task->begun && !task->ended)
			return;
		if (!task->begun) {
			task->begun = true;
			task->begin(front, task);
			continue;
		}
		front->keys->tasks = task->next;
		task_free(front, task);
	}
}

void task_queue(struct front *front, struct key_task *task)
{
	struct key_task **at = &front->keys->tasks;
	bool idle = *at == NULL;

	while (*at != NULL)
		at = &(*at)->next;
	*at = task;
	if (idle)
		tasks_run(front);
}

/* It is freed when its turn is over, which may be now. */
static void task_end(struct front *front, struct key_task *task)
{
	task->call = NULL;
	task->ended = true;
	if (front->keys->tasks == task && task->begun)
		front->keys->turn.at = 1;	/* from the loop, not from in
						 * here: begin() may run */
}

void task_fail(struct front *front, struct key_task *task, const char *name,
	       const char *sentence)
{
	if (task->done != NULL)
		task->done(front, task->ctx, name, sentence);
	else if (task->answers && task->call != NULL)
		service_fail(task->call, name, sentence);
	task_end(front, task);
}

void task_answer(struct front *front, struct key_task *task,
		 const struct value *report)
{
	if (task->call != NULL)
		service_answer(task->call, report);
	task_end(front, task);
}

void task_reply(struct front *front, struct key_task *task,
		const struct value *values, const int *fds, size_t fd_count)
{
	if (task->done != NULL)
		task->done(front, task->ctx, NULL, NULL);
	else if (task->call != NULL)
		service_reply(task->call, values, fds, fd_count);
	task_end(front, task);
}

static void keeper_told(struct front *front, struct errand *errand,
			const struct value *report, struct frame *frame)
{
	struct key_task *task = errand->ctx;

	(void)frame;
	helper_stop(front, task->asker);
	task->asker = NULL;
	task->told(front, task, report);
}

static void keeper_refused(struct front *front, struct errand *errand,
			   const char *name, const char *sentence)
{
	struct key_task *task = errand->ctx;

	helper_stop(front, task->asker);
	task->asker = NULL;
	if (task->refused != NULL)
		task->refused(front, task, name, sentence);
	else
		task_fail(front, task, name, sentence);
}

static const struct errand_kind ask_kind = { "asked about a key", keeper_told,
					     keeper_refused };

static void task_send(struct front *front, struct key_task *task,
		      enum channel_type type, const struct value *payload,
		      const int *fds, size_t fd_count)
{
	struct errand errand = {
		.kind = &ask_kind, .role = CHILD_KEEPER, .message = -1,
		.ctx = task
	};

	(void)errand_start(front, &errand, type, payload, fds, fd_count);
}

void task_tell(struct front *front, struct key_task *task,
	       enum channel_type type, const struct value *payload)
{
	task_send(front, task, type, payload, NULL, 0);
}

void task_ask(struct front *front, struct key_task *task,
	      enum channel_type type, struct arena *arena,
	      struct value *payload, const char *description, const int *fds,
	      size_t fd_count)
{
	char why[512];
	int all[4];

	all[0] = pinentry_spawn(front, task, &task->asker, why, sizeof(why));
	if (all[0] < 0) {
		task_fail(front, task, "NoPinentry", why);
		return;
	}
	if (fd_count > 0)
		memcpy(all + 1, fds, sizeof(*fds) * fd_count);
	value_put_text(arena, payload, "description", description);
	value_put_text(arena, payload, "tty", task->tty);
	value_put_text(arena, payload, "term", task->term);
	value_put_text(arena, payload, "display", task->display);
	task_send(front, task, type, payload, all, fd_count + 1);
	(void)close(all[0]);
}

void task_label(struct front *front, const char *key, char *room, size_t size)
{
	struct arena *arena = arena_new(TASK_ARENA);
	const struct value *addresses = NULL;
	struct value *facts;

	if (arena != NULL) {
		facts = value_dict(arena);
		(void)keyring_facts(&front->keys->ring, key, arena, facts);
		addresses = value_find(facts, "addresses", VALUE_LIST);
	}
	if (addresses != NULL && addresses->first != NULL &&
	    addresses->first->kind == VALUE_TEXT)
		(void)snprintf(room, size, "the key of %.200s (%.8s)",
			       addresses->first->text, key);
	else
		(void)snprintf(room, size, "the key %.16s", key);
	arena_free(arena);
}

/* --- making a key ready for use */

static void public_take(struct key_task *task, const struct value *report)
{
	const char *public = value_text(report, "public");

	if (public == NULL)
		return;
	free(task->public);
	task->public = strdup(public);
}

static void allowed(struct front *front, struct key_task *task,
		    const struct value *report)
{
	(void)report;
	task->permitted(front, task);
}

static void unlocked(struct front *front, struct key_task *task,
		     const struct value *report)
{
	struct arena *arena;
	struct value *payload;
	char label[256], words[640];

	public_take(task, report);
	if (!front->config->confirm || task->usage == 0) {
		task->permitted(front, task);
		return;
	}
	arena = arena_new(TASK_ARENA);
	if (arena == NULL) {
		task_fail(front, task, "Failed", "out of memory");
		return;
	}
	task_label(front, task->key, label, sizeof(label));
	(void)snprintf(words, sizeof(words), "May mailseal use %s to %s?",
		       label, task->purpose);
	payload = value_dict(arena);
	value_put_text(arena, payload, "key", task->key);
	value_put_number(arena, payload, "usage", task->usage);
	task->told = allowed;
	task_ask(front, task, FRAME_KEY_ALLOW, arena, payload, words, NULL, 0);
	arena_free(arena);
}

/* Nobody has to be asked: the keeper says the rest about the key at once. */
static void unlocked_say(struct front *front, struct key_task *task)
{
	struct arena *arena = arena_new(TASK_ARENA);
	int nobody = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct value *payload;

	if (arena == NULL || nobody < 0) {
		task_fail(front, task, "Failed", "out of memory");
	} else {
		payload = value_dict(arena);
		value_put_text(arena, payload, "key", task->key);
		task_send(front, task, FRAME_KEY_UNLOCK, payload, &nobody, 1);
	}
	if (nobody >= 0)
		(void)close(nobody);
	arena_free(arena);
}

/* What the keeper has: is the key there, and unlocked? */
static void listed(struct front *front, struct key_task *task,
		   const struct value *report)
{
	const struct value *list = value_find(report, "keys", VALUE_LIST);
	const struct value *key, *truth = NULL;
	const char *name, *fault, *sentence = NULL;
	struct arena *arena;
	struct value *payload;
	char label[256], words[640];

	for (key = list == NULL ? NULL : list->first; key != NULL;
	     key = key->next) {
		name = value_text(key, "key");
		if (name != NULL && strcmp(name, task->key) == 0)
			break;
	}
	fault = keys_fault(front, task->key, &sentence);
	if (key == NULL || fault != NULL) {
		task_fail(front, task, fault == NULL ? "UnknownKey" : fault,
			  fault == NULL ? "There is no such key; \"mailseal "
			  "keys list\" names those that there are." :
			  sentence);
		return;
	}
	task->told = unlocked;
	truth = value_find(key, "unlocked", VALUE_TRUTH);
	if (truth != NULL && truth->truth) {
		unlocked_say(front, task);
		return;
	}
	arena = arena_new(TASK_ARENA);
	if (arena == NULL) {
		task_fail(front, task, "Failed", "out of memory");
		return;
	}
	task_label(front, task->key, label, sizeof(label));
	(void)snprintf(words, sizeof(words), "Unlock %s%s%s.", label,
		       task->purpose[0] == '\0' ? "" : " to ", task->purpose);
	payload = value_dict(arena);
	value_put_text(arena, payload, "key", task->key);
	task_ask(front, task, FRAME_KEY_UNLOCK, arena, payload, words, NULL,
		 0);
	arena_free(arena);
}

void task_permit(struct front *front, struct key_task *task)
{
	if (child_need(front, CHILD_KEEPER) == 0)
		keys_sync(front);
	task->told = listed;
	task_tell(front, task, FRAME_KEY_LIST, NULL);
}

void front_keys_turn(struct front *front, void *ctx)
{
	(void)ctx;
	tasks_run(front);
}
