/* queue.c - the mails that wait, and whose turn it is */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/bus/service.h"
#include "agent/roles/front/outgoing/queue.h"

#define PATH_BYTES	3500
#define SIGNAL_MS	50	/* changes within are one signal */
#define RECEIPT_DAYS	7
#define SWEEP_MS	(6 * 3600 * 1000)

struct queued *queue_find(struct queue *queue, const char *id)
{
	struct queued *mail;

	for (mail = queue->mails; mail != NULL; mail = mail->next)
		if (strcmp(mail->id, id) == 0)
			return mail;
	return NULL;
}

struct queued *queue_of_errand(struct queue *queue, uint32_t errand)
{
	struct queued *mail;

	for (mail = queue->mails; mail != NULL; mail = mail->next)
		if (mail->errand == errand && errand != 0)
			return mail;
	return NULL;
}

struct queue_line *queue_line_of(struct queue *queue, const char *account)
{
	size_t i;

	for (i = 0; i < queue->line_count; i++)
		if (strcmp(queue->lines[i].account->name, account) == 0)
			return &queue->lines[i];
	return NULL;
}

struct queued *queue_add(struct queue *queue, const char *id,
			 const char *account, uint64_t order)
{
	struct queued *mail = calloc(1, sizeof(*mail)), **at;

	if (mail == NULL)
		return NULL;
	(void)snprintf(mail->id, sizeof(mail->id), "%s", id);
	mail->line = queue_line_of(queue, account);
	mail->order = order;
	for (at = &queue->mails; *at != NULL && (*at)->order <= order;
	     at = &(*at)->next)
		;
	mail->next = *at;
	*at = mail;
	queue->count++;
	if (order >= queue->next_order)
		queue->next_order = order + 1;
	queue_changed(queue);
	return mail;
}

void queue_drop(struct queue *queue, struct queued *mail)
{
	struct queued **at = &queue->mails;

	while (*at != NULL && *at != mail)
		at = &(*at)->next;
	if (*at != NULL) {
		*at = mail->next;
		queue->count--;
	}
	queue_let_go(mail);
	ending_free(mail->ending);
	arena_free(mail->arena);
	free(mail);
	queue_changed(queue);
}

void queue_let_go(struct queued *mail)
{
	mail->busy = false;
	mail->errand = 0;
	if (mail->line != NULL && mail->line->in_hand == mail)
		mail->line->in_hand = NULL;
}

/* --- whose turn it is */

void queue_line_kick(struct queue_line *line)
{
	line->until = 0;
	line->denied = false;
}

static bool may_try(const struct queued *mail, int64_t now)
{
	return !mail->busy && !mail->unrecorded && mail->due <= now &&
	       (mail->phase == QUEUE_WAITING ||
		(mail->phase == QUEUE_HELD && mail->due != 0));
}

static void line_run(struct queue *queue, struct queue_line *line,
		     int64_t now)
{
	struct queued *mail;

	if (line->in_hand != NULL || line->until > now || line->denied)
		return;
	for (mail = queue->mails; mail != NULL; mail = mail->next)
		if (mail->line == line && may_try(mail, now)) {
			attempt_start(queue, mail);
			return;
		}
}

static void earlier(int64_t *at, int64_t than)
{
	if (than > 0 && (*at == 0 || than < *at))
		*at = than;
}

/* When something becomes due: a mail, a pause's end, an answer. */
static int64_t next_due(const struct queue *queue, int64_t now)
{
	const struct queue_waiting *waiting;
	const struct queued *mail;
	int64_t at = 0, due;

	for (mail = queue->mails; mail != NULL; mail = mail->next) {
		for (waiting = mail->waiting; waiting != NULL;
		     waiting = waiting->next)
			earlier(&at, waiting->until);
		if (mail->ending != NULL && !mail->busy)
			earlier(&at, mail->due > now ? mail->due : now + 1);
		if (mail->busy || mail->line == NULL ||
		    mail->line->denied || mail->unrecorded ||
		    mail->line->in_hand != NULL ||
		    (mail->phase != QUEUE_WAITING &&
		     (mail->phase != QUEUE_HELD || mail->due == 0)))
			continue;
		due = mail->due > mail->line->until ? mail->due :
						      mail->line->until;
		earlier(&at, due > now ? due : now + 1);
	}
	return at;
}

/* One at a time: it may end here and now. */
static void endings_run(struct queue *queue, int64_t now)
{
	struct queued *mail;

	for (mail = queue->mails; mail != NULL; mail = mail->next)
		if (mail->ending != NULL && !mail->busy && mail->due <= now) {
			ending_again(mail);
			return;
		}
}

/* Who waited long enough hears that it is queued. */
static void answer_late(struct queue *queue, int64_t now)
{
	struct queued *mail;

	for (mail = queue->mails; mail != NULL; mail = mail->next)
		if (mail->waiting != NULL && mail->waiting->until <= now)
			receipt_answer(mail, "queued", "The server has not "
				       "answered yet; mailseal goes on.");
}

