/* run.c - GPGME's pipes watched, and filled and emptied past it */
#include "agent/pgp/run.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/bytes.h"
#include "agent/base/descriptor.h"
#include "agent/base/stream.h"
#include "agent/pgp/engine.h"

#define STREAMS_MAX	2
#define WATCHES_MAX	8	/* gpg's messages, and the streams */
#define BEGINNING	512	/* octets that always fit into an empty pipe */

enum way { IN, OUT };

struct stream {
	struct pgp_run *run;
	gpgme_data_t data;
	int fd;				/* the asker's */
	bool is_read;			/* by gpg */
	bool known;			/* it has its watch */
	bool over;			/* nothing more is read from it */
	size_t at, len;			/* of `room`, not written yet */
	unsigned char room[STREAM_PIECE];
};

/* A pipe of GPGME's. */
struct watch {
	bool used;
	int fd, dir;			/* dir 0: gpg reads it */
	gpgme_io_cb_t serve;
	void *ctx;
	struct stream *stream;		/* whose octets go past GPGME; NULL:
					 * not known, or GPGME's own, or at
					 * its end */
};

struct pgp_run {
	gpgme_ctx_t ctx;
	struct watch watches[WATCHES_MAX];
	struct watch *turn;		/* that GPGME serves now */
	bool done;
	gpgme_error_t error;
	size_t stream_count;
	struct stream streams[STREAMS_MAX];
};

/* --- by GPGME: the beginning, and the end */

static void stream_know(struct stream *stream)
{
	stream->known = true;
	stream->run->turn->stream = stream;
}

static ssize_t stream_read(void *handle, void *room, size_t size)
{
	struct stream *stream = handle;

	if (stream->over) {
		stream->known = true;
		return 0;
	}
	stream_know(stream);
	return read(stream->fd, room, size < BEGINNING ? size : BEGINNING);
}

static ssize_t stream_write(void *handle, const void *octets, size_t size)
{
	struct stream *stream = handle;

	stream_know(stream);
	return write(stream->fd, octets, size);
}

static struct gpgme_data_cbs stream_calls = {
	stream_read, stream_write, NULL, NULL
};

static gpgme_error_t watch_add(void *ctx, int fd, int dir, gpgme_io_cb_t serve,
			       void *serve_ctx, void **tag)
{
	struct pgp_run *run = ctx;
	size_t i = 0;

	while (i < WATCHES_MAX && run->watches[i].used)
		i++;
	if (i == WATCHES_MAX)
		return gpgme_error(GPG_ERR_TOO_MANY);
	run->watches[i] = (struct watch){ true, fd, dir, serve, serve_ctx,
					  NULL };
	*tag = &run->watches[i];
	return 0;
}

static void watch_remove(void *tag)
{
	struct watch *watch = tag;

	watch->used = false;
}

static void event_take(void *ctx, gpgme_event_io_t type, void *what)
{
	const struct gpgme_io_event_done_data *done = what;
	struct pgp_run *run = ctx;

	if (type != GPGME_EVENT_DONE)
		return;
	run->done = true;
	if (done->err != 0 || done->op_err != 0)
		run->error = done->err != 0 ? done->err : done->op_err;
}

/* --- past GPGME: what is between */

/* The asker's octets to gpg.  GPGME closes the pipe at their end, or where gpg
 * wants no more. */
static void to_gpg(struct watch *watch, struct stream *stream)
{
	ssize_t moved;

	if (stream->at == stream->len) {
		moved = read(stream->fd, stream->room, sizeof(stream->room));
		if (moved < 0 && errno == EINTR)
			return;
		if (moved <= 0)
			watch->stream = NULL;
		stream->at = 0;
		stream->len = moved > 0 ? (size_t)moved : 0;
		return;
	}
	moved = write(watch->fd, stream->room + stream->at,
		      stream->len - stream->at);
	if (moved >= 0) {
		stream->at += (size_t)moved;
	} else if (errno != EAGAIN && errno != EINTR) {
		stream->over = true;
		watch->stream = NULL;
	}
}

static void from_gpg(struct watch *watch, struct stream *stream)
{
	ssize_t got = read(watch->fd, stream->room, sizeof(stream->room));
	struct bytes piece = { stream->room, got > 0 ? (size_t)got : 0 };

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		watch->stream = NULL;
	} else if (descriptor_write(stream->fd, piece) < 0) {
		stream->run->error = gpgme_error(GPG_ERR_EPIPE);
		stream->run->done = true;
	}
}

