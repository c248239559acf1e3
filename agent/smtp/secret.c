/* secret.c - reading a secret, and wiping it */
#include "agent/smtp/secret.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/smtp/base64.h"

#define PIECE 512

int secret_init(struct buf *secret, size_t max)
{
	long size = sysconf(_SC_PAGESIZE);
	size_t page = size > 0 ? (size_t)size : 4096;
	void *room;

	buf_init(secret, max);
	secret->room = (max / page + 1) * page;
	if (posix_memalign(&room, page, secret->room) != 0) {
		secret->room = 0;
		return ERR_MEMORY;
	}
	memset(room, 0, secret->room);
	secret->data = room;
	(void)mlock(room, secret->room);
	(void)madvise(room, secret->room, MADV_DONTDUMP);
	return 0;
}

void secret_free(struct buf *secret)
{
	if (secret->data == NULL)
		return;
	explicit_bzero(secret->data, secret->room);
	(void)madvise(secret->data, secret->room, MADV_DODUMP);
	(void)munlock(secret->data, secret->room);
	buf_free(secret);
}

/* 0 at the first line's end. */
static int line_cut(struct buf *secret)
{
	struct bytes line, rest;

	if (!bytes_cut(buf_bytes(secret), '\n', &line, &rest))
		return ERR_GONE;
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	secret->len = line.len;
	return 0;
}

static int wait_readable(int fd, int64_t deadline)
{
	struct pollfd one = { fd, POLLIN, 0 };
	int64_t left = deadline - clock_now_ms();
	int r;

	do {
		r = poll(&one, 1, left < 0 ? 0 : left > 60000 ? 60000 :
			 (int)left);
		left = deadline - clock_now_ms();
	} while ((r < 0 && errno == EINTR) || (r == 0 && left > 0));
	if (r == 0)
		return ERR_TIMEOUT;
	return r < 0 ? ERR_IO : 0;
}

int secret_read(int fd, int64_t deadline, struct buf *secret)
{
	unsigned char piece[PIECE];
	struct bytes came = { piece, 0 };
	bool whole = false;
	ssize_t got;
	int r = 0;

	while (r == 0 && !whole) {
		r = wait_readable(fd, deadline);
		if (r < 0)
			break;
		got = read(fd, piece, sizeof(piece));
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0) {
			r = ERR_IO;
			break;
		}
		came.len = (size_t)got;
		whole = got == 0 || bytes_has(came, '\n');
		buf_add(secret, came);
		if (secret->full)
			r = ERR_LIMIT;
	}
	explicit_bzero(piece, sizeof(piece));
	if (r < 0)
		return r;
	(void)line_cut(secret);
	if (bytes_has(buf_bytes(secret), 0))
		return ERR_SYNTAX;
	return secret->len == 0 ? ERR_GONE : 0;
}

/* Whether `text` holds the secret in base64 with so many bytes in front of it
 * in the same run; digits that the neighbours change do not count. */
static bool shows_coded(struct bytes plain, struct bytes text, size_t before)
{
	static const size_t lost[] = { 0, 2, 3 };
	struct buf longer, coded;
	bool shows = true;		/* not known: better not shown */
	size_t i;

	memset(&longer, 0, sizeof(longer));
	memset(&coded, 0, sizeof(coded));
	if (secret_init(&longer, plain.len + 3) < 0 ||
	    secret_init(&coded, plain.len * 2 + 8) < 0)
		goto out;
	for (i = 0; i < before; i++)
		buf_byte(&longer, 0);
	buf_add(&longer, plain);
	base64_print(&coded, buf_bytes(&longer));
	shows = coded.len > 4 + lost[before] &&
		memmem(text.data, text.len, coded.data + lost[before],
		       coded.len - 4 - lost[before]) != NULL;
out:
	secret_free(&longer);
	secret_free(&coded);
	return shows;
}

bool secret_shows(const struct buf *secret, struct bytes text)
{
	struct bytes plain = buf_bytes(secret);

	if (plain.len == 0)
		return false;
	return memmem(text.data, text.len, plain.data, plain.len) != NULL ||
	       shows_coded(plain, text, 0) || shows_coded(plain, text, 1) ||
	       shows_coded(plain, text, 2);
}
