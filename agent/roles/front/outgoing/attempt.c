/* attempt.c - one mail's attempt: recorded, handed over, judged
 *
 * The file is opened, locked and marked before the hand-over; the sender
 * records every answer in it; afterwards it is read again, and what it says
 * decides.  A lock that somebody holds is a sender of an earlier life that
 * still finishes: it is waited for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/desk/queue_file.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/outgoing/queue.h"

#define READ_ARENA	(64 * 1024 * 1024)
#define FRAME_ARENA	(64 * 1024)
#define LOCKED_MS	1000	/* until a locked file is looked at again */
#define DISK_MS		30000	/* until a disk that says no is tried again */
#define DOWN_MS		10000	/* the sender cannot be started */

/* What goes to a disk thread and back. */
struct attempt {
	struct queue *queue;
	struct queued *mail;
	char id[QUEUE_ID_MAX + 1];
	struct buf records;		/* to be added first */
	int fd;				/* open for the sender; -1 */
	int r, error;			/* of it; errno */
	struct arena *arena;
	struct queue_file file;
	enum queue_cause cause;
	bool look;			/* no attempt: what became of one */
	enum settle_pause pause;
	char why[QUEUE_WHY_MAX];
	struct value *reached;		/* in the arena; NULL */
};

static struct attempt *attempt_new(struct queue *queue, struct queued *mail)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	if (attempt == NULL)
		return NULL;
	attempt->queue = queue;
	attempt->mail = mail;
	(void)snprintf(attempt->id, sizeof(attempt->id), "%s", mail->id);
	buf_init(&attempt->records, 64 * 1024);
	attempt->fd = -1;
	return attempt;
}

static void attempt_free(struct attempt *attempt)
{
	if (attempt->fd >= 0)
		(void)close(attempt->fd);
	buf_free(&attempt->records);
	arena_free(attempt->arena);
	free(attempt);
}

static void wait_again(struct queue *queue, struct queued *mail, int ms)
{
	queue_let_go(mail);
	mail->phase = QUEUE_WAITING;
	mail->due = clock_now_ms() + ms;
	queue_run(queue);
}

/* --- looking at the file */

static void read_work(void *ctx)
{
	struct attempt *attempt = ctx;
	int fd = queue_folder_file(&attempt->queue->folder, attempt->id,
				   QUEUE_JOBS);

	attempt->r = fd < 0 ? ERR_IO : 0;
	if (attempt->r == 0 && attempt->look)
		attempt->r = queue_file_lock(fd);
	if (attempt->r == 0 && attempt->records.len > 0)
		(void)queue_log_add(fd, &attempt->records, QUEUE_ON_DISK);
	if (attempt->r == 0)
		attempt->r = queue_file_read(attempt->arena, fd,
					     &attempt->file);
	attempt->error = errno;
	if (fd >= 0)
		(void)close(fd);
	/* Whatever may have been taken is not sent again at once. */
	if (attempt->r == 0 && attempt->file.state.unknowns > 0)
		attempt->pause = SETTLE_USUAL;
}

/* Whom the user wrote to, once the server took it. */
static void learn(struct front *front, const struct queue_file *file)
{
	const struct queue_recipient *to = file->job.recipients;
	size_t i;

	for (i = 0; i < file->state.count; i++)
		if (file->state.fates[i].standing == QUEUE_TAKEN &&
		    to[i].learn != NULL)
			contacts_learn(front, to[i].address, to[i].learn);
}

