/* filter_field.c - the field on top, and others of such a name out of the way
 *
 * Nothing else is changed: an mbox line stays the first one, line ends stay as
 * they are.  A field is known by its line alone; what other programs could
 * take for one is not, but nobody who writes mail knows our name. */
#include <string.h>
#include <unistd.h>

#include "plugins/cli/filter.h"
#include "proto/mailseal.h"

#define OWN		"x-mailseal-"
#define OWN_DIGITS	16
#define RENAMED		"X-Old-Mailseal-"
#define NAME_BYTES	(sizeof(OWN) - 1 + OWN_DIGITS)
#define PIECE		65536

struct copier {
	const struct spool *spool;
	uint64_t offset;		/* of room, in the file */
	unsigned char room[PIECE];
	size_t len, used;		/* bytes in room; taken of them */
	unsigned char out[PIECE];
	size_t out_len;
	int to;
	bool failed;
};

static bool flush_out(struct copier *copier)
{
	if (!copier->failed &&
	    mailseal_write(copier->to, copier->out, copier->out_len) < 0)
		copier->failed = true;
	copier->out_len = 0;
	return !copier->failed;
}

static void put(struct copier *copier, const void *data, size_t len)
{
	if (copier->out_len + len > sizeof(copier->out))
		(void)flush_out(copier);
	if (len > sizeof(copier->out)) {
		copier->failed = copier->failed ||
				 mailseal_write(copier->to, data, len) < 0;
		return;
	}
	memcpy(copier->out + copier->out_len, data, len);
	copier->out_len += len;
}

/* Has at least `want` bytes ready, if there are so many; how many there are. */
static size_t ready(struct copier *copier, size_t want)
{
	size_t left = copier->len - copier->used;
	ssize_t got;

	if (left >= want)
		return left;
	memmove(copier->room, copier->room + copier->used, left);
	copier->len = left;
	copier->used = 0;
	while (copier->len < want && copier->offset < copier->spool->size) {
		got = pread(copier->spool->fd, copier->room + copier->len,
			    sizeof(copier->room) - copier->len,
			    (off_t)copier->offset);
		if (got <= 0) {
			copier->failed = true;
			break;
		}
		copier->len += (size_t)got;
		copier->offset += (uint64_t)got;
	}
	return copier->len;
}

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

/* Whether a field of such a name begins here. */
static bool is_like_ours(const unsigned char *line, size_t len)
{
	size_t i;

	if (len <= NAME_BYTES)
		return false;
	for (i = 0; i < sizeof(OWN) - 1; i++)
		if (lower(line[i]) != (unsigned char)OWN[i])
			return false;
	for (; i < NAME_BYTES; i++)
		if (line[i] == 0 ||
		    strchr("0123456789abcdef", lower(line[i])) == NULL)
			return false;
	while (i < len && (line[i] == ' ' || line[i] == '\t'))
		i++;
	return i < len && line[i] == ':';
}

/* The rest of a line, its LF with it.  False: that was the end. */
static bool copy_line(struct copier *copier)
{
	const unsigned char *at, *end;
	size_t len;

	while ((len = ready(copier, 1)) > 0) {
		at = copier->room + copier->used;
		end = memchr(at, '\n', len);
		if (end != NULL)
			len = (size_t)(end - at) + 1;
		put(copier, at, len);
		copier->used += len;
		if (end != NULL)
			return true;
	}
	return false;
}

static void copy_rest(struct copier *copier)
{
	size_t len;

	while (!copier->failed && (len = ready(copier, 1)) > 0) {
		put(copier, copier->room + copier->used, len);
		copier->used += len;
	}
}

/* The first line of the header tells. */
static const char *line_end(struct copier *copier)
{
	size_t len = ready(copier, sizeof(copier->room) / 2);
	const unsigned char *at = copier->room + copier->used;
	const unsigned char *end = memchr(at, '\n', len);

	return end != NULL && end > at && end[-1] == '\r' ? "\r\n" : "\n";
}

static void put_own(struct copier *copier, const char *line, const char *end)
{
	size_t len;

	for (;;) {
		len = strcspn(line, "\n");
		put(copier, line, len);
		put(copier, end, strlen(end));
		if (line[len] == 0)
			return;
		line += len + 1;
	}
}

static void copy_header(struct copier *copier)
{
	const unsigned char *at;
	bool more = true;
	size_t len;

	while (more && !copier->failed) {
		len = ready(copier, NAME_BYTES + 64);
		at = copier->room + copier->used;
		if (len == 0 || at[0] == '\n' ||
		    (len > 1 && at[0] == '\r' && at[1] == '\n'))
			return;		/* the header's end */
		if (is_like_ours(at, len)) {
			put(copier, RENAMED, sizeof(RENAMED) - 1);
			copier->used += sizeof(OWN) - 1;
		}
		more = copy_line(copier);
	}
}

bool field_put(const struct spool *spool, const char *line, int to)
{
	static struct copier copier;
	const char *end;

	memset(&copier, 0, sizeof(copier));
	copier.spool = spool;
	copier.to = to;
	if (ready(&copier, 5) >= 5 && memcmp(copier.room, "From ", 5) == 0)
		(void)copy_line(&copier);
	end = line_end(&copier);
	put_own(&copier, line, end);
	copy_header(&copier);
	copy_rest(&copier);
	return flush_out(&copier) && !copier.failed;
}
