/* settle.c - what follows from what a mail's file says */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/desk/queue_file.h"
#include "agent/roles/front/outgoing/queue.h"

/* What a disk thread does to one file. */
struct settle {
	struct queue *queue;
	struct queued *mail;		/* NULL: it is no more */
	char id[QUEUE_ID_MAX + 1];
	struct buf records;
	int r, error;
};

static struct settle *settle_new(struct queue *queue, struct queued *mail)
{
	struct settle *settle = calloc(1, sizeof(*settle));

	if (settle == NULL)
		return NULL;
	settle->queue = queue;
	settle->mail = mail;
	(void)snprintf(settle->id, sizeof(settle->id), "%s", mail->id);
	buf_init(&settle->records, 4096);
	return settle;
}

static void settle_free(struct settle *settle)
{
	buf_free(&settle->records);
	free(settle);
}

static void records_add(struct settle *settle, enum queue_safety safety)
{
	int fd = queue_folder_file(&settle->queue->folder, settle->id,
				   QUEUE_JOBS);

	if (fd < 0)
		return;
	(void)queue_log_add(fd, &settle->records, safety);
	(void)close(fd);
}

/* --- its file goes */

static void remove_work(void *ctx)
{
	struct settle *settle = ctx;

	settle->r = queue_folder_remove(&settle->queue->folder, settle->id,
					QUEUE_JOBS);
	if (settle->r == 0)
		settle->r = queue_folder_remove(&settle->queue->folder,
						settle->id, QUEUE_FAILED);
	settle->error = errno;
}

static void remove_done(struct front *front, void *ctx)
{
	struct settle *settle = ctx;

	(void)front;
	if (settle->r < 0)
		log_line(LOG_LEVEL_ERROR, "the file of the mail %s, which is "
			 "done, cannot be removed: %s", settle->id,
			 strerror(settle->error));
	settle_free(settle);
}

void queue_remove(struct queue *queue, struct queued *mail)
{
	struct settle *settle = settle_new(queue, mail);

	queue_let_go(mail);
	queue_drop(queue, mail);
	if (settle == NULL)
		return;			/* its log says that it is done */
	settle->mail = NULL;
	disk_do(queue->disk, remove_work, remove_done, settle);
}

/* --- it is kept with the failed ones */

static void fail_work(void *ctx)
{
	struct settle *settle = ctx;

	records_add(settle, QUEUE_ON_DISK);
	settle->r = queue_folder_move(&settle->queue->folder, settle->id,
				      QUEUE_JOBS, QUEUE_FAILED);
	settle->error = errno;
}

static void fail_done(struct front *front, void *ctx)
{
	struct settle *settle = ctx;
	struct queue *queue = settle->queue;

	(void)front;
	if (settle->r < 0)
		log_line(LOG_LEVEL_ERROR, "the mail %s cannot be put with the "
			 "failed ones: %s", settle->id,
			 strerror(settle->error));
	queue_let_go(settle->mail);
	settle_free(settle);
	queue_changed(queue);
	queue_run(queue);
}

static void mail_fail(struct queue *queue, struct queued *mail,
		      const char *why)
{
	struct settle *settle = settle_new(queue, mail);

	mail->phase = QUEUE_GIVEN_UP;
	queue_tell(queue->front, mail, "could not be sent and is kept with "
		   "the failed mail", why);
	if (settle == NULL)
		return;
	mail->busy = true;
	queue_log_mark(&settle->records, "failed", clock_wall(), why);
	disk_do(queue->disk, fail_work, fail_done, settle);
}

/* Whoever waits is told and has the mail back; else it is kept. */
static void settle_failed(struct queue *queue, struct queued *mail,
			  const struct queue_state *state, const char *why)
{
	const char *status = state->taken > 0 ? "partly" : "refused";

	if (mail->chosen)
		receipt_keep(queue, mail, status, why);
	if (mail->waiting == NULL) {
		mail_fail(queue, mail, why);
		return;
	}
	receipt_answer(mail, status, why);
	queue_remove(queue, mail);
}

static void settle_sent(struct queue *queue, struct queued *mail)
{
	if (mail->chosen)
		receipt_keep(queue, mail, "sent", NULL);
	receipt_answer(mail, "sent", NULL);
	queue_remove(queue, mail);
}

/* --- it is held */

static void held_work(void *ctx)
{
	records_add(ctx, QUEUE_WRITTEN);
}

static void held_done(struct front *front, void *ctx)
{
	(void)front;
	settle_free(ctx);
}

