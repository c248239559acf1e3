/* spool_release.c - handing out what was checked */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/spool_inside.h"

#define PART	16384		/* bytes copied at a time */
#define SEALS	(F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

/* One piece, a part at a time, to `fd`. */
static int piece_write(struct spool *spool, const struct spool_piece *piece,
		       int fd, int (*put)(int fd, struct bytes bytes, int ms),
		       int idle_ms)
{
	unsigned char room[PART];
	struct bytes part = piece->text;
	uint64_t at = piece->from;
	size_t want;
	long got;
	int r = 0;

	if (part.len > 0)
		return put(fd, part, idle_ms);
	while (r == 0 && at < piece->to) {
		want = sizeof(room);
		if (piece->to - at < want)
			want = (size_t)(piece->to - at);
		got = spool_read(spool, at, room, want);
		if (got <= 0) {
			r = got < 0 ? (int)got : ERR_IO;
			break;
		}
		part.data = room;
		part.len = (size_t)got;
		r = put(fd, part, idle_ms);
		at += (uint64_t)got;
	}
	explicit_bzero(room, sizeof(room));
	return r;
}

static int put_at_once(int fd, struct bytes bytes, int ms)
{
	(void)ms;
	return descriptor_write(fd, bytes);
}

/* The pipe does not block: poll() keeps the time. */
static int put_in_time(int fd, struct bytes bytes, int ms)
{
	struct pollfd ready = { fd, POLLOUT, 0 };
	ssize_t wrote;
	int r;

	while (bytes.len > 0) {
		wrote = write(fd, bytes.data, bytes.len);
		if (wrote > 0) {
			bytes = bytes_slice(bytes, (size_t)wrote, bytes.len);
			continue;
		}
		if (errno == EPIPE)
			return ERR_GONE;
		if (errno != EAGAIN && errno != EINTR)
			return ERR_IO;
		r = poll(&ready, 1, ms);
		if (r == 0)
			return ERR_TIMEOUT;
		if (r > 0 && (ready.revents & POLLERR) != 0)
			return ERR_GONE;
	}
	return 0;
}

static bool is_whole(const struct spool *spool)
{
	return spool->piece_count == 1 && spool->pieces[0].text.len == 0 &&
	       spool->pieces[0].from == 0 &&
	       spool->pieces[0].to == spool->size;
}

/* The memfd itself where all of it goes out; else a new one. */
static int release_memory(struct spool *spool, int *fd)
{
	int out = -1, r = 0;
	size_t i;

	if (is_whole(spool)) {
		out = fcntl(spool->memory, F_DUPFD_CLOEXEC, 0);
	} else {
		out = spool_memory_new();
		for (i = 0; out >= 0 && r == 0 && i < spool->piece_count; i++)
			r = piece_write(spool, &spool->pieces[i], out,
					put_at_once, 0);
	}
	if (out < 0 || (r == 0 && (fcntl(out, F_ADD_SEALS, SEALS) < 0 ||
				   lseek(out, 0, SEEK_SET) < 0)))
		r = ERR_IO;
	if (r == 0)
		*fd = out;
	else if (out >= 0)
		(void)close(out);
	return r;
}

/* Nobody's secret, and all of it: the file itself. */
static int release_file(struct spool *spool, int *fd)
{
	if (lseek(spool->file, 0, SEEK_SET) < 0)
		return ERR_IO;
	*fd = spool->file;
	spool->file = -1;		/* handed over */
	return 0;
}

static int release_pipe(struct spool *spool, int *fd)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return ERR_IO;
	if (fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		return ERR_IO;
	}
	*fd = ends[0];
	spool->pipe = ends[1];
	return 0;
}

int spool_release(struct spool *spool, const struct spool_piece *pieces,
		  size_t count, int *fd)
{
	size_t i;

	*fd = -1;
	if (spool->failed < 0)
		return spool->failed;
	if (spool->ended || count > SPOOL_PIECES_MAX)
		return ERR_LIMIT;
	for (i = 0; i < count; i++) {
		if (pieces[i].text.len == 0 &&
		    (pieces[i].from > pieces[i].to ||
		     pieces[i].to > spool->size))
			return ERR_LIMIT;
		spool->pieces[i] = pieces[i];
	}
	if (count == 0) {
		spool->pieces[0].to = spool->size;
		count = 1;
	}
	spool->piece_count = count;
	spool->failed = spool_flush(spool);
	spool->ended = true;
	if (spool->failed < 0)
		return spool->failed;
	if (spool->memory >= 0)
		return release_memory(spool, fd);
	if (!spool->sealed && is_whole(spool))
		return release_file(spool, fd);
	return release_pipe(spool, fd);
}

bool spool_has_pipe(const struct spool *spool)
{
	return spool->pipe >= 0;
}

int spool_pump(struct spool *spool, int idle_ms)
{
	size_t i;
	int r = spool->pipe < 0 ? ERR_IO : 0;

	for (i = 0; r == 0 && i < spool->piece_count; i++)
		r = piece_write(spool, &spool->pieces[i], spool->pipe,
				put_in_time, idle_ms);
	if (spool->pipe >= 0)
		(void)close(spool->pipe);
	spool->pipe = -1;
	return r;
}