/* --- one turn */

/* What gpg's end, which it reads, waits for: octets of the asker's.  Where it
 * is not known yet whose, of the first that has none: GPGME would wait in its
 * read() and hear nothing else.  NULL: that gpg takes more. */
static struct stream *asker_of(struct pgp_run *run,
			       const struct watch *watch)
{
	struct stream *stream = watch->stream;
	size_t i;

	if (stream != NULL)
		return stream->at == stream->len ? stream : NULL;
	for (i = 0; i < run->stream_count; i++)
		if (run->streams[i].is_read && !run->streams[i].known)
			return &run->streams[i];
	return NULL;
}

/* Two for each: gpg's end, and where it is waited for instead, the asker's. */
static void look_at(struct pgp_run *run, struct pollfd *fds)
{
	const struct watch *watch;
	const struct stream *stream;
	size_t i;

	for (i = 0; i < WATCHES_MAX; i++, fds += 2) {
		watch = &run->watches[i];
		stream = !watch->used || watch->dir ? NULL :
						      asker_of(run, watch);
		fds[0] = (struct pollfd){ watch->used ? watch->fd : -1,
					  watch->dir ? POLLIN : POLLOUT, 0 };
		fds[1] = (struct pollfd){ -1, POLLIN, 0 };
		if (stream == NULL)
			continue;
		fds[0].events = 0;	/* that gpg is gone comes unasked */
		fds[1].fd = stream->fd;
	}
}

/* `events`: at gpg's end. */
static void watch_serve(struct pgp_run *run, struct watch *watch, int events)
{
	struct stream *stream = watch->stream;

	if (!watch->dir && (events & POLLERR) != 0) {
		if (stream == NULL)
			stream = asker_of(run, watch);
		if (stream != NULL)
			stream->over = true;
		stream = watch->stream = NULL;
	}
	if (stream == NULL) {
		run->turn = watch;
		(void)watch->serve(watch->ctx, watch->fd);
	} else if (watch->dir) {
		from_gpg(watch, stream);
	} else {
		to_gpg(watch, stream);
	}
}

gpgme_error_t pgp_run_wait(struct pgp_run *run, gpgme_error_t started)
{
	struct pollfd fds[2 * WATCHES_MAX];
	size_t i;

	if (started != 0)
		return started;
	while (!run->done) {
		look_at(run, fds);
		if (poll(fds, 2 * WATCHES_MAX, -1) < 0)
			continue;
		for (i = 0; i < WATCHES_MAX && !run->done; i++)
			if (run->watches[i].used &&
			    (fds[2 * i].revents | fds[2 * i + 1].revents) != 0)
				watch_serve(run, &run->watches[i],
					    fds[2 * i].revents);
	}
	return run->error;
}

/* --- */

struct pgp_run *pgp_run_new(void)
{
	struct pgp_run *run = calloc(1, sizeof(*run));
	struct gpgme_io_cbs calls = { watch_add, run, watch_remove, event_take,
				      run };

	if (run == NULL)
		return NULL;
	run->ctx = pgp_context();
	if (run->ctx == NULL) {
		free(run);
		return NULL;
	}
	gpgme_set_io_cbs(run->ctx, &calls);
	return run;
}

void pgp_run_free(struct pgp_run *run)
{
	size_t i;

	if (run == NULL)
		return;
	gpgme_release(run->ctx);
	for (i = 0; i < run->stream_count; i++)
		gpgme_data_release(run->streams[i].data);
	explicit_bzero(run, sizeof(*run));
	free(run);
}

gpgme_ctx_t pgp_run_context(struct pgp_run *run)
{
	return run == NULL ? NULL : run->ctx;
}

static gpgme_data_t stream_add(struct pgp_run *run, int fd, enum way way)
{
	struct stream *stream;

	if (run == NULL || run->stream_count == STREAMS_MAX)
		return NULL;
	stream = &run->streams[run->stream_count];
	stream->run = run;
	stream->fd = fd;
	stream->is_read = way == IN;
	if (gpgme_data_new_from_cbs(&stream->data, &stream_calls,
				    stream) != 0)
		return NULL;
	run->stream_count++;
	return stream->data;
}

gpgme_data_t pgp_run_in(struct pgp_run *run, int fd)
{
	return stream_add(run, fd, IN);
}

gpgme_data_t pgp_run_out(struct pgp_run *run, int fd)
{
	return stream_add(run, fd, OUT);
}