static void read_done(struct front *front, void *ctx)
{
	struct attempt *attempt = ctx;
	struct queue *queue = attempt->queue;
	struct queued *mail = attempt->mail;

	if (queue->stopping) {
		attempt_free(attempt);
		return;
	}
	if (attempt->r == ERR_REFUSED) {
		wait_again(queue, mail, LOCKED_MS);
		attempt_free(attempt);
		return;
	}
	mail->stale = false;
	if (attempt->r < 0) {
		log_line(LOG_LEVEL_ERROR, "the queued mail %s cannot be read "
			 "again: %s", mail->id, attempt->r == ERR_IO ?
			 strerror(attempt->error) :
			 err_sentence(attempt->r));
		receipt_answer(mail, "queued", attempt->why);
		wait_again(queue, mail, DISK_MS);
		attempt_free(attempt);
		return;
	}
	arena_free(mail->arena);
	mail->arena = attempt->arena;
	attempt->arena = NULL;
	mail->facts = receipt_make(mail->arena, &attempt->file,
				   attempt->reached);
	learn(front, &attempt->file);
	if (mail->unrecorded) {
		queue_let_go(mail);
		mail->phase = QUEUE_HELD;
		queue_tell(queue->front, mail, "was taken by the server, but "
			   "the disk could not record it; it is not sent "
			   "again", "the disk is full or broken");
		receipt_answer(mail, "sent", NULL);
	} else {
		queue_settle(queue, mail, &attempt->file.state,
			     attempt->cause, attempt->why, attempt->pause);
	}
	attempt_free(attempt);
	queue_changed(queue);
	queue_run(queue);
}

/* The sender's texts, for the receipt. */
static struct value *reached_copy(struct arena *arena,
				  const struct value *reached)
{
	struct value *to = reached == NULL ? NULL : value_dict(arena);
	const struct value *from;

	for (from = reached == NULL ? NULL : reached->first; from != NULL;
	     from = from->next)
		if (from->kind == VALUE_TEXT)
			value_put_text(arena, to,
				       arena_text(arena, bytes_of(from->key)),
				       from->text);
	return to;
}

/* Reads what the file says now, and settles. NULL: later. */
static struct attempt *look_new(struct queue *queue, struct queued *mail)
{
	struct attempt *attempt = attempt_new(queue, mail);

	mail->errand = 0;
	if (attempt != NULL)
		attempt->arena = arena_new(READ_ARENA);
	if (attempt != NULL && attempt->arena != NULL)
		return attempt;
	if (attempt != NULL)
		attempt_free(attempt);
	wait_again(queue, mail, DISK_MS);
	return NULL;
}

/* In hand when the last life ended: its sender may still be at it. */
static void stale_look(struct queue *queue, struct queued *mail)
{
	struct attempt *attempt;

	mail->busy = true;
	mail->line->in_hand = mail;
	attempt = look_new(queue, mail);
	if (attempt == NULL)
		return;
	attempt->look = true;
	attempt->cause = QUEUE_CAUSE_MAIL;
	attempt->pause = SETTLE_AT_ONCE;
	queue_log_mark(&attempt->records, "cut", clock_wall(), NULL);
	disk_do(queue->disk, read_work, read_done, attempt);
}

/* --- with the sender */

static enum queue_cause cause_of(const struct value *report)
{
	static const struct { const char *word; enum queue_cause cause; }
	words[] = {
		{ "mail", QUEUE_CAUSE_MAIL }, { "server", QUEUE_CAUSE_SERVER },
		{ "trust", QUEUE_CAUSE_TRUST }, { "login", QUEUE_CAUSE_LOGIN },
	};
	const char *word = value_text(report, "cause");
	size_t i;

	for (i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].cause;
	return QUEUE_CAUSE_SERVER;
}

static void submit_done(struct front *front, struct errand *errand,
			const struct value *report, struct frame *frame)
{
	struct queued *mail = errand->ctx;
	const struct value *unrecorded = value_find(report, "unrecorded",
						    VALUE_TRUTH);
	const char *fate = value_text(report, "fate");
	const char *text = value_text(report, "text");
	struct attempt *attempt = look_new(front->queue, mail);

	(void)frame;
	mail->unrecorded = unrecorded != NULL && unrecorded->truth;
	if (attempt == NULL)
		return;
	attempt->cause = cause_of(report);
	if (text != NULL && fate != NULL && strcmp(fate, "taken") != 0)
		(void)snprintf(attempt->why, sizeof(attempt->why), "%s",
			       text);
	attempt->reached = reached_copy(attempt->arena, report);
	disk_do(front->queue->disk, read_work, read_done, attempt);
}

