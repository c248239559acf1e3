/* kept.c - what the store keeps of an address, and whether a mail answers an
 * encrypted one: asked of the front */
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
#include "agent/flow/answers.h"
#include "agent/flow/find_kept.h"
#include "agent/roles/hex.h"
#include "agent/roles/role.h"
#include "agent/roles/sender/sender.h"

#define WAIT_MS	5000	/* the front answers at once, or is gone */
#define ANSWERS_ARENA (64 * 1024)

/* A question under way; on the stack of who asked. */
struct kept_question {
	struct kept_question *next;	/* sender::kept */
	uint32_t id;
	int fd;				/* of the answer; -1: none */
	int opened;			/* 1, 0; ERR_IO: not known */
	bool answered;
	pthread_cond_t done;
};

static void question_add(struct sender *sender,
			 struct kept_question *question)
{
	pthread_condattr_t attributes;

	question->fd = -1;
	question->opened = ERR_IO;
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

static int ask_opened(void *ctx, const struct answers_sum *sums, size_t count)
{
	struct sender *sender = ctx;
	struct kept_question question;
	struct arena *arena = arena_new(ANSWERS_ARENA);
	struct value *dict = value_dict(arena);
	struct value *list = value_put_list(arena, dict, "sums");
	int64_t deadline = clock_now_ms() + WAIT_MS;
	char hex[2 * ANSWERS_SUM + 1];
	size_t i;

	for (i = 0; i < count; i++) {
		hex_write(sums[i].octets, ANSWERS_SUM, hex);
		value_put_text(arena, list, NULL, hex);
	}
	question_add(sender, &question);
	if (list == NULL || list->count != count ||
	    role_send(FRAME_ANSWERS, question.id, dict) < 0)
		deadline = 0;
	question_wait(sender, &question, deadline);
	arena_free(arena);
	return question.answered ? question.opened : ERR_TIMEOUT;
}

int sender_answers(struct sender *sender, struct arena *arena,
		   const struct memfile *mail, struct buf *why)
{
	const struct answers_memory memory = { ask_opened, sender };

	return answers_encrypted(arena, mail, &memory, why);
}

static int answer_take(struct sender *sender, struct frame *frame, int opened)
{
	struct kept_question *question;

	(void)pthread_mutex_lock(&sender->lock);
	question = sender->kept;
	while (question != NULL && question->id != frame->id)
		question = question->next;
	if (question != NULL && !question->answered) {
		question->fd = frame_take(frame, 0);
		question->opened = opened;
		question->answered = true;
		(void)pthread_cond_signal(&question->done);
	}
	(void)pthread_mutex_unlock(&sender->lock);
	return 0;
}

int sender_kept(void *ctx, struct frame *frame)
{
	return answer_take(ctx, frame, ERR_IO);
}

int sender_answered(void *ctx, struct frame *frame)
{
	struct arena *arena = arena_new(ANSWERS_ARENA);
	const struct value *opened;
	struct value *dict = NULL;
	int r = arena == NULL ? ERR_MEMORY :
		value_decode(arena, frame->payload, &dict);

	if (r == 0) {
		opened = value_find(dict, "opened", VALUE_TRUTH);
		r = answer_take(ctx, frame, opened == NULL ? ERR_IO :
				opened->truth ? 1 : 0);
	}
	arena_free(arena);
	return r;
}
