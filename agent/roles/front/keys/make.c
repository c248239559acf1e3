/* make.c - new keys, and certificates for them
 *
 * The keeper makes and seals the key, a clerk writes its certificate, or a
 * request for one, and has the keeper sign it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define MAKE_ARENA	(256 * 1024)
#define FACTS_ARENA	(1024 * 1024)
#define PEM_MAX		(256 * 1024)
#define MEMORY		"out of memory"

static void file_name_new(struct front *front, struct key_task *task)
{
	task->file = keyring_new(&front->keys->ring, task->path);
}

bool keys_keep(struct front *front, struct key_task *task)
{
	if (keyring_keep(&front->keys->ring, task->file, task->path,
			 task->key) < 0)
		return false;
	(void)close(task->file);
	task->file = -1;
	keys_note(front, task->key);
	return true;
}

/* Puts a key away that has no certificate and never will. */
static void key_undo(struct front *front, struct key_task *task)
{
	keys_note(front, task->key);	/* so that the keeper hears of it */
	(void)keyring_remove(&front->keys->ring, task->key);
	if (child_is_up(front, CHILD_KEEPER))
		keys_sync(front);
}

bool keys_certify(struct front *front, struct key_task *task,
		  const struct value *facts, int fd)
{
	struct memfile file;
	bool kept;

	if (fd < 0 || memfile_open(fd, PEM_MAX, &file) < 0)
		return false;
	kept = keyring_certify(&front->keys->ring, task->key, facts,
			       file.bytes) == 0;
	memfile_close(&file);
	if (kept)
		front_keys_send_own(front);
	return kept;
}

void keys_answer_made(struct front *front, struct key_task *task)
{
	struct arena *arena = arena_new(FACTS_ARENA);
	const struct value *left = task->facts == NULL ? NULL :
		value_find(task->facts, "left", VALUE_NUMBER);
	struct value *report;

	if (arena == NULL) {
		task_fail(front, task, "Failed", MEMORY);
		return;
	}
	report = value_dict(arena);
	value_put_text(arena, report, "fingerprint", task->key);
	(void)keyring_facts(&front->keys->ring, task->key, arena, report);
	value_put_text(arena, report, "folder", front->keys->ring.folder);
	if (left != NULL)
		value_put_number(arena, report, "left", left->number);
	task_answer(front, task, report);
	arena_free(arena);
}

/* --- with the clerk: a certificate, or a request for one */

static void certified(struct front *front, void *ctx,
		      const struct value *report, struct frame *frame,
		      const char *name, const char *sentence)
{
	struct key_task *task = ctx;

	task->clerk = NULL;
	if (report == NULL) {
		key_undo(front, task);
		task_fail(front, task, name, sentence);
	} else if (!keys_certify(front, task, report, frame_take(frame, 0))) {
		key_undo(front, task);
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
	} else {
		keys_answer_made(front, task);
	}
}

static void requested(struct front *front, void *ctx,
		      const struct value *report, struct frame *frame,
		      const char *name, const char *sentence)
{
	struct key_task *task = ctx;
	struct arena *arena;
	struct value *values, *dict;
	int fd;

	task->clerk = NULL;
	if (report == NULL) {
		task_fail(front, task, name, sentence);
		return;
	}
	arena = arena_new(MAKE_ARENA);
	if (arena == NULL) {
		task_fail(front, task, "Failed", MEMORY);
		return;
	}
	values = value_put_list(arena, value_dict(arena), "values");
	dict = value_put_dict(arena, values, NULL);
	value_put_text(arena, dict, "fingerprint", task->key);
	fd = frame_take(frame, 0);
	task_reply(front, task, values, &fd, fd < 0 ? 0 : 1);
	if (fd >= 0)
		(void)close(fd);
	arena_free(arena);
}

/* A clerk who may have that key sign: once, when uses are confirmed. */
static void clerk_sign(struct front *front, struct key_task *task,
		       enum channel_type type,
		       void (*said)(struct front *front, void *ctx,
				    const struct value *report,
				    struct frame *frame, const char *name,
				    const char *sentence))
{
	struct arena *arena = arena_new(MAKE_ARENA);
	struct frame client;
	struct value *payload;
	int ends[2];

	if (arena == NULL || channel_pair(ends) < 0) {
		arena_free(arena);
		task_fail(front, task, "Failed", MEMORY);
		return;
	}
	payload = value_dict(arena);
	value_put_text(arena, payload, "public", task->public);
	value_put_text(arena, payload, "address", task->address);
	value_put_text(arena, payload, "name", task->name);
	value_put_number(arena, payload, "days", task->days);
	memset(&client, 0, sizeof(client));
	client.type = FRAME_CLIENT;
	client.fd_count = 1;
	client.fds[0] = ends[1];
	if (child_is_up(front, CHILD_KEEPER) &&
	    child_tell(front, CHILD_KEEPER, &client) == 0)
		task->clerk = clerk_start(front, type, payload, ends, 1, said,
					  task);
	(void)close(ends[0]);
	(void)close(ends[1]);
	arena_free(arena);
	if (task->clerk == NULL)
		said(front, task, NULL, NULL, "Failed", "The process that "
		     "writes certificates could not be started; try again.");
}

