/* behind.c - two rooms, one filled while the other is emptied */
#include "agent/base/behind.h"

#include <pthread.h>
#include <stdlib.h>

#include "agent/base/err.h"

#define STACK	(128 * 1024)

struct room {
	size_t len;
	bool full;			/* the thread's */
	unsigned char octets[BEHIND_ROOM];
};

struct behind {
	struct sink to;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;		/* of what follows, but for `octets` */
	pthread_cond_t changed;
	bool ended;
	int failed;
	size_t filling;			/* the room that is filled */
	struct room rooms[2];
};

struct behind *behind_new(const struct sink *to)
{
	struct behind *behind = calloc(1, sizeof(*behind));

	if (behind == NULL)
		return NULL;
	behind->to = *to;
	(void)pthread_mutex_init(&behind->lock, NULL);
	(void)pthread_cond_init(&behind->changed, NULL);
	return behind;
}

static int room_pass(struct behind *behind, const struct room *room)
{
	struct bytes piece = { room->octets, room->len };

	return behind->to.write(behind->to.ctx, piece);
}

/* Room by room; after an error they are emptied all the same. */
static void *pass_on(void *ctx)
{
	struct behind *behind = ctx;
	struct room *room = &behind->rooms[0];
	int r;

	(void)pthread_mutex_lock(&behind->lock);
	for (;;) {
		while (!room->full && !behind->ended)
			(void)pthread_cond_wait(&behind->changed,
						&behind->lock);
		if (!room->full)
			break;
		r = behind->failed;
		(void)pthread_mutex_unlock(&behind->lock);
		if (r == 0)
			r = room_pass(behind, room);
		(void)pthread_mutex_lock(&behind->lock);
		behind->failed = r;
		room->full = false;
		room->len = 0;
		(void)pthread_cond_signal(&behind->changed);
		room = &behind->rooms[room == &behind->rooms[0]];
	}
	(void)pthread_mutex_unlock(&behind->lock);
	return NULL;
}

/* Whether there is a thread. */
static bool start(struct behind *behind)
{
	pthread_attr_t attributes;

	if (behind->started)
		return true;
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, STACK);
	behind->started = pthread_create(&behind->thread, &attributes,
					 pass_on, behind) == 0;
	(void)pthread_attr_destroy(&attributes);
	return behind->started;
}

/* Where no thread is to be had. */
static int pass_now(struct behind *behind)
{
	struct room *room = &behind->rooms[behind->filling];

	if (behind->failed == 0)
		behind->failed = room_pass(behind, room);
	room->len = 0;
	return behind->failed;
}

/* The room is the thread's; the other one is waited for. */
static int hand_over(struct behind *behind)
{
	int r;

	if (!start(behind))
		return pass_now(behind);
	(void)pthread_mutex_lock(&behind->lock);
	behind->rooms[behind->filling].full = true;
	behind->filling = 1 - behind->filling;
	(void)pthread_cond_signal(&behind->changed);
	while (behind->rooms[behind->filling].full)
		(void)pthread_cond_wait(&behind->changed, &behind->lock);
	r = behind->failed;
	(void)pthread_mutex_unlock(&behind->lock);
	return r;
}

static int behind_write(void *ctx, struct bytes piece)
{
	struct behind *behind = ctx;
	struct room *room;
	size_t len;
	int r = 0;

	while (r == 0 && piece.len > 0) {
		room = &behind->rooms[behind->filling];
		len = BEHIND_ROOM - room->len;
		if (len > piece.len)
			len = piece.len;
		memcpy(room->octets + room->len, piece.data, len);
		room->len += len;
		piece = bytes_slice(piece, len, piece.len);
		if (room->len == BEHIND_ROOM)
			r = hand_over(behind);
	}
	return r;
}

struct sink behind_sink(struct behind *behind)
{
	struct sink sink = { behind_write, behind };

	return sink;
}

static void stop(struct behind *behind)
{
	if (!behind->started)
		return;
	(void)pthread_mutex_lock(&behind->lock);
	behind->ended = true;
	(void)pthread_cond_signal(&behind->changed);
	(void)pthread_mutex_unlock(&behind->lock);
	(void)pthread_join(behind->thread, NULL);
	behind->started = false;
}

int behind_end(struct behind *behind)
{
	stop(behind);
	return behind->rooms[behind->filling].len == 0 ? behind->failed :
							 pass_now(behind);
}

void behind_free(struct behind *behind)
{
	if (behind == NULL)
		return;
	stop(behind);
	(void)pthread_cond_destroy(&behind->changed);
	(void)pthread_mutex_destroy(&behind->lock);
	explicit_bzero(behind, sizeof(*behind));
	free(behind);
}
