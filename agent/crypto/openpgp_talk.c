/* openpgp_talk.c - one request to gpg: its pipes, what passes, the answer */
#include "agent/crypto/openpgp_talk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_client.h"
#include "agent/crypto/openpgp_wire.h"

enum { END_IN, END_OUT, END_ANSWER, ENDS, POLL_CANCEL = ENDS, POLLS };

struct openpgp_talk {
	struct arena *arena;
	struct openpgp_ask *ask;
	struct pollfd ends[POLLS];	/* ours; -1: not there (any more) */
	struct bytes next;		/* read of `in`, not yet written */
	struct buf answer;
	unsigned char in_room[STREAM_PIECE], room[STREAM_PIECE];
};

static void end_close(struct openpgp_talk *talk, int which)
{
	if (talk->ends[which].fd >= 0)
		(void)close(talk->ends[which].fd);
	talk->ends[which].fd = -1;
}

/* A pipe, with our end in the talk and the other one in the frame. */
static int end_open(struct openpgp_talk *talk, int which, struct frame *frame)
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

static int talk_send(struct openpgp_client *client, struct openpgp_talk *talk)
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
	if (r == 0 && (ask->in != NULL || ask->pushed))
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
		r = openpgp_client_send(client, &frame, ask->deadline < until ?
					ask->deadline : until);
	if (more < CHANNEL_FDS_MAX)
		frame.fds[more] = -1;	/* not ours */
	frame_close(&frame);
	buf_free(&wire);
	return r;
}

/* What is to be written next; without it the pipe is closed. */
static int next_read(struct openpgp_talk *talk)
{
	const struct source *in = talk->ask->in;
	int got = in->read(in->ctx, talk->in_room, sizeof(talk->in_room));

	talk->next.data = talk->in_room;
	talk->next.len = got > 0 ? (size_t)got : 0;
	if (got <= 0)
		end_close(talk, END_IN);
	return got < 0 ? got : 0;
}

/* Moves on with what is to be read.  That gpg wants no more is no error of
 * ours: its answer says why. */
static int in_move(struct openpgp_talk *talk)
{
	ssize_t wrote;
	int r;

	if (talk->next.len == 0) {
		r = next_read(talk);
		if (talk->next.len == 0)
			return r;
	}
	wrote = write(talk->ends[END_IN].fd, talk->next.data, talk->next.len);
	if (wrote >= 0)
		talk->next = bytes_slice(talk->next, (size_t)wrote,
					 talk->next.len);
	else if (errno != EAGAIN && errno != EINTR)
		end_close(talk, END_IN);
	return 0;
}

/* Bytes of one of the ends that we read, in `room`; none at its end. */
static struct bytes end_read(struct openpgp_talk *talk, int which)
{
	ssize_t got = read(talk->ends[which].fd, talk->room,
			   sizeof(talk->room));
	struct bytes piece = { talk->room, got > 0 ? (size_t)got : 0 };

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		end_close(talk, which);
	return piece;
}

static int out_move(struct openpgp_talk *talk)
{
	const struct sink *out = talk->ask->out;
	struct bytes piece = end_read(talk, END_OUT);

	return piece.len > 0 ? out->write(out->ctx, piece) : 0;
}

static int answer_move(struct openpgp_talk *talk)
{
	buf_add(&talk->answer, end_read(talk, END_ANSWER));
	return talk->answer.full ? ERR_PROTOCOL : 0;
}

static bool is_ready(const struct openpgp_talk *talk, int which)
{
	return talk->ends[which].fd >= 0 && talk->ends[which].revents != 0;
}

/* Waits once, and moves what moves. */
static int turn_take(struct openpgp_talk *talk)
{
	int64_t left = talk->ask->deadline - clock_now_ms();
	int r = 0;

	if (left <= 0)
		return ERR_TIMEOUT;
	/* Nothing is there to be written: an end of the pipe comes unasked. */
	talk->ends[END_IN].events = talk->ask->in == NULL &&
				    talk->next.len == 0 ? 0 : POLLOUT;
	if (poll(talk->ends, POLLS, left > 60000 ? 60000 : (int)left) < 0)
		return 0;
	if (talk->ends[POLL_CANCEL].revents != 0)
		return ERR_TIMEOUT;
	if (is_ready(talk, END_OUT))
		r = talk->ask->broken = out_move(talk);
	if (r == 0 && is_ready(talk, END_IN)) {
		if (talk->ends[END_IN].events == 0)
			end_close(talk, END_IN);
		else
			r = talk->ask->broken = in_move(talk);
	}
	if (r == 0 && is_ready(talk, END_ANSWER))
		r = answer_move(talk);
	return r;
}