void keys_self_sign(struct front *front, struct key_task *task)
{
	clerk_sign(front, task, FRAME_KEY_CERTIFY, certified);
}

/* --- Generate */

static void generated(struct front *front, struct key_task *task,
		      const struct value *report)
{
	const char *key = value_text(report, "key");
	const char *public = value_text(report, "public");

	if (key == NULL || strlen(key) != KEYRING_NAME - 1 || public == NULL) {
		task_fail(front, task, "Failed", "The keeper's answer could "
			  "not be read; try again.");
		return;
	}
	memcpy(task->key, key, KEYRING_NAME);
	free(task->public);
	task->public = strdup(public);
	if (!keys_keep(front, task))
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
	else
		keys_self_sign(front, task);
}

static void generate_begin(struct front *front, struct key_task *task)
{
	struct arena *arena = arena_new(MAKE_ARENA);
	char words[512];
	struct value *payload;

	file_name_new(front, task);
	if (arena == NULL || task->file < 0) {
		arena_free(arena);
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
		return;
	}
	(void)snprintf(words, sizeof(words), "Choose a passphrase for the new "
		       "key of %.200s.\nWhoever knows it and has the key's "
		       "file can sign in your name.", task->address);
	payload = value_dict(arena);
	value_put_text(arena, payload, "algorithm", task->algorithm);
	task->told = generated;
	task_ask(front, task, FRAME_KEY_GENERATE, arena, payload, words,
		 &task->file, 1);
	arena_free(arena);
}

void keys_on_generate(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	const char *algorithm = value_text(args->options, "algorithm");
	struct front *front = ctx;
	struct key_task *task = task_new(front, call, args);

	if (task == NULL || !keys_wishes_take(front, task, args))
		return;
	task->begin = generate_begin;
	(void)snprintf(task->algorithm, sizeof(task->algorithm), "%s",
		       algorithm == NULL ? "rsa3072" : algorithm);
	if (task->address[0] == '\0') {
		task_fail(front, task, "InvalidOption", "A key is made for an "
			  "address; name it.");
		free(task);		/* it never had its turn */
		return;
	}
	task_queue(front, task);
}

/* --- Request */

static void request_permitted(struct front *front, struct key_task *task)
{
	clerk_sign(front, task, FRAME_KEY_REQUEST, requested);
}

/* Without a word, the new certificate is for whom the old one is. */
static void request_address(struct front *front, struct key_task *task)
{
	struct arena *arena = arena_new(MAKE_ARENA);
	const struct value *addresses;
	const char *name;
	struct value *facts;

	if (arena == NULL)
		return;
	facts = value_dict(arena);
	(void)keyring_facts(&front->keys->ring, task->key, arena, facts);
	addresses = value_find(facts, "addresses", VALUE_LIST);
	name = value_text(facts, "name");
	if (task->address[0] == '\0' && addresses != NULL &&
	    addresses->first != NULL && addresses->first->kind == VALUE_TEXT)
		(void)snprintf(task->address, sizeof(task->address), "%s",
			       addresses->first->text);
	if (task->name[0] == '\0' && name != NULL)
		(void)snprintf(task->name, sizeof(task->name), "%s", name);
	arena_free(arena);
}

void keys_on_request(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct front *front = ctx;
	struct key_task *task;
	char key[KEYRING_NAME];

	if (!keys_meant(front, call, service_args_text(args, 0), key))
		return;
	task = task_new(front, call, args);
	if (task == NULL || !keys_wishes_take(front, task, args))
		return;
	memcpy(task->key, key, sizeof(task->key));
	task->begin = task_permit;
	task->permitted = request_permitted;
	task->usage = 1;		/* KEYS_FOR_SIGNING */
	(void)snprintf(task->purpose, sizeof(task->purpose),
		       "request a certificate");
	request_address(front, task);
	task_queue(front, task);
}
