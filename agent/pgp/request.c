/* request.c - a request to gpg, in a process of its own */
#include "agent/pgp/request.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_wire.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/job.h"

#define JOB_ARENA	(4 * 1024 * 1024)
#define SENTENCE_MAX	2048

static bool needs_secret(unsigned type)
{
	return type == FRAME_PGP_SIGN || type == FRAME_PGP_OPEN ||
	       type == FRAME_PGP_IMPORT;
}

struct pgp_request *pgp_request_new(struct frame *frame, int channel,
				    bool is_front, bool *broken)
{
	const struct pgp_verb *verb = pgp_verb_find(frame->type);
	struct pgp_request *request;
	size_t i, wanted = verb == NULL ? 0 : verb->fds + (is_front ? 0 : 1);

	*broken = verb == NULL || frame->fd_count != wanted;
	if (*broken)
		return NULL;
	request = calloc(1, sizeof(*request));
	if (request == NULL)
		return NULL;
	request->payload = malloc(frame->payload.len + 1);
	if (request->payload == NULL) {
		free(request);
		return NULL;
	}
	if (frame->payload.len > 0)
		memcpy(request->payload, frame->payload.data,
		       frame->payload.len);
	request->payload_len = frame->payload.len;
	request->channel = channel;
	request->id = frame->id;
	request->type = frame->type;
	request->secret = needs_secret(frame->type);
	/* Which keys have a private half is gpg-agent's to say. */
	request->agent = request->secret || frame->type == FRAME_PGP_KEYS;
	request->deadline = clock_now_ms() + OPENPGP_DEADLINE_MS;
	request->fd_count = verb->fds;
	for (i = 0; i < verb->fds; i++)
		request->fds[i] = frame_take(frame, i);
	request->answer = is_front ? -1 : frame_take(frame, verb->fds);
	return request;
}

void pgp_request_free(struct pgp_request *request)
{
	size_t i;

	if (request == NULL)
		return;
	for (i = 0; i < request->fd_count; i++)
		if (request->fds[i] >= 0)
			(void)close(request->fds[i]);
	if (request->answer >= 0)
		(void)close(request->answer);
	free(request->payload);
	free(request);
}

static int pipe_write(int fd, const struct buf *whole)
{
	return !whole->full &&
	       descriptor_write(fd, buf_bytes(whole)) == 0 ? 0 : ERR_IO;
}

/* Onto the pipe: the type and what a frame would carry. */
static int answer_write(int fd, enum channel_type type, struct bytes payload)
{
	struct buf whole;
	int r;

	buf_init(&whole, CHANNEL_FRAME_MAX);
	buf_byte(&whole, (unsigned char)type);
	buf_add(&whole, payload);
	r = pipe_write(fd, &whole);
	buf_free(&whole);
	return r;
}

static int digest_tell(const struct pgp_job *job, const char *digest)
{
	struct bytes name = bytes_of(digest);
	struct buf whole;
	int r;

	buf_init(&whole, 2 + name.len);
	buf_byte(&whole, OPENPGP_ANSWER_DIGEST);
	buf_byte(&whole, (unsigned char)name.len);
	buf_add(&whole, name);
	r = pipe_write(job->answer, &whole);
	buf_free(&whole);
	return r;
}

static int answer_send(const struct pgp_request *request,
		       enum channel_type type, const struct value *value)
{
	struct frame frame = { (uint8_t)type, request->id, { NULL, 0 },
			       { 0 }, 0 };
	struct buf wire;
	int r;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	r = value_encode(value, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0 && request->answer < 0)
		r = channel_send(request->channel, &frame);
	else if (r == 0)
		r = answer_write(request->answer, type, frame.payload);
	buf_free(&wire);
	return r;
}

