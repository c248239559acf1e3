/* kept.c - what the store keeps of an address: asked of the front */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/flow/find_kept.h"
#include "agent/roles/role.h"
#include "agent/roles/sender/sender.h"

#define WAIT_MS	5000	/* the front answers at once, or is gone */

/* A question under way; on the stack of who asked. */
struct kept_question {
	struct kept_question *next;	/* sender::kept */
	uint32_t id;
	int fd;				/* of the answer; -1: none */
	bool answered;
	pthread_cond_t done;
};

static void question_add(struct sender *sender,
			 struct kept_question *question)
{
	pthread_condattr_t attributes;

	question->fd = -1;
	question->answered = false;
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&question->done, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	(void)pthread_mutex_lock(&sender->lock);
	question->id = ++sender->next_kept;
	question->next = sender->kept;
	sender->kept = question;
	(void)pthread_mutex_unlock(&sender->lock);
}

static void question_wait(struct sender *sender,
			  struct kept_question *question, int64_t deadline)
{
	struct timespec until = { (time_t)(deadline / 1000),
				  (long)(deadline % 1000) * 1000000 };
	struct kept_question **at;

	(void)pthread_mutex_lock(&sender->lock);
	while (!question->answered &&
	       pthread_cond_timedwait(&question->done, &sender->lock,
				      &until) != ETIMEDOUT)
		;
	for (at = &sender->kept; *at != question; at = &(*at)->next)
		;
	*at = question->next;
	(void)pthread_mutex_unlock(&sender->lock);
	(void)pthread_cond_destroy(&question->done);
}

/* Takes the descriptor over. */
static int file_take(int fd, struct arena *arena, struct find_kept *out,
		     size_t room)
{
	struct memfile file;
	struct bytes copy;
	int r = memfile_open(fd, FIND_KEPT_BYTES, &file);

	if (r < 0)
		return r;
	copy = arena_bytes(arena, file.bytes);
	r = file.bytes.len > 0 && copy.data == NULL ? ERR_LIMIT :
	    find_kept_take(copy, out, room);
	memfile_close(&file);
	return r;
}

int sender_kept_ask(void *ctx, struct arena *arena, const char *address,
		    struct find_kept *out, size_t room)
{
	struct sender *sender = ctx;
	struct kept_question question;
	struct value *dict = value_dict(arena);
	int64_t deadline = clock_now_ms() + WAIT_MS;

	if (dict == NULL)
		return ERR_LIMIT;
	value_put_text(arena, dict, "address", address);
	question_add(sender, &question);
	if (role_send(FRAME_KEPT, question.id, dict) < 0)
		deadline = 0;
	question_wait(sender, &question, deadline);
	if (!question.answered)
		return ERR_TIMEOUT;
	return question.fd < 0 ? ERR_IO :
	       file_take(question.fd, arena, out, room);
}

int sender_kept(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct kept_question *question;

	(void)pthread_mutex_lock(&sender->lock);
	question = sender->kept;
	while (question != NULL && question->id != frame->id)
		question = question->next;
	if (question != NULL && !question->answered) {
		question->fd = frame_take(frame, 0);
		question->answered = true;
		(void)pthread_cond_signal(&question->done);
	}
	(void)pthread_mutex_unlock(&sender->lock);
	return 0;
}
