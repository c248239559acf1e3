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

/* --- it is done with */

/* Whoever waits is told and has the mail back; else it is kept. */
static void settle_failed(struct queue *queue, struct queued *mail,
			  const char *why)
{
	enum ending_place place = ENDING_GONE;

	mail->phase = QUEUE_GIVEN_UP;
	if (mail->waiting == NULL) {
		place = ENDING_KEPT;
		queue_tell(queue->front, mail, "could not be sent and is "
			   "kept with the failed mail", why);
	}
	ending_start(queue, mail, receipt_status(mail), why, place);
}

/* --- it is held */

/* A record for a disk thread to add. */
struct settle {
	struct queue *queue;
	char id[QUEUE_ID_MAX + 1];
	struct buf record;
};

static void held_work(void *ctx)
{
	struct settle *settle = ctx;
	int fd = queue_folder_file(&settle->queue->folder, settle->id,
				   QUEUE_JOBS);

	if (fd < 0)
		return;
	(void)queue_log_add(fd, &settle->record, QUEUE_WRITTEN);
	(void)close(fd);
}

static void held_done(struct front *front, void *ctx)
{
	struct settle *settle = ctx;

	(void)front;
	buf_free(&settle->record);
	free(settle);
}

static void held_record(struct queue *queue, const struct queued *mail,
			const char *text)
{
	struct settle *settle = calloc(1, sizeof(*settle));

	if (settle == NULL)
		return;
	settle->queue = queue;
	(void)snprintf(settle->id, sizeof(settle->id), "%s", mail->id);
	buf_init(&settle->record, 4096);
	queue_log_mark(&settle->record, "held", clock_wall(), text);
	disk_do(queue->disk, held_work, held_done, settle);
}

/* Recorded, and told once for each reason. */
static void settle_held(struct queue *queue, struct queued *mail,
			const struct queue_next *next, const char *why)
{
	bool news = strcmp(mail->held_for, next->held_for) != 0;
	char text[QUEUE_WHY_MAX + QUEUE_HELD_MAX];

	mail->phase = QUEUE_HELD;
	mail->due = next->pause == 0 ? 0 :
		    clock_now_ms() + next->pause * 1000;
	(void)snprintf(mail->held_for, sizeof(mail->held_for), "%s",
		       next->held_for);
	if (!news)
		return;
	queue_tell(queue->front, mail, "is held", why);
	(void)snprintf(text, sizeof(text), "%s %s", next->held_for, why);
	held_record(queue, mail, text);
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
	mail->phase = QUEUE_GIVEN_UP;
	ending_start(queue, mail, receipt_status(mail), why, ENDING_GONE);
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
		ending_start(queue, mail, "sent", NULL, ENDING_GONE);
	} else if (mail->cancelled && state->open > 0) {
		ending_start(queue, mail, "cancelled", NULL, ENDING_GONE);
	} else if (next->phase == QUEUE_GIVEN_UP) {
		settle_failed(queue, mail, why);
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