void queue_run(struct queue *queue)
{
	int64_t now = clock_now_ms();
	size_t i;

	if (queue->stopping)
		return;
	answer_late(queue, now);
	endings_run(queue, now);
	for (i = 0; i < queue->line_count; i++)
		line_run(queue, &queue->lines[i], now);
	queue->timer.at = next_due(queue, now);
}

static void timer_due(struct front *front, void *ctx)
{
	(void)front;
	queue_run(ctx);
}

void queue_wake(struct queue *queue, enum queue_wake wake)
{
	struct queued *mail;
	size_t i;

	for (i = 0; i < queue->line_count; i++) {
		queue->lines[i].until = 0;
		if (wake == QUEUE_WAKE_HELD)
			queue_line_kick(&queue->lines[i]);
	}
	for (mail = queue->mails; mail != NULL; mail = mail->next) {
		if (mail->phase == QUEUE_WAITING || mail->ending != NULL)
			mail->due = 0;
		/* What is held with a time of its own waits for a network
		 * that can be trusted; the rest for the user. */
		if (mail->phase != QUEUE_HELD || mail->busy ||
		    (wake == QUEUE_WAKE_WAITING && mail->due == 0))
			continue;
		mail->phase = QUEUE_WAITING;
		mail->due = 0;
		mail->freed = true;
		mail->held_for[0] = 0;
	}
	queue_changed(queue);
	queue_run(queue);
}

/* --- the signal */

static void signal_due(struct front *front, void *ctx)
{
	struct queue *queue = ctx;

	if (!queue->stopping && front->service != NULL)
		service_signal(front->service, "org.mailseal.Outgoing1",
			       "QueueChanged", NULL);
}

void queue_changed(struct queue *queue)
{
	if (queue->signal_timer.at == 0)
		queue->signal_timer.at = clock_now_ms() + SIGNAL_MS;
}

static void sweep_work(void *ctx)
{
	struct queue *queue = ctx;

	queue_receipts_sweep(&queue->folder, clock_wall() -
			     RECEIPT_DAYS * 24 * 3600);
}

static void sweep_done(struct front *front, void *ctx)
{
	struct queue *queue = ctx;

	(void)front;
	if (!queue->stopping)
		queue->sweep_timer.at = clock_now_ms() + SWEEP_MS;
}

static void sweep_due(struct front *front, void *ctx)
{
	struct queue *queue = ctx;

	(void)front;
	disk_do(queue->disk, sweep_work, sweep_done, queue);
}

/* --- from start to end */

static int lines_make(struct queue *queue, const struct config *config)
{
	size_t i;

	queue->lines = calloc(config->account_count + 1,
			      sizeof(*queue->lines));
	if (queue->lines == NULL)
		return ERR_MEMORY;
	for (i = 0; i < config->account_count; i++)
		queue->lines[i].account = &config->accounts[i];
	queue->line_count = config->account_count;
	return 0;
}

static void timer_set(struct queue *queue, struct timer *timer,
		      void (*due)(struct front *front, void *ctx))
{
	timer->due = due;
	timer->ctx = queue;
	front_timer(queue->front, timer);
}

int queue_open(struct front *front)
{
	struct queue *queue = calloc(1, sizeof(*queue));
	char path[PATH_BYTES] = "";
	int i, r = ERR_MEMORY;

	if (queue == NULL)
		return r;
	queue->front = front;
	queue->next_order = 1;
	for (i = 0; i < QUEUE_PLACES; i++)
		queue->folder.places[i] = -1;
	queue->disk = disk_new(front);
	if (queue->disk != NULL)
		r = lines_make(queue, front->config);
	if (r == 0)
		r = state_folder_path(path, sizeof(path));
	if (r == 0)
		r = queue_folder_open(&queue->folder, path);
	front->queue = queue;
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the queue in %.3000s cannot be used "
			 "(%s); no mail can be submitted", path,
			 r == ERR_IO ? strerror(errno) : err_sentence(r));
		queue_free(front);
		return r;
	}
	timer_set(queue, &queue->timer, timer_due);
	timer_set(queue, &queue->signal_timer, signal_due);
	timer_set(queue, &queue->sweep_timer, sweep_due);
	queue_load(queue);
	queue->sweep_timer.at = clock_now_ms() + SIGNAL_MS;
	queue->timer.at = clock_now_ms() + SIGNAL_MS;
	return 0;
}

void queue_stop(struct front *front)
{
	if (front->queue != NULL)
		front->queue->stopping = true;
}

void queue_free(struct front *front)
{
	struct queue *queue = front->queue;

	if (queue == NULL)
		return;
	queue->stopping = true;
	disk_free(queue->disk);
	front_timer_drop(front, &queue->timer);
	front_timer_drop(front, &queue->signal_timer);
	front_timer_drop(front, &queue->sweep_timer);
	while (queue->mails != NULL) {
		receipt_fail(queue->mails, NULL, NULL);
		queue_drop(queue, queue->mails);
	}
	queue_folder_close(&queue->folder);
	free(queue->lines);
	free(queue);
	front->queue = NULL;
}