/* What stands before the answer; false: it is not there yet, or none. */
static bool digest_take(struct openpgp_talk *talk, struct bytes *left)
{
	struct bytes rest = *left, name;
	unsigned char type, len;

	if (!take_byte(&rest, &type) || type != OPENPGP_ANSWER_DIGEST ||
	    !take_byte(&rest, &len) || !take_bytes(&rest, len, &name))
		return false;
	talk->ask->digest = arena_text(talk->arena, name);
	*left = rest;
	return talk->ask->digest != NULL;
}

static int answer_take(struct openpgp_talk *talk)
{
	struct bytes left = buf_bytes(&talk->answer);
	struct openpgp_ask *ask = talk->ask;
	struct value *dict;
	unsigned char type;
	int r;

	(void)digest_take(talk, &left);
	if (!take_byte(&left, &type))
		return ERR_GONE;	/* it died before it could say why */
	r = value_decode(talk->arena, left, &dict);
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

int openpgp_talk_start(struct openpgp_client *client, struct arena *arena,
		       struct openpgp_ask *ask, struct openpgp_talk **out)
{
	struct openpgp_talk *talk = malloc(sizeof(*talk));
	int i, r;

	if (talk == NULL)
		return ERR_MEMORY;
	memset(talk, 0, offsetof(struct openpgp_talk, in_room));
	talk->arena = arena;
	talk->ask = ask;
	for (i = 0; i < ENDS; i++)
		talk->ends[i].fd = -1;
	talk->ends[POLL_CANCEL].fd = ask->cancel;
	talk->ends[POLL_CANCEL].events = POLLIN;
	buf_init(&talk->answer, CHANNEL_FRAME_MAX);
	ask->report = NULL;
	ask->failure = ask->sentence = ask->about = ask->digest = NULL;
	ask->broken = 0;
	r = client == NULL ? ERR_GONE : talk_send(client, talk);
	if (r == 0)
		*out = talk;
	else
		openpgp_talk_free(talk);
	return r;
}

int openpgp_talk_digest(struct openpgp_talk *talk)
{
	struct bytes answer;
	int r = 0;

	for (;;) {
		answer = buf_bytes(&talk->answer);
		if (r < 0 || digest_take(talk, &answer))
			return r;
		/* It failed before there was one. */
		if (talk->ends[END_ANSWER].fd < 0)
			return openpgp_talk_end(talk);
		r = turn_take(talk);
	}
}

int openpgp_talk_put(struct openpgp_talk *talk, struct bytes piece)
{
	int r = 0;

	talk->next = piece;
	while (r == 0 && talk->next.len > 0 && talk->ends[END_IN].fd >= 0)
		r = turn_take(talk);
	talk->next.len = 0;
	return r;
}

/* Until both the answer and what is written are at their end. */
int openpgp_talk_end(struct openpgp_talk *talk)
{
	int r = 0;

	if (talk->ask->in == NULL)
		end_close(talk, END_IN);
	while (r == 0 && (talk->ends[END_ANSWER].fd >= 0 ||
			  talk->ends[END_OUT].fd >= 0))
		r = turn_take(talk);
	return r == 0 ? answer_take(talk) : r;
}

void openpgp_talk_free(struct openpgp_talk *talk)
{
	int i;

	if (talk == NULL)
		return;
	for (i = 0; i < ENDS; i++)
		end_close(talk, i);
	buf_free(&talk->answer);
	explicit_bzero(talk, sizeof(*talk));
	free(talk);
}

static int ask_once(struct openpgp_client *client, struct arena *arena,
		    struct openpgp_ask *ask)
{
	struct openpgp_talk *talk = NULL;
	int r = openpgp_talk_start(client, arena, ask, &talk);

	if (r == 0)
		r = openpgp_talk_end(talk);
	openpgp_talk_free(talk);
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