static void submit_failed(struct front *front, struct errand *errand,
			  const char *name, const char *sentence)
{
	struct queue *queue = front->queue;
	struct queued *mail = errand->ctx;
	struct attempt *attempt;

	if (queue->stopping || strcmp(name, "Stopping") == 0)
		return;
	if (strcmp(name, "RoleDied") != 0) {
		/* Not even begun: no attempt of this mail's. */
		receipt_answer(mail, "queued", sentence);
		wait_again(queue, mail, DOWN_MS);
		return;
	}
	attempt = look_new(queue, mail);
	if (attempt == NULL)
		return;
	attempt->cause = QUEUE_CAUSE_MAIL;
	attempt->pause = SETTLE_AT_ONCE;
	(void)snprintf(attempt->why, sizeof(attempt->why), "%s", sentence);
	queue_log_mark(&attempt->records, "died", clock_wall(), NULL);
	disk_do(queue->disk, read_work, read_done, attempt);
}

static const struct errand_kind submit_kind = {
	"sent a mail", submit_done, submit_failed
};

static void open_work(void *ctx)
{
	struct attempt *attempt = ctx;

	attempt->fd = queue_folder_file(&attempt->queue->folder, attempt->id,
					QUEUE_JOBS);
	attempt->r = attempt->fd < 0 ? ERR_IO : 0;
	if (attempt->r == 0)
		attempt->r = queue_file_lock(attempt->fd);
	if (attempt->r == 0)
		attempt->r = queue_log_add(attempt->fd, &attempt->records,
					   QUEUE_WRITTEN);
	attempt->error = errno;
}

/* The file cannot be opened or marked: it is not sent without. */
static void open_failed(struct attempt *attempt)
{
	struct queue *queue = attempt->queue;
	struct queued *mail = attempt->mail;
	char why[QUEUE_WHY_MAX];

	if (attempt->r == ERR_REFUSED) {
		wait_again(queue, mail, LOCKED_MS);
	} else if (attempt->fd < 0 && attempt->error == ENOENT) {
		log_line(LOG_LEVEL_WARNING, "the queued mail %s was removed "
			 "by somebody else", mail->id);
		receipt_fail(mail, "Failed", "The mail was removed from the "
			     "queue by somebody else.");
		queue_let_go(mail);
		queue_drop(queue, mail);
		queue_run(queue);
	} else {
		(void)snprintf(why, sizeof(why), "The queue's file cannot be "
			       "written: %s.", strerror(attempt->error));
		receipt_answer(mail, "queued", why);
		wait_again(queue, mail, DISK_MS);
	}
}

static void open_done(struct front *front, void *ctx)
{
	struct attempt *attempt = ctx;
	struct queued *mail = attempt->mail;
	struct errand errand = {
		.kind = &submit_kind, .role = CHILD_SENDER, .message = -1,
		.ctx = mail
	};
	struct arena *arena;
	struct value *payload;

	if (attempt->queue->stopping) {
		attempt_free(attempt);
		return;
	}
	if (attempt->r < 0) {
		open_failed(attempt);
		attempt_free(attempt);
		return;
	}
	arena = arena_new(FRAME_ARENA);
	payload = arena == NULL ? NULL : value_dict(arena);
	value_put_text(arena, payload, "account", mail->line->account->name);
	mail->freed = false;
	mail->errand = errand_start(front, &errand, FRAME_SUBMIT, payload,
				    &attempt->fd, 1);
	arena_free(arena);
	attempt_free(attempt);
}

void attempt_start(struct queue *queue, struct queued *mail)
{
	struct attempt *attempt;

	if (mail->stale) {
		stale_look(queue, mail);
		return;
	}
	attempt = attempt_new(queue, mail);
	if (attempt == NULL) {
		mail->due = clock_now_ms() + DISK_MS;
		return;
	}
	mail->busy = true;
	mail->phase = QUEUE_SENDING;
	mail->line->in_hand = mail;
	if (mail->freed)
		queue_log_mark(&attempt->records, "freed", clock_wall(), NULL);
	queue_log_mark(&attempt->records, "attempt", clock_wall(), NULL);
	queue_changed(queue);
	disk_do(queue->disk, open_work, open_done, attempt);
}
