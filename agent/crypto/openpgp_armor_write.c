/* openpgp_armor_write.c - ASCII armor made, by the room */
#include "agent/crypto/openpgp_armor_write.h"

#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/mail/mime_base64.h"

#define ROOM	65536
#define LAST	128		/* octets that the end needs, or a line */

struct armor_writer {
	struct sink to;
	enum armor_kind kind;
	struct base64_state base64;
	struct openpgp_crc crc;
	bool started;
	size_t used;
	unsigned char room[ROOM];
};

struct armor_writer *armor_writer_new(const struct sink *to,
				      enum armor_kind kind)
{
	struct armor_writer *writer = malloc(sizeof(*writer));

	if (writer == NULL)
		return NULL;
	memset(writer, 0, offsetof(struct armor_writer, room));
	writer->to = *to;
	writer->kind = kind;
	writer->base64.ends = BASE64_LF;
	openpgp_crc_start(&writer->crc);
	return writer;
}

void armor_writer_free(struct armor_writer *writer)
{
	free(writer);
}

static void put(struct armor_writer *writer, const char *text)
{
	struct bytes piece = bytes_of(text);

	memcpy(writer->room + writer->used, piece.data, piece.len);
	writer->used += piece.len;
}

static void put_mark(struct armor_writer *writer, const char *word)
{
	put(writer, word);
	put(writer, armor_block_name[writer->kind]);
	put(writer, "\n");
}

static int flush(struct armor_writer *writer)
{
	struct bytes piece = { writer->room, writer->used };

	writer->used = 0;
	return piece.len > 0 ? writer->to.write(writer->to.ctx, piece) : 0;
}

static int writer_write(void *ctx, struct bytes piece)
{
	struct armor_writer *writer = ctx;
	int r = 0;

	if (!writer->started && piece.len > 0) {
		writer->started = true;
		put_mark(writer, "-----BEGIN ");
		put(writer, "\n");
	}
	openpgp_crc_add(&writer->crc, piece);
	while (r == 0 && piece.len > 0) {
		writer->used += base64_encode(&writer->base64, &piece,
					      writer->room + writer->used,
					      ROOM - writer->used);
		if (ROOM - writer->used < LAST)
			r = flush(writer);
	}
	return r;
}

struct sink armor_writer_sink(struct armor_writer *writer)
{
	struct sink sink = { writer_write, writer };

	return sink;
}

/* "=", and the three octets of the check value. */
static void put_sum(struct armor_writer *writer)
{
	uint32_t sum = openpgp_crc_sum(&writer->crc);
	const unsigned char octets[3] = {
		(unsigned char)(sum >> 16 & 0xff),
		(unsigned char)(sum >> 8 & 0xff), (unsigned char)(sum & 0xff)
	};
	struct bytes piece = { octets, sizeof(octets) };
	struct base64_state base64 = { .ends = BASE64_LF };

	put(writer, "=");
	writer->used += base64_encode(&base64, &piece,
				      writer->room + writer->used, LAST);
	writer->used += base64_encode_end(&base64,
					  writer->room + writer->used);
}

int armor_writer_end(struct armor_writer *writer)
{
	if (!writer->started)
		return ERR_SYNTAX;
	writer->used += base64_encode_end(&writer->base64,
					  writer->room + writer->used);
	put_sum(writer);
	put_mark(writer, "-----END ");
	return flush(writer);
}
