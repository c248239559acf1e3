/* openpgp_strict.c - an OpenPGP object that has passed for what it must be */
#include "agent/crypto/openpgp_strict.h"

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/crypto/openpgp_armor.h"

struct openpgp_strict {
	struct source from;
	enum packet_shape shape;
	uint64_t size;			/* octets that were read */
	bool ended;
	int broken;			/* what every further read answers */
	struct packet_walk walk;
	struct armor armor;
	struct buf ready;		/* to be read */
	size_t at;
	unsigned char room[STREAM_PIECE];
};

static const enum armor_kind armor_of[] = {
	[PACKETS_MESSAGE] = ARMOR_MESSAGE,
	[PACKETS_SIGNATURE] = ARMOR_SIGNATURE,
	[PACKETS_KEY] = ARMOR_KEY,
};

/* What came out of the armor. */
static int packets_write(void *ctx, struct bytes piece)
{
	struct openpgp_strict *strict = ctx;
	int r = packet_push(&strict->walk, piece);

	buf_add(&strict->ready, piece);
	return r == 0 && strict->ready.full ? ERR_MEMORY : r;
}

static int strict_fill(struct openpgp_strict *strict)
{
	struct sink sink = { packets_write, strict };
	struct bytes piece = { strict->room, 0 };
	int got, r;

	buf_clear(&strict->ready);
	strict->at = 0;
	got = strict->from.read(strict->from.ctx, strict->room,
				sizeof(strict->room));
	if (got < 0)
		return got;
	piece.len = (size_t)got;
	strict->size += piece.len;
	if (got > 0)
		return armor_push(&strict->armor, piece, &sink);
	strict->ended = true;
	r = armor_end(&strict->armor, &sink);
	return r == 0 ? packet_end(&strict->walk) : r;
}

static int strict_rewind(void *ctx)
{
	struct openpgp_strict *strict = ctx;

	armor_start(&strict->armor, armor_of[strict->shape]);
	packet_start(&strict->walk, strict->shape);
	buf_clear(&strict->ready);
	strict->at = 0;
	strict->size = 0;
	strict->ended = false;
	strict->broken = 0;
	return strict->from.rewind(strict->from.ctx);
}

static int strict_read(void *ctx, unsigned char *room, size_t size)
{
	struct openpgp_strict *strict = ctx;

	while (strict->broken == 0 && !strict->ended &&
	       strict->at == strict->ready.len)
		strict->broken = strict_fill(strict);
	if (strict->broken < 0)
		return strict->broken;
	if (size > strict->ready.len - strict->at)
		size = strict->ready.len - strict->at;
	if (size > 0)
		memcpy(room, strict->ready.data + strict->at, size);
	strict->at += size;
	return (int)size;
}

struct openpgp_strict *openpgp_strict_new(const struct source *from,
					  enum packet_shape shape)
{
	struct openpgp_strict *strict = calloc(1, sizeof(*strict));

	if (strict == NULL)
		return NULL;
	strict->from = *from;
	strict->shape = shape;
	armor_start(&strict->armor, armor_of[shape]);
	packet_start(&strict->walk, shape);
	/* At most what one piece brings, and what the armor held back. */
	buf_init(&strict->ready, 2 * STREAM_PIECE);
	return strict;
}

void openpgp_strict_free(struct openpgp_strict *strict)
{
	if (strict == NULL)
		return;
	buf_free(&strict->ready);
	free(strict);
}

struct source openpgp_strict_source(struct openpgp_strict *strict)
{
	struct source source = { strict_read, strict_rewind, strict };

	return source;
}

enum packet_fault openpgp_strict_fault(const struct openpgp_strict *strict)
{
	if (strict->walk.fault == PACKET_FINE && strict->broken == ERR_SYNTAX)
		return PACKET_BROKEN;	/* the armor was */
	return strict->walk.fault;
}

const struct packet_walk *
openpgp_strict_walk(const struct openpgp_strict *strict)
{
	return &strict->walk;
}

uint64_t openpgp_strict_size(const struct openpgp_strict *strict)
{
	return strict->size;
}

int openpgp_strict_finish(struct openpgp_strict *strict)
{
	while (strict->broken == 0 && !strict->ended)
		strict->broken = strict_fill(strict);
	return strict->broken;
}

int openpgp_strict_read(struct bytes object, enum packet_shape shape,
			struct buf *to, enum packet_fault *fault)
{
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, object), checked;
	struct openpgp_strict *strict = openpgp_strict_new(&from, shape);
	struct sink sink = sink_of_buf(to);
	int r;

	*fault = PACKET_FINE;
	if (strict == NULL)
		return ERR_MEMORY;
	checked = openpgp_strict_source(strict);
	r = stream_copy(&checked, &sink);
	*fault = openpgp_strict_fault(strict);
	openpgp_strict_free(strict);
	return r;
}
