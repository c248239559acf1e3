/* leak.c - the beginning of each part against that of private keys */
#include "agent/flow/leak.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/stream.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/mime_code.h"

/* "-----BEGIN ... PRIVATE KEY": a line of its own. */
static bool is_pem(struct bytes line)
{
	static const char begin[] = "-----BEGIN ", what[] = "PRIVATE KEY";

	return bytes_starts_nocase(line, begin) &&
	       memmem(line.data, line.len, what, sizeof(what) - 1) != NULL;
}

/* A line that may stand in front of PEM or of GnuPG's key: a field, an
 * attribute, another object. */
static bool is_preamble(struct bytes line)
{
	return line.len == 0 || bytes_find(line, ':') < line.len ||
	       bytes_find(line, '=') < line.len ||
	       bytes_starts_nocase(line, "Bag Attributes");
}

/* Behind a certificate comes anything. */
static bool is_text_key(struct bytes start)
{
	static const char *const first[] = {
		"(11:private-key", "(21:protected-private-key",
		"Key: (private-key", "Key: (protected-private-key",
	};
	struct bytes line, rest = start;
	bool behind = false;
	size_t i;

	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		line = bytes_trim(line);
		if (is_pem(line))
			return true;
		for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
			if (bytes_starts_nocase(line, first[i]))
				return true;
		behind = behind || bytes_starts_nocase(line, "-----BEGIN CERT");
		if (!behind && !is_preamble(line))
			return false;	/* it is another text */
	}
	return false;
}

/* A secret key packet: tag 5 or 7, and a version that there is. */
static bool is_packet_key(struct bytes start)
{
	unsigned char tag = start.len > 0 ? start.data[0] : 0;
	size_t at;

	if ((tag & 0xc0) == 0xc0) {
		if (start.len < 2 || ((tag & 0x3f) != 5 && (tag & 0x3f) != 7))
			return false;
		at = start.data[1] < 192 ? 2 : start.data[1] < 224 ? 3 : 6;
	} else {
		if ((tag & 0x80) == 0 ||
		    ((tag >> 2 & 15) != 5 && (tag >> 2 & 15) != 7))
			return false;
		at = (tag & 3) == 0 ? 2 : (tag & 3) == 1 ? 3 : 5;
	}
	return at + 5 < start.len && start.data[at] >= 3 &&
	       start.data[at] <= 6;
}

/* PFX (RFC 7292 section 4): version 3, then content of PKCS #7. */
static bool is_pkcs12(struct bytes start)
{
	static const unsigned char version[] = { 0x02, 0x01, 0x03, 0x30 };
	static const unsigned char pkcs7[] = { 0x06, 0x09, 0x2a, 0x86, 0x48,
					       0x86, 0xf7, 0x0d, 0x01, 0x07 };
	struct bytes front = bytes_slice(start, 0, 32);

	return start.len > 32 && start.data[0] == 0x30 &&
	       memmem(front.data, 10, version, sizeof(version)) != NULL &&
	       memmem(front.data, front.len, pkcs7, sizeof(pkcs7)) != NULL;
}

bool leak_is_key(struct bytes start)
{
	return is_text_key(start) || is_packet_key(start) ||
	       is_pkcs12(start);
}

static enum mime_step decoding(const struct mime_part *part)
{
	if (part->encoding == MIME_BASE64)
		return MIME_FROM_BASE64;
	return part->encoding == MIME_QUOTED ? MIME_FROM_QUOTED : MIME_AS_IS;
}

/* 1: a private key; 0; ERR_*. */
static int part_look(const struct range *message,
		     const struct mime_part *part)
{
	struct range range = range_within(message, part->body, part->end);
	unsigned char room[LEAK_LOOK];
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), text;
	struct mime_reader *decoder = mime_reader_new(&raw, decoding(part));
	struct bytes start = { room, 0 };
	int got = 1;

	if (decoder == NULL)
		return ERR_MEMORY;
	text = mime_reader_source(decoder);
	while (got > 0 && start.len < sizeof(room)) {
		got = text.read(text.ctx, room + start.len,
				sizeof(room) - start.len);
		start.len += got > 0 ? (size_t)got : 0;
	}
	mime_reader_free(decoder);
	got = got < 0 && got != ERR_SYNTAX ? got : leak_is_key(start);
	explicit_bzero(room, sizeof(room));
	return got;
}

/* The next one in the order of the text; NULL: there is none. */
static const struct mime_part *part_next(const struct mime_part *part)
{
	if (part->first != NULL)
		return part->first;
	while (part != NULL && part->next == NULL)
		part = part->parent;
	return part == NULL ? NULL : part->next;
}

int leak_find(struct arena *arena, const struct memfile *message,
	      const char **part)
{
	const struct range all = { message, NULL, 0, message->size };
	const struct mime_part *at;
	struct mime_part *root;
	int r = open_scan(arena, &all, NULL, &root);

	*part = NULL;
	if (r < 0)
		return r;
	for (at = root; at != NULL && r == 0; at = part_next(at)) {
		if (at->first != NULL)
			continue;
		r = part_look(&all, at);
		if (r > 0)
			*part = mime_part_path(arena, at);
	}
	return r > 0 && *part == NULL ? ERR_LIMIT : r;
}
