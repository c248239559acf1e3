/* submission.c - from a call to a file in the queue
 *
 * The sender prepares the mail and writes the queue's file, which the front
 * opened for it; once the file is on the disk and in its place, the mail is
 * accepted, and tried. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/keys/protocol.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/outgoing/submission.h"
#include "agent/roles/front/seal.h"

#define OPTIONS_ARENA	(256 * 1024)
#define READ_ARENA	(64 * 1024 * 1024)
#define PREPARE_MS	400000	/* a person may have to unlock a key */

struct submission *submission_new(struct queue *queue,
				  struct service_call *call)
{
	struct submission *submission = calloc(1, sizeof(*submission));

	if (submission == NULL)
		return NULL;
	submission->arena = arena_new(OPTIONS_ARENA);
	if (submission->arena == NULL) {
		free(submission);
		return NULL;
	}
	submission->queue = queue;
	submission->call = call;
	submission->message = submission->recipients = submission->file = -1;
	submission->order = queue->next_order++;
	submission->created = clock_wall();
	buf_init(&submission->receipt, QUEUE_RECEIPT_MAX);
	submission->next = queue->submissions;
	queue->submissions = submission;
	return submission;
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void submission_free(struct submission *submission)
{
	struct submission **at = &submission->queue->submissions;

	while (*at != NULL && *at != submission)
		at = &(*at)->next;
	if (*at != NULL)
		*at = submission->next;
	fd_close(&submission->message);
	fd_close(&submission->recipients);
	fd_close(&submission->file);
	buf_free(&submission->receipt);
	arena_free(submission->arena);
	arena_free(submission->file_arena);
	free(submission->fault);
	free(submission->sentence);
	free(submission);
}

void submission_fail(struct submission *submission, const char *name,
		     const char *sentence)
{
	if (submission->call != NULL)
		service_fail(submission->call, name, sentence);
	submission->call = NULL;
	submission_free(submission);
}

/* --- not to be queued after all */

static void unmake_work(void *ctx)
{
	struct submission *submission = ctx;

	(void)queue_folder_remove(&submission->queue->folder, submission->id,
				  QUEUE_NEW);
}

static void unmake_done(struct front *front, void *ctx)
{
	struct submission *submission = ctx;
	bool known = submission->fault != NULL && submission->sentence != NULL;

	(void)front;
	/* Stopping, the bus is gone already. */
	if (submission->queue->stopping)
		submission->call = NULL;
	submission_fail(submission, known ? submission->fault : "Failed",
			known ? submission->sentence : "out of memory");
}

/* Nothing of it is left when the caller hears why. */
static void submission_unmake(struct submission *submission, const char *name,
			      const char *sentence)
{
	if (name != NULL) {
		submission->fault = strdup(name);
		submission->sentence = strdup(sentence);
	}
	disk_do(submission->queue->disk, unmake_work, unmake_done,
		submission);
}

/* --- prepared: into its place, and tried */

static void prepare(struct front *front, struct submission *submission);

static void keep_work(void *ctx)
{
	struct submission *submission = ctx;

	submission->file_arena = arena_new(READ_ARENA);
	submission->r = submission->file_arena == NULL ? ERR_MEMORY :
		queue_file_read(submission->file_arena, submission->file,
				&submission->read);
	if (submission->r == 0 &&
	    strcmp(submission->read.job.id, submission->id) != 0)
		submission->r = ERR_PROTOCOL;
	if (submission->r == 0)
		submission->r = queue_folder_move(&submission->queue->folder,
						  submission->id, QUEUE_NEW,
						  QUEUE_JOBS);
	submission->error = errno;
}

static void keep_done(struct front *front, void *ctx)
{
	struct submission *submission = ctx;
	struct queue *queue = submission->queue;
	struct queued *mail = NULL;
	char sentence[300];

	(void)front;
	if (queue->stopping) {
		submission_free(submission);	/* the next life finds it */
		return;
	}
	if (submission->r < 0) {
		(void)snprintf(sentence, sizeof(sentence), "The mail could "
			       "not be put into the queue: %s.",
			       submission->r == ERR_IO ?
			       strerror(submission->error) :
			       err_sentence(submission->r));
		submission_unmake(submission, "Storage", sentence);
		return;
	}
	mail = queue_add(queue, submission->id, submission->read.job.account,
			 submission->read.job.order);
	if (mail == NULL || mail->line == NULL) {
		/* On the disk it is: the next life sends it. */
		submission_fail(submission, "Failed", "out of memory");
		return;
	}
	mail->chosen = submission->chosen;
	mail->created = submission->read.job.created;
	mail->arena = submission->file_arena;
	submission->file_arena = NULL;
	mail->facts = receipt_make(mail->arena, &submission->read, NULL);
	memcpy(mail->tty, submission->tty, sizeof(mail->tty));
	memcpy(mail->display, submission->display, sizeof(mail->display));
	if (submission->call != NULL)
		(void)receipt_await(mail, submission->call, QUEUE_WISH_SEND,
				    submission->wait);
	submission->call = NULL;
	submission_free(submission);
	queue_line_kick(mail->line);
	queue_run(queue);
}

static void permitted(struct front *front, void *ctx, const char *name,
		      const char *sentence)
{
	struct submission *submission = ctx;

	if (name != NULL || submission->call == NULL)
		submission_unmake(submission, name, sentence);
	else
		prepare(front, submission);
}

/* The key that is to sign is locked: a person is asked, and it is prepared
 * once more. */
static void permit(struct front *front, struct submission *submission,
		   const char *key)
{
	const struct keys_wish wish = {
		key, KEYS_FOR_SIGNING, "sign a message",
		value_text(submission->payload, "tty"), NULL,
		value_text(submission->payload, "display")
	};

	front_keys_permit(front, &wish, submission->call, permitted,
			  submission);
}

static void prepare_done(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	struct submission *submission = errand->ctx;
	const char *locked = value_text(report, "locked_key");

	(void)frame;
	if (locked != NULL && submission->call != NULL) {
		if (submission->tries < SEAL_TRIES)
			permit(front, submission, locked);
		else
			submission_unmake(submission, "Locked", "The key is "
					  "locked again and again; nothing was "
					  "sent.");
		return;
	}
	/* Whoever left was told nothing: nothing was accepted. */
	if (submission->call == NULL)
		submission_unmake(submission, NULL, NULL);
	else
		disk_do(submission->queue->disk, keep_work, keep_done,
			submission);
}

static void prepare_failed(struct front *front, struct errand *errand,
			   const char *name, const char *sentence)
{
	(void)front;
	submission_unmake(errand->ctx, name, sentence);
}

static const struct errand_kind prepare_kind = {
	"prepared a mail", prepare_done, prepare_failed
};

/* --- a file for it */

static void make_work(void *ctx)
{
	struct submission *submission = ctx;

	submission->r = 0;
	if (submission->chosen) {
		submission->r = queue_receipt_read(&submission->queue->folder,
						   submission->id,
						   &submission->receipt);
		/* Whether it was sent is known, or nothing is. */
		submission->repeated = submission->r != ERR_IO ||
				       errno != ENOENT;
		if (submission->repeated)
			return;
		submission->r = 0;
	}
	submission->file = queue_folder_make(&submission->queue->folder,
					     submission->id);
	submission->error = errno;
	if (submission->file < 0)
		submission->r = ERR_IO;
}

/* It was submitted before, and this is what became of it. */
static void answer_again(struct submission *submission)
{
	struct arena *arena = arena_new(OPTIONS_ARENA * 4);
	struct value *value;

	if (submission->r == 0 && arena != NULL &&
	    value_decode(arena, buf_bytes(&submission->receipt),
			 &value) == 0) {
		service_answer(submission->call, value);
		submission->call = NULL;
	}
	arena_free(arena);
	submission_fail(submission, "Failed", "The receipt of this id cannot "
			"be read; use another id.");
}

/* What does not fit into memory while it is sealed needs a file. */
static bool is_large(const struct submission *submission)
{
	struct stat about;

	return fstat(submission->message, &about) == 0 &&
	       about.st_size > SPOOL_MEMORY / 4;
}

static void prepare(struct front *front, struct submission *submission)
{
	struct errand errand = {
		.kind = &prepare_kind, .role = CHILD_SENDER,
		.deadline = clock_now_ms() + PREPARE_MS, .message = -1,
		.ctx = submission
	};
	int fds[4] = { submission->message, submission->recipients,
		       submission->file, -1 };

	submission->tries++;
	if (is_large(submission))
		fds[3] = seal_file_new();
	(void)errand_start(front, &errand, FRAME_PREPARE, submission->payload,
			   fds, fds[3] < 0 ? 3 : 4);
	fd_close(&fds[3]);
}

static void make_done(struct front *front, void *ctx)
{
	struct submission *submission = ctx;
	char sentence[300];

	/* Stopping, the bus is gone already. */
	if (submission->queue->stopping)
		submission->call = NULL;
	if (submission->call == NULL) {
		submission_unmake(submission, NULL, NULL);
		return;
	}
	if (submission->repeated) {
		answer_again(submission);
		return;
	}
	if (submission->r < 0) {
		(void)snprintf(sentence, sizeof(sentence), "The queue's "
			       "folder cannot be written to: %s.",
			       strerror(submission->error));
		submission_fail(submission, "Storage", sentence);
		return;
	}
	prepare(front, submission);
}

void submission_begin(struct submission *submission)
{
	disk_do(submission->queue->disk, make_work, make_done, submission);
}
