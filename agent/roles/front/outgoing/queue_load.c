/* queue_load.c - the mails that an earlier life left */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/desk/queue_file.h"
#include "agent/roles/front/outgoing/queue.h"

#define LOAD_ARENA	(64 * 1024 * 1024)

struct loading {
	struct queue *queue;
	enum queue_place place;
};

/* Held as it was; else its turn comes at once, which also looks whether a
 * sender of the last life is still at it. */
static void load_settle(struct queue *queue, struct queued *mail,
			const struct queue_state *state)
{
	const char *word = state->held_for == NULL ? "login" :
						     state->held_for;

	mail->stale = state->in_hand;
	mail->phase = QUEUE_WAITING;
	if (mail->line == NULL) {
		mail->phase = QUEUE_HELD;
		word = "account";
	} else if (!mail->stale && (state->open == 0 || state->failed)) {
		queue_settle(queue, mail, state, QUEUE_CAUSE_MAIL, NULL,
			     SETTLE_AT_ONCE);
		return;
	} else if (!mail->stale && state->held) {
		mail->phase = QUEUE_HELD;
		/* The network may be another one by now. */
		if (strcmp(word, "trust") == 0)
			mail->due = 1;
		if (strcmp(word, "login") == 0)
			mail->line->denied = true;
	}
	if (mail->phase == QUEUE_HELD)
		(void)snprintf(mail->held_for, sizeof(mail->held_for), "%s",
			       word);
}

/* One file of an earlier life. */
static int load_one(void *ctx, const char *id)
{
	const struct loading *loading = ctx;
	struct queue *queue = loading->queue;
	struct arena *arena = arena_new(LOAD_ARENA);
	int fd = queue_folder_file(&queue->folder, id, loading->place);
	struct queue_file file;
	struct queued *mail;
	int r = arena == NULL ? ERR_MEMORY : fd < 0 ? ERR_IO :
		queue_file_read(arena, fd, &file);

	if (fd >= 0)
		(void)close(fd);
	/* It failed while the others were looked at, and went there. */
	if (r == 0 && queue_find(queue, id) != NULL) {
		arena_free(arena);
		return 0;
	}
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the queued mail %s cannot be read "
			 "(%s); its file stays where it is", id,
			 err_sentence(r));
		arena_free(arena);
		return 0;
	}
	mail = queue_add(queue, id, file.job.account, file.job.order);
	if (mail == NULL) {
		arena_free(arena);
		return ERR_MEMORY;
	}
	mail->created = file.job.created;
	mail->chosen = file.job.chosen;
	mail->arena = arena;
	mail->facts = receipt_make(arena, &file, NULL);
	if (loading->place == QUEUE_FAILED)
		mail->phase = QUEUE_GIVEN_UP;
	else
		load_settle(queue, mail, &file.state);
	return 0;
}

void queue_load(struct queue *queue)
{
	struct loading jobs = { queue, QUEUE_JOBS };
	struct loading failed = { queue, QUEUE_FAILED };

	if (queue_folder_each(&queue->folder, QUEUE_JOBS, load_one,
			      &jobs) < 0 ||
	    queue_folder_each(&queue->folder, QUEUE_FAILED, load_one,
			      &failed) < 0)
		log_line(LOG_LEVEL_ERROR, "the queue's folder cannot be read "
			 "to its end: %s", strerror(errno));
}