/* Recorded, and told once for each reason. */
static void settle_held(struct queue *queue, struct queued *mail,
			const struct queue_next *next, const char *why)
{
	bool news = strcmp(mail->held_for, next->held_for) != 0;
	char text[QUEUE_WHY_MAX + QUEUE_HELD_MAX];
	struct settle *settle;

	mail->phase = QUEUE_HELD;
	mail->due = next->pause == 0 ? 0 :
		    clock_now_ms() + next->pause * 1000;
	(void)snprintf(mail->held_for, sizeof(mail->held_for), "%s",
		       next->held_for);
	if (!news)
		return;
	queue_tell(queue->front, mail, "is held", why);
	settle = settle_new(queue, mail);
	if (settle == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%s %s", next->held_for, why);
	queue_log_mark(&settle->records, "held", clock_wall(), text);
	disk_do(queue->disk, held_work, held_done, settle);
}

/* --- the others of its account */

static bool is_denied(const struct queue_next *next)
{
	return next->held_for != NULL && strcmp(next->held_for, "login") == 0;
}

/* A login that failed is every waiting caller's answer, so that one wrong
 * password is not tried for each of them; the mail is the caller's again. */
static void settle_denied(struct queue *queue, struct queued *mail,
			  const char *why)
{
	if (mail->chosen)
		receipt_keep(queue, mail, "refused", why);
	receipt_answer(mail, "refused", why);
	queue_remove(queue, mail);
}

/* What keeps the account from sending keeps all its mail. */
static void settle_account(struct queue *queue, struct queue_line *line,
			   const struct queue_next *next, const char *why)
{
	int64_t pause = next->pause == 0 ? QUEUE_HOLD_PAUSE_S : next->pause;
	struct queued *mail, *after;

	line->failures++;
	line->until = clock_now_ms() + pause * 1000;
	line->denied = is_denied(next);
	for (mail = queue->mails; mail != NULL; mail = after) {
		after = mail->next;
		if (mail->line != line || mail->busy || mail->waiting == NULL)
			continue;
		if (line->denied)
			settle_denied(queue, mail, why);
		else
			receipt_answer(mail, "queued", why);
	}
}

/* The account works: what was held for its sake goes on. */
static void settle_works(struct queue *queue, struct queue_line *line)
{
	struct queued *mail;

	line->failures = 0;
	line->denied = false;
	line->until = 0;
	for (mail = queue->mails; mail != NULL; mail = mail->next) {
		if (mail->line != line || mail->busy ||
		    mail->phase != QUEUE_HELD ||
		    (strcmp(mail->held_for, "login") != 0 &&
		     strcmp(mail->held_for, "trust") != 0))
			continue;
		mail->phase = QUEUE_WAITING;
		mail->due = 0;
		mail->freed = true;
		mail->held_for[0] = 0;
	}
}

/* --- all together */

/* False: it waits, or is held; the callers are still to be answered. */
static bool settle_ends(struct queue *queue, struct queued *mail,
			const struct queue_state *state,
			const struct queue_next *next, const char *why)
{
	if (next->phase == QUEUE_SENT) {
		settle_sent(queue, mail);
	} else if (mail->cancelled && state->open > 0) {
		receipt_answer(mail, "cancelled", NULL);
		queue_remove(queue, mail);
	} else if (next->phase == QUEUE_GIVEN_UP) {
		settle_failed(queue, mail, state, why);
	} else if (is_denied(next) && mail->waiting != NULL) {
		settle_denied(queue, mail, why);
	} else {
		return false;
	}
	return true;
}

static void settle_waits(struct queue *queue, struct queued *mail,
			 const struct queue_next *next, const char *why,
			 enum settle_pause pause)
{
	if (next->phase == QUEUE_HELD) {
		settle_held(queue, mail, next, why);
		receipt_answer(mail, "queued", why);
		return;
	}
	mail->phase = QUEUE_WAITING;
	mail->held_for[0] = 0;
	mail->due = 0;
	if (pause == SETTLE_AT_ONCE)
		return;			/* its callers still wait */
	if (!next->of_account)
		mail->due = clock_now_ms() + next->pause * 1000;
	receipt_answer(mail, "queued", why);
}

void queue_settle(struct queue *queue, struct queued *mail,
		  const struct queue_state *state, enum queue_cause cause,
		  const char *given, enum settle_pause pause)
{
	struct queue_line *line = mail->line;
	struct queue_next next;
	char why[QUEUE_WHY_MAX];

	/* What the state points to may go with the mail. */
	if (given == NULL || given[0] == 0)
		given = state->why == NULL ? "" : state->why;
	(void)snprintf(why, sizeof(why), "%s", given);
	next = queue_plan(state, cause, line == NULL ? 1 : line->failures + 1,
			  mail->created, clock_wall());
	queue_let_go(mail);
	if (cause == QUEUE_CAUSE_MAIL && pause == SETTLE_USUAL && line != NULL)
		settle_works(queue, line);
	if (!settle_ends(queue, mail, state, &next, why))
		settle_waits(queue, mail, &next, why, pause);
	if (next.of_account && line != NULL)
		settle_account(queue, line, &next, why);
	queue_changed(queue);
}