static int failure_send(const struct pgp_request *request, const char *name,
			const char *sentence, const char *about)
{
	struct arena *arena = arena_new(SENTENCE_MAX * 8);
	struct value *dict = arena == NULL ? NULL : value_dict(arena);
	int r;

	value_put_text(arena, dict, "name", name);
	value_put_text(arena, dict, "sentence", sentence);
	value_put_text(arena, dict, "about", about);
	r = answer_send(request, FRAME_FAILURE, dict);
	arena_free(arena);
	return r;
}

void pgp_request_fail(const struct pgp_request *request, const char *name,
		      const char *sentence)
{
	struct pollfd room = { request->answer, POLLOUT, 0 };

	/* Room is for PIPE_BUF bytes at least: the loop never waits. */
	if (request->answer < 0 ||
	    (poll(&room, 1, 0) == 1 && room.revents == POLLOUT))
		(void)failure_send(request, name, sentence, NULL);
}

/* --- in the new process */

/* Nothing of another request's may stay open here: its end would not be
 * seen. */
static void close_others(const struct pgp_request *request)
{
	unsigned fd, from = 3;
	unsigned keep[CHANNEL_FDS_MAX + 1];
	size_t i, count = 0;

	keep[count++] = (unsigned)(request->answer >= 0 ? request->answer :
							   request->channel);
	for (i = 0; i < request->fd_count; i++)
		keep[count++] = (unsigned)request->fds[i];
	for (;;) {
		fd = ~0U;
		for (i = 0; i < count; i++)
			if (keep[i] >= from && keep[i] < fd)
				fd = keep[i];
		if (fd == ~0U)
			break;
		if (fd > from)
			(void)close_range(from, fd - 1, 0);
		from = fd + 1;
	}
	(void)close_range(from, ~0U, 0);
}

static int request_run(const struct pgp_request *request,
		       const struct pgp_engine *engine)
{
	struct arena *arena = arena_new(JOB_ARENA);
	struct bytes payload = { request->payload, request->payload_len };
	struct value *dict = NULL;
	struct buf sentence;
	struct pgp_job job;
	int r;

	if (arena == NULL || value_decode(arena, payload, &dict) < 0)
		return failure_send(request, "Failed", "The request to GnuPG "
				    "was not understood.", NULL);
	buf_init(&sentence, SENTENCE_MAX);
	memset(&job, 0, sizeof(job));
	job.engine = engine;
	job.arena = arena;
	job.request = dict;
	job.fds = request->fds;
	job.report = value_dict(arena);
	job.sentence = &sentence;
	job.answer = request->answer;
	job.tell_digest = request->answer < 0 ? NULL : digest_tell;
	pgp_unlock_at(value_text(dict, "tty"), value_text(dict, "display"));
	pgp_verb_find(request->type)->run(&job);
	if (job.failure == NULL)
		r = answer_send(request, FRAME_REPORT, job.report);
	else
		r = failure_send(request, job.failure, buf_string(&sentence),
				 value_text(job.report, "unusable"));
	buf_free(&sentence);
	arena_free(arena);
	return r;
}

static void request_main(const struct pgp_request *request,
			 const struct pgp_engine *engine)
{
	sigset_t none;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	close_others(request);
	_exit(request_run(request, engine) == 0 ? 0 : 1);
}

int pgp_request_start(struct pgp_request *request,
		      const struct pgp_engine *engine)
{
	pid_t pid = fork();
	size_t i;

	if (pid == 0)
		request_main(request, engine);
	if (pid < 0)
		return ERR_IO;
	(void)setpgid(pid, pid);	/* whoever comes first */
	request->pid = pid;
	for (i = 0; i < request->fd_count; i++)
		(void)close(request->fds[i]);
	request->fd_count = 0;
	return 0;
}

void pgp_request_kill(struct pgp_request *request)
{
	if (request->pid <= 0)
		return;
	(void)kill(-request->pid, SIGKILL);
	while (waitpid(request->pid, NULL, 0) < 0 && errno == EINTR)
		;
	request->pid = 0;
}
