/* body.c - looking through a message, and sending it */
#include "agent/smtp/body.h"

#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/smtp/session.h"

#define OUT_SIZE (2 * STREAM_PIECE)	/* every byte may be a dot */

void body_scan_start(struct body_scan *scan)
{
	memset(scan, 0, sizeof(*scan));
	scan->last = '\n';
}

static void scan_line_end(struct body_scan *scan)
{
	if (scan->line == 1)			/* its CR */
		scan->in_body = true;
	if (scan->line > 0 && scan->line - 1 > scan->facts.longest)
		scan->facts.longest = scan->line - 1;
	scan->line = 0;
}

void body_scan_more(struct body_scan *scan, struct bytes piece)
{
	struct body_facts *facts = &scan->facts;
	unsigned char c;
	size_t i;

	for (i = 0; i < piece.len; i++) {
		c = piece.data[i];
		if (c == 0 || (scan->last == '\r') != (c == '\n'))
			scan->broken = true;
		if (c >= 0x80) {
			facts->eight_bit = true;
			if (!scan->in_body)
				facts->eight_bit_header = true;
		}
		if (c == '\n') {
			scan_line_end(scan);
		} else {
			scan->line++;
			if (c != '\r' && scan->line > facts->longest)
				facts->longest = scan->line;
		}
		scan->last = c;
	}
	facts->size += piece.len;
	facts->whole_lines = !scan->broken && scan->last == '\n' &&
			     facts->size > 0;
}

struct writer {
	struct smtp_session *session;
	enum body_form form;
	unsigned char *out;
	size_t len;
	unsigned char last;
};

/* Copies a piece into writer->out, dots doubled. */
static void stuff(struct writer *writer, struct bytes piece)
{
	const unsigned char *end;
	size_t run;

	while (piece.len > 0) {
		if (writer->form == BODY_DATA && writer->last == '\n' &&
		    piece.data[0] == '.')
			writer->out[writer->len++] = '.';
		end = memchr(piece.data, '\n', piece.len);
		run = end == NULL ? piece.len : (size_t)(end - piece.data) + 1;
		memcpy(writer->out + writer->len, piece.data, run);
		writer->len += run;
		writer->last = piece.data[run - 1];
		piece = bytes_slice(piece, run, piece.len);
	}
}

static int flush(struct writer *writer, size_t keep)
{
	struct bytes bytes = { writer->out, writer->len - keep };
	int r;

	if (writer->len <= keep)
		return 0;
	r = session_say(writer->session, bytes,
			writer->session->times->block);
	memmove(writer->out, writer->out + bytes.len, keep);
	writer->len = keep;
	return r;
}

int body_send(struct smtp_session *session, const struct source *from,
	      uint64_t size, enum body_form form)
{
	struct writer writer = { session, form, malloc(OUT_SIZE + 8), 0,
				 '\n' };
	unsigned char *room = malloc(STREAM_PIECE);
	struct body_scan scan;
	struct bytes piece;
	int got = 0, r = ERR_MEMORY;

	if (writer.out == NULL || room == NULL)
		goto out;
	body_scan_start(&scan);
	r = from->rewind(from->ctx);
	/* A chunk's last two bytes wait for body_end(). */
	while (r == 0 && (got = from->read(from->ctx, room,
					   STREAM_PIECE)) > 0) {
		piece.data = room;
		piece.len = (size_t)got;
		body_scan_more(&scan, piece);
		if (scan.broken || scan.facts.size > size)
			r = ERR_SYNTAX;
		stuff(&writer, piece);
		if (r == 0)
			r = flush(&writer, form == BODY_CHUNK ? 2 : 0);
	}
	if (r == 0 && got < 0)
		r = got;
	if (r == 0 && (scan.facts.size != size || !scan.facts.whole_lines))
		r = ERR_SYNTAX;
out:
	free(writer.out);
	free(room);
	return r;
}

int body_end(struct smtp_session *session, enum body_form form)
{
	return session_say(session, bytes_of(form == BODY_DATA ? ".\r\n" :
					     "\r\n"),
			   session->times->block);
}
