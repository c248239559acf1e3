/* openpgp_client.c - an asker's way to the role that drives gpg */
#include "agent/crypto/openpgp_client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"

#define SLICE_MS 200		/* how often a wait for the channel looks up */

struct openpgp_client {
	pthread_mutex_t lock;
	pthread_cond_t attached;
	int fd;				/* -1: there is none */
	unsigned life;			/* which channel it is */
	void (*need)(void *ctx);
	void *ctx;
};

struct openpgp_client *openpgp_client_new(void (*need)(void *ctx), void *ctx)
{
	struct openpgp_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	(void)pthread_mutex_init(&client->lock, NULL);
	(void)pthread_cond_init(&client->attached, NULL);
	client->fd = -1;
	client->need = need;
	client->ctx = ctx;
	return client;
}

void openpgp_client_free(struct openpgp_client *client)
{
	if (client == NULL)
		return;
	if (client->fd >= 0)
		(void)close(client->fd);
	(void)pthread_cond_destroy(&client->attached);
	(void)pthread_mutex_destroy(&client->lock);
	free(client);
}

void openpgp_client_attach(struct openpgp_client *client, int fd)
{
	(void)pthread_mutex_lock(&client->lock);
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = fd;
	client->life++;
	(void)pthread_cond_broadcast(&client->attached);
	(void)pthread_mutex_unlock(&client->lock);
}

/* With the lock: waits a little for a channel. */
static void channel_wait(struct openpgp_client *client)
{
	struct timespec until;

	if (clock_gettime(CLOCK_REALTIME, &until) < 0)
		return;
	until.tv_nsec += SLICE_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	(void)pthread_cond_timedwait(&client->attached, &client->lock,
				     &until);
}

/* 0: sent; ERR_GONE: there is no channel, within `until`. */
static int frame_send(struct openpgp_client *client,
		      const struct frame *frame, int64_t until)
{
	unsigned asked_for = 0;
	bool asked = false;
	int r = ERR_GONE;

	(void)pthread_mutex_lock(&client->lock);
	for (;;) {
		if (client->fd >= 0) {
			r = channel_send(client->fd, frame);
			if (r != ERR_GONE)
				break;
			(void)close(client->fd);
			client->fd = -1;
		}
		r = ERR_GONE;
		if (client->need == NULL || clock_now_ms() >= until ||
		    (asked && asked_for != client->life))
			break;
		if (!asked) {
			asked = true;
			asked_for = client->life;
			(void)pthread_mutex_unlock(&client->lock);
			client->need(client->ctx);
			(void)pthread_mutex_lock(&client->lock);
			continue;
		}
		channel_wait(client);
	}
	(void)pthread_mutex_unlock(&client->lock);
	return r;
}

/* --- the pipes of one request */

enum { END_IN, END_OUT, END_ANSWER, ENDS, POLL_CANCEL = ENDS, POLLS };

struct talk {
	struct openpgp_ask *ask;
	struct pollfd ends[POLLS];	/* ours; -1: not there (any more) */
	unsigned char *room;		/* read from `in`, not yet written */
	size_t room_at, room_len;
	struct buf answer;
};

static void end_close(struct talk *talk, int which)
{
	if (talk->ends[which].fd >= 0)
		(void)close(talk->ends[which].fd);
	talk->ends[which].fd = -1;
}

/* A pipe, with our end in the talk and the other one in the frame. */
static int end_open(struct talk *talk, int which, struct frame *frame)
{
	bool we_write = which == END_IN;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return ERR_IO;
	talk->ends[which].fd = ends[we_write ? 1 : 0];
	talk->ends[which].events = we_write ? POLLOUT : POLLIN;
	frame->fds[frame->fd_count++] = ends[we_write ? 0 : 1];
	if (fcntl(talk->ends[which].fd, F_SETFL, O_NONBLOCK) < 0)
		return ERR_IO;
	return 0;
}

static int talk_send(struct openpgp_client *client, struct talk *talk)
{
	struct openpgp_ask *ask = talk->ask;
	int64_t until = clock_now_ms() + OPENPGP_START_MS;
	struct frame frame;
	struct buf wire;
	size_t more = CHANNEL_FDS_MAX;
	int r;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)ask->type;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	r = value_encode(ask->request, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0 && ask->in != NULL)
		r = end_open(talk, END_IN, &frame);
	if (r == 0 && ask->out != NULL)
		r = end_open(talk, END_OUT, &frame);
	if (ask->more >= 0) {
		more = frame.fd_count;
		frame.fds[frame.fd_count++] = ask->more;
	}
	if (r == 0)
		r = end_open(talk, END_ANSWER, &frame);
	if (r == 0)
		r = frame_send(client, &frame, ask->deadline < until ?
			       ask->deadline : until);
	if (more < CHANNEL_FDS_MAX)
		frame.fds[more] = -1;	/* not ours */
	frame_close(&frame);
	buf_free(&wire);
	return r;
}

/* Moves on with what is to be read.  That gpg wants no more is no error of
 * ours: its answer says why. */
