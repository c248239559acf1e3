/* ending.c - what is done with: its receipt first, then its file
 *
 * One job of a disk thread does both, and the mail stays in the list until it
 * is done: a repeat finds the mail or its receipt, whatever happens in
 * between.  Where the receipt of what was taken cannot be written the file
 * stays as well, and it is tried again. */
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

#define AGAIN_MS	30000	/* until a disk that says no is tried again */

static const struct ending_kind {
	const char *status;
	enum { RECEIPT_NONE, RECEIPT_WANTED, RECEIPT_NEEDED } receipt;
} kinds[] = {
	{ "sent", RECEIPT_NEEDED },
	{ "partly", RECEIPT_NEEDED },
	{ "refused", RECEIPT_WANTED },	/* nobody has it: a repeat may try */
	{ "cancelled", RECEIPT_NONE }
};

struct ending {
	struct queue *queue;
	struct queued *mail;
	const struct ending_kind *kind;
	enum ending_place place;
	char why[QUEUE_WHY_MAX];
	bool wants;			/* a receipt */
	struct buf receipt;
	struct buf record;		/* the log's last line; or empty */
	int receipt_r, receipt_error;	/* from the disk thread; errno */
	int r, error;
	bool told;			/* the log knows of it */
};

void ending_free(struct ending *ending)
{
	if (ending == NULL)
		return;
	buf_free(&ending->receipt);
	buf_free(&ending->record);
	free(ending);
}

/* --- on the disk */

static void file_keep(struct ending *ending)
{
	struct queue_folder *folder = &ending->queue->folder;
	const char *id = ending->mail->id;
	int fd = queue_folder_file(folder, id, QUEUE_JOBS);

	/* Without the line it is tried again by the next life, no worse. */
	if (fd >= 0) {
		(void)queue_log_add(fd, &ending->record, QUEUE_ON_DISK);
		(void)close(fd);
	}
	ending->r = queue_folder_move(folder, id, QUEUE_JOBS, QUEUE_FAILED);
}

static void file_remove(struct ending *ending)
{
	struct queue_folder *folder = &ending->queue->folder;
	const char *id = ending->mail->id;

	ending->r = queue_folder_remove(folder, id, QUEUE_JOBS);
	if (ending->r == 0)
		ending->r = queue_folder_remove(folder, id, QUEUE_FAILED);
	/* Its log says that it was taken, or else it may not come back. */
	if (ending->r == 0 && ending->mail->phase != QUEUE_SENT)
		ending->r = queue_folder_sync(folder, QUEUE_JOBS);
}

static void ending_work(void *ctx)		/* in a disk thread */
{
	struct ending *ending = ctx;

	ending->receipt_r = ending->r = 0;
	errno = ENOMEM;
	if (ending->wants)
		ending->receipt_r = ending->receipt.len == 0 ? ERR_MEMORY :
			queue_receipt_write(&ending->queue->folder,
					    ending->mail->id,
					    buf_bytes(&ending->receipt));
	ending->receipt_error = errno;
	if (ending->receipt_r < 0 && ending->kind->receipt == RECEIPT_NEEDED)
		return;
	if (ending->place == ENDING_KEPT)
		file_keep(ending);
	else
		file_remove(ending);
	ending->error = errno;
}

/* --- in the loop */

static void ending_log(struct ending *ending)
{
	const char *id = ending->mail->id;

	if (ending->receipt_r < 0 && !ending->told)
		log_line(LOG_LEVEL_ERROR, "the receipt of the mail %s (%s) "
			 "cannot be written: %s", id, ending->kind->status,
			 strerror(ending->receipt_error));
	ending->told = ending->receipt_r < 0;
	if (ending->r < 0)
		log_line(LOG_LEVEL_ERROR, ending->place == ENDING_KEPT ?
			 "the mail %s cannot be put with the failed ones: %s" :
			 "the file of the mail %s, which is done, cannot be "
			 "removed: %s", id, strerror(ending->error));
}

static void ending_done(struct front *front, void *ctx)
{
	struct ending *ending = ctx;
	struct queue *queue = ending->queue;
	struct queued *mail = ending->mail;

	(void)front;
	mail->busy = false;
	if (queue->stopping)
		return;			/* it goes with the mail */
	ending_log(ending);
	receipt_answer(mail, ending->kind->status, ending->why);
	if (ending->receipt_r < 0 &&
	    ending->kind->receipt == RECEIPT_NEEDED) {
		mail->stuck = true;
		mail->due = clock_now_ms() + AGAIN_MS;
	} else if (ending->place == ENDING_GONE) {
		queue_drop(queue, mail);
	} else {
		mail->ending = NULL;
		ending_free(ending);
		if (mail->cancelled)
			ending_start(queue, mail, "cancelled", NULL,
				     ENDING_GONE);
	}
	queue_changed(queue);
	queue_run(queue);
}

void ending_again(struct queued *mail)
{
	struct ending *ending = mail->ending;

	mail->busy = true;
	if (ending->wants && ending->receipt.len == 0)
		receipt_print(mail, ending->kind->status, ending->why,
			      &ending->receipt);
	disk_do(ending->queue->disk, ending_work, ending_done, ending);
}

static struct ending *ending_new(const char *status)
{
	struct ending *ending = calloc(1, sizeof(*ending));
	size_t i = 0, last = sizeof(kinds) / sizeof(kinds[0]) - 1;

	if (ending == NULL)
		return NULL;
	while (i < last && strcmp(kinds[i].status, status) != 0)
		i++;
	ending->kind = &kinds[i];
	buf_init(&ending->receipt, QUEUE_RECEIPT_MAX);
	buf_init(&ending->record, 2 * QUEUE_WHY_MAX);
	return ending;
}

void ending_start(struct queue *queue, struct queued *mail,
		  const char *status, const char *why,
		  enum ending_place place)
{
	struct ending *ending = ending_new(status);
	bool sent = strcmp(status, "sent") == 0;

	queue_let_go(mail);
	mail->phase = sent ? QUEUE_SENT : QUEUE_GIVEN_UP;
	mail->due = 0;
	mail->held_for[0] = 0;
	/* Its file says so already; the others are told once theirs does. */
	if (sent)
		receipt_answer(mail, status, why);
	queue_changed(queue);
	if (ending == NULL) {
		receipt_fail(mail, "Failed", "out of memory");
		return;
	}
	ending->queue = queue;
	ending->mail = mail;
	ending->place = place;
	if (why != NULL)
		(void)snprintf(ending->why, sizeof(ending->why), "%s", why);
	ending->wants = mail->chosen && ending->kind->receipt != RECEIPT_NONE;
	if (place == ENDING_KEPT)
		queue_log_mark(&ending->record, "failed", clock_wall(), why);
	mail->ending = ending;
	ending_again(mail);
}
