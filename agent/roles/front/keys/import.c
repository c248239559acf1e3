/* import.c - keys and certificates out of files from elsewhere
 *
 * A clerk reads the file, which may be made to do harm, and hands the private
 * key to the keeper by a socket of their own; the keeper asks for a new
 * passphrase and seals it.  Both answer here, in any order, and only when both
 * are well do the files get their names. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define IMPORT_ARENA	(256 * 1024)
#define FACTS_ARENA	(1024 * 1024)
#define NTH_MAX		64
#define NOT_OURS	"The file holds a certificate, but no private key; " \
			"and none of your keys is the certificate's."

/* A certificate alone: of a key that is here already? */
static void only_certificate(struct front *front, struct key_task *task)
{
	const char *key = value_text(task->facts, "key");
	enum keyring_fault fault;
	int fd;

	if (key == NULL || strlen(key) != KEYRING_NAME - 1) {
		task_fail(front, task, "NoKey", NOT_OURS);
		return;
	}
	memcpy(task->key, key, KEYRING_NAME);
	fd = keyring_key(&front->keys->ring, key, &fault);
	if (fd >= 0)
		(void)close(fd);
	if (fault == KEYRING_MISSING) {
		task_fail(front, task, "NoKey", NOT_OURS);
		return;
	}
	fd = task->certificate;
	task->certificate = -1;
	if (keys_certify(front, task, task->facts, fd))
		keys_answer_made(front, task);
	else
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
}

static void join(struct front *front, struct key_task *task)
{
	int fd;

	if (!task->keeper_done || !task->clerk_done)
		return;
	if (task->clerk_error[0] != '\0') {
		task_fail(front, task, task->clerk_error,
			  task->clerk_sentence);
	} else if (strcmp(task->keeper_error, "NoKey") == 0 &&
		   task->certificate >= 0) {
		only_certificate(front, task);
	} else if (task->keeper_error[0] != '\0') {
		task_fail(front, task, task->keeper_error,
			  task->keeper_sentence);
	} else if (!keys_keep(front, task)) {
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
	} else if (task->certificate >= 0) {
		fd = task->certificate;
		task->certificate = -1;
		if (keys_certify(front, task, task->facts, fd))
			keys_answer_made(front, task);
		else
			task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
	} else if (task->address[0] != '\0') {
		keys_self_sign(front, task);
	} else {
		keys_answer_made(front, task);
	}
}

static void keeper_told(struct front *front, struct key_task *task,
			const struct value *report)
{
	const char *key = value_text(report, "key");
	const char *public = value_text(report, "public");

	task->keeper_done = true;
	if (key == NULL || strlen(key) != KEYRING_NAME - 1 || public == NULL) {
		(void)snprintf(task->keeper_error, sizeof(task->keeper_error),
			       "Failed");
		(void)snprintf(task->keeper_sentence,
			       sizeof(task->keeper_sentence), "The keeper's "
			       "answer could not be read; try again.");
	} else {
		memcpy(task->key, key, KEYRING_NAME);
		free(task->public);
		task->public = strdup(public);
	}
	join(front, task);
}

static void keeper_refused(struct front *front, struct key_task *task,
			   const char *name, const char *sentence)
{
	task->keeper_done = true;
	(void)snprintf(task->keeper_error, sizeof(task->keeper_error), "%s",
		       name);
	(void)snprintf(task->keeper_sentence, sizeof(task->keeper_sentence),
		       "%s", sentence);
	join(front, task);
}

/* Into an arena of the task's own. */
static void facts_keep(struct key_task *task, const struct value *report)
{
	struct value *copy = NULL;
	struct buf wire;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	task->arena = arena_new(FACTS_ARENA);
	if (task->arena != NULL && value_encode(report, &wire) == 0 &&
	    value_decode(task->arena, buf_bytes(&wire), &copy) == 0)
		task->facts = copy;
	buf_free(&wire);
}

static void clerk_said(struct front *front, void *ctx,
		       const struct value *report, struct frame *frame,
		       const char *name, const char *sentence)
{
	struct key_task *task = ctx;

	task->clerk = NULL;
	task->clerk_done = true;
	if (report == NULL) {
		(void)snprintf(task->clerk_error, sizeof(task->clerk_error),
			       "%s", name);
		(void)snprintf(task->clerk_sentence,
			       sizeof(task->clerk_sentence), "%s", sentence);
	} else {
		facts_keep(task, report);
		task->certificate = frame_take(frame, 0);
	}
	join(front, task);
}

/* The clerk, with the file, a pinentry of its own and its end of the socket
 * to the keeper.  NULL; or the name of an error, its sentence in `why`. */
static const char *clerk_begin(struct front *front, struct key_task *task,
			       int to_keeper, char *why, size_t size)
{
	struct arena *arena = arena_new(IMPORT_ARENA);
	struct value *payload;
	int fds[3];

	(void)snprintf(why, size, "The process that reads such files could "
		       "not be started; try again.");
	if (arena == NULL)
		return "Failed";
	fds[0] = task->source;
	fds[1] = pinentry_spawn(front, task, &task->clerk_asker, why, size);
	fds[2] = to_keeper;
	if (fds[1] >= 0) {
		payload = value_dict(arena);
		value_put_text(arena, payload, "tty", task->tty);
		value_put_text(arena, payload, "term", task->term);
		value_put_text(arena, payload, "display", task->display);
		value_put_number(arena, payload, "nth", task->nth);
		task->clerk = clerk_start(front, FRAME_KEY_IMPORT, payload,
					  fds, 3, clerk_said, task);
		(void)close(fds[1]);
	}
	arena_free(arena);
	if (task->clerk != NULL)
		return NULL;
	return fds[1] < 0 ? "NoPinentry" : "Failed";
}

static void import_begin(struct front *front, struct key_task *task)
{
	struct arena *arena = arena_new(IMPORT_ARENA);
	const char *error;
	char why[512];
	int ends[2], fds[2];

	task->file = keyring_new(&front->keys->ring, task->path);
	if (arena == NULL || task->file < 0 || channel_pair(ends) < 0) {
		arena_free(arena);
		task_fail(front, task, "Failed", KEYS_NOT_WRITTEN);
		return;
	}
	error = clerk_begin(front, task, ends[0], why, sizeof(why));
	if (error == NULL) {
		fds[0] = task->file;
		fds[1] = ends[1];
		task->told = keeper_told;
		task->refused = keeper_refused;
		task_ask(front, task, FRAME_KEY_ADOPT, arena,
			 value_dict(arena), "Choose a passphrase under which "
			 "mailseal keeps the imported key.", fds, 2);
	} else {
		task_fail(front, task, error, why);
	}
	(void)close(ends[0]);
	(void)close(ends[1]);
	arena_free(arena);
}

void keys_on_import(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	const struct value *nth = value_find(args->options, "key",
					     VALUE_NUMBER);
	struct front *front = ctx;
	struct key_task *task = task_new(front, call, args);

	if (task == NULL || !keys_wishes_take(front, task, args))
		return;
	task->nth = nth == NULL ? 1 : nth->number;
	if (task->nth < 1 || task->nth > NTH_MAX) {
		task_fail(front, task, "InvalidOption", "key is the number of "
			  "a private key in the file, from 1 to 64.");
		free(task);		/* it never had its turn */
		return;
	}
	task->source = service_args_take(args, 0);
	task->begin = import_begin;
	task_queue(front, task);
}