static int in_move(struct talk *talk)
{
	ssize_t wrote;
	int got;

	if (talk->room_at == talk->room_len) {
		got = talk->ask->in->read(talk->ask->in->ctx, talk->room,
					  STREAM_PIECE);
		if (got <= 0)
			end_close(talk, END_IN);
		if (got <= 0)
			return got;
		talk->room_at = 0;
		talk->room_len = (size_t)got;
	}
	wrote = write(talk->ends[END_IN].fd, talk->room + talk->room_at,
		      talk->room_len - talk->room_at);
	if (wrote >= 0)
		talk->room_at += (size_t)wrote;
	else if (errno != EAGAIN && errno != EINTR)
		end_close(talk, END_IN);
	return 0;
}

/* Bytes of one of the ends that we read; 0 at its end. */
static ssize_t end_read(struct talk *talk, int which, unsigned char *room)
{
	ssize_t got = read(talk->ends[which].fd, room, STREAM_PIECE);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return -1;
	if (got <= 0)
		end_close(talk, which);
	return got < 0 ? 0 : got;
}

static int out_move(struct talk *talk, unsigned char *room)
{
	ssize_t got = end_read(talk, END_OUT, room);
	struct bytes piece = { room, got > 0 ? (size_t)got : 0 };

	return got > 0 ? talk->ask->out->write(talk->ask->out->ctx, piece) : 0;
}

static int answer_move(struct talk *talk, unsigned char *room)
{
	ssize_t got = end_read(talk, END_ANSWER, room);
	struct bytes piece = { room, got > 0 ? (size_t)got : 0 };

	buf_add(&talk->answer, piece);
	return talk->answer.full ? ERR_PROTOCOL : 0;
}

/* Until both the answer and what is written are at their end. */
static int talk_run(struct talk *talk)
{
	unsigned char *room = malloc(STREAM_PIECE);
	int64_t left;
	int r = 0;

	talk->room = malloc(STREAM_PIECE);
	if (room == NULL || talk->room == NULL)
		r = ERR_MEMORY;
	while (r == 0 && (talk->ends[END_ANSWER].fd >= 0 ||
			  talk->ends[END_OUT].fd >= 0)) {
		left = talk->ask->deadline - clock_now_ms();
		if (left <= 0) {
			r = ERR_TIMEOUT;
			break;
		}
		if (poll(talk->ends, POLLS, left > 60000 ? 60000 :
			 (int)left) < 0)
			continue;
		if (talk->ends[POLL_CANCEL].revents != 0)
			r = ERR_TIMEOUT;
		if (r == 0 && talk->ends[END_OUT].fd >= 0 &&
		    talk->ends[END_OUT].revents != 0)
			r = talk->ask->broken = out_move(talk, room);
		if (r == 0 && talk->ends[END_IN].fd >= 0 &&
		    talk->ends[END_IN].revents != 0)
			r = talk->ask->broken = in_move(talk);
		if (r == 0 && talk->ends[END_ANSWER].fd >= 0 &&
		    talk->ends[END_ANSWER].revents != 0)
			r = answer_move(talk, room);
	}
	if (room != NULL)
		explicit_bzero(room, STREAM_PIECE);
	if (talk->room != NULL)
		explicit_bzero(talk->room, STREAM_PIECE);
	free(room);
	free(talk->room);
	return r;
}

static int answer_take(struct talk *talk, struct arena *arena)
{
	struct bytes left = buf_bytes(&talk->answer);
	struct openpgp_ask *ask = talk->ask;
	struct value *dict;
	unsigned char type;
	int r;

	if (!take_byte(&left, &type))
		return ERR_GONE;	/* it died before it could say why */
	r = value_decode(arena, left, &dict);
	if (r < 0)
		return r;
	if (dict->kind != VALUE_DICT ||
	    (type != FRAME_REPORT && type != FRAME_FAILURE))
		return ERR_PROTOCOL;
	if (type == FRAME_REPORT) {
		ask->report = dict;
		return 0;
	}
	ask->failure = value_text(dict, "name");
	ask->sentence = value_text(dict, "sentence");
	ask->about = value_text(dict, "about");
	return ask->failure == NULL || ask->sentence == NULL ?
		ERR_PROTOCOL : 0;
}

static int ask_once(struct openpgp_client *client, struct arena *arena,
		    struct openpgp_ask *ask)
{
	struct talk talk;
	int i, r;

	memset(&talk, 0, sizeof(talk));
	talk.ask = ask;
	for (i = 0; i < ENDS; i++)
		talk.ends[i].fd = -1;
	talk.ends[POLL_CANCEL].fd = ask->cancel;
	talk.ends[POLL_CANCEL].events = POLLIN;
	buf_init(&talk.answer, CHANNEL_FRAME_MAX);
	ask->report = NULL;
	ask->failure = ask->sentence = ask->about = NULL;
	ask->broken = 0;
	r = client == NULL ? ERR_GONE : talk_send(client, &talk);
	if (r == 0)
		r = talk_run(&talk);
	if (r == 0)
		r = answer_take(&talk, arena);
	for (i = 0; i < ENDS; i++)
		end_close(&talk, i);
	buf_free(&talk.answer);
	return r;
}

int openpgp_ask(struct openpgp_client *client, struct arena *arena,
		struct openpgp_ask *ask)
{
	int r = ask_once(client, arena, ask);

	/* What died with it unanswered is asked of the next one, where nothing
	 * was given or taken yet. */
	if (r == ERR_GONE && client != NULL && ask->in == NULL &&
	    ask->out == NULL)
		r = ask_once(client, arena, ask);
	return r;
}
