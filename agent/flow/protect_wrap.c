/* protect_wrap.c - headers and delimiters around signatures and blobs */
#include "agent/flow/protect_wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/mime_code.h"

#define CRLF		"\r\n"
#define RANDOM		16		/* octets of a boundary */
#define SIGNATURE_MAX	(2 * 1024 * 1024)	/* octets, coded */

/* "=-" stands in no base64 and in no quoted-printable (RFC 2045 6.7). */
int wrap_boundary(char out[WRAP_BOUNDARY])
{
	unsigned char octets[RANDOM];
	size_t i;

	if (getrandom(octets, sizeof(octets), 0) != (ssize_t)sizeof(octets))
		return ERR_IO;
	(void)snprintf(out, WRAP_BOUNDARY, "=-seal");
	for (i = 0; i < sizeof(octets); i++)
		(void)snprintf(out + 6 + 2 * i, 3, "%02x", octets[i]);
	return 0;
}

/* The blob as it stands in a part, with a line end behind it. */
static int coded(const struct scheme *scheme, struct bytes blob,
		 struct buf *to)
{
	struct sink out = sink_of_buf(to), in;
	struct mime_writer *writer = mime_writer_new(&out, scheme->armored ?
						     MIME_TO_CRLF :
						     MIME_TO_BASE64);
	int r = ERR_MEMORY;

	if (writer != NULL) {
		in = mime_writer_sink(writer);
		r = in.write(in.ctx, blob);
		if (r == 0)
			r = mime_writer_end(writer);
	}
	mime_writer_free(writer);
	if (r == 0 && (to->len == 0 || to->data[to->len - 1] != '\n'))
		buf_text(to, CRLF);
	return r;
}

static const char *coding_field(const struct scheme *scheme)
{
	return scheme->armored ? "" :
	       "Content-Transfer-Encoding: base64" CRLF;
}

int wrap_signed_front(struct arena *arena, const struct scheme *scheme,
		      const char *boundary, const char *digest,
		      struct wrap_signed *out)
{
	out->front = bytes_of(arena_print(arena,
		"Content-Type: multipart/signed; protocol=\"%s\";" CRLF
		" micalg=%s%s; boundary=\"%s\"" CRLF CRLF
		"--%s" CRLF, scheme->signature_protocol,
		scheme->micalg_prefix, digest, boundary, boundary));
	return out->front.len == 0 ? ERR_LIMIT : 0;
}

int wrap_signed_back(struct arena *arena, const struct scheme *scheme,
		     const char *boundary, struct bytes signature,
		     struct wrap_signed *out)
{
	const char *name = strstr(scheme->signature_type, "name=");
	struct buf back;
	int r;

	buf_init(&back, SIGNATURE_MAX);
	buf_print(&back, CRLF "--%s" CRLF "Content-Type: %s" CRLF "%s"
		  "Content-Disposition: attachment; file%s" CRLF CRLF,
		  boundary, scheme->signature_type, coding_field(scheme),
		  name == NULL ? "name=signature" : name);
	r = coded(scheme, signature, &back);
	buf_print(&back, "--%s--" CRLF, boundary);
	out->back = arena_bytes(arena, buf_bytes(&back));
	if (r == 0 && (back.full || out->back.data == NULL))
		r = ERR_LIMIT;
	buf_free(&back);
	return r;
}

struct wrap_sealed {
	const struct scheme *scheme;
	const char *boundary;
	struct sink to;
	struct mime_writer *writer;
	bool started;
};

struct wrap_sealed *wrap_sealed_new(const struct scheme *scheme,
				    const char *boundary,
				    const struct sink *to)
{
	struct wrap_sealed *wrap = calloc(1, sizeof(*wrap));

	if (wrap == NULL)
		return NULL;
	wrap->scheme = scheme;
	wrap->boundary = boundary;
	wrap->to = *to;
	wrap->writer = mime_writer_new(to, scheme->armored ? MIME_TO_CRLF :
							     MIME_TO_BASE64);
	if (wrap->writer == NULL) {
		free(wrap);
		return NULL;
	}
	return wrap;
}

static int header_write(struct wrap_sealed *wrap, struct bytes start)
{
	const struct scheme *scheme = wrap->scheme;
	struct buf header;
	int r;

	buf_init(&header, 4096);
	if (scheme->control_type != NULL)
		buf_print(&header, "Content-Type: multipart/encrypted; "
			  "protocol=\"%s\";" CRLF " boundary=\"%s\"" CRLF
			  CRLF "--%s" CRLF "Content-Type: %s" CRLF CRLF "%s"
			  CRLF "--%s" CRLF, scheme->control_type,
			  wrap->boundary, wrap->boundary,
			  scheme->control_type, scheme->control_text,
			  wrap->boundary);
	buf_print(&header, "Content-Type: %s" CRLF "%s" CRLF,
		  scheme->blob_type(start), coding_field(scheme));
	r = header.full ? ERR_LIMIT :
			  wrap->to.write(wrap->to.ctx, buf_bytes(&header));
	buf_free(&header);
	return r;
}

static int sealed_write(void *ctx, struct bytes piece)
{
	struct wrap_sealed *wrap = ctx;
	struct sink in = mime_writer_sink(wrap->writer);
	int r = 0;

	if (!wrap->started && piece.len > 0) {
		wrap->started = true;
		r = header_write(wrap, piece);
	}
	return r == 0 ? in.write(in.ctx, piece) : r;
}

struct sink wrap_sealed_sink(struct wrap_sealed *wrap)
{
	struct sink sink = { sealed_write, wrap };

	return sink;
}

int wrap_sealed_end(struct wrap_sealed *wrap)
{
	char line[WRAP_BOUNDARY + 10];
	int r;

	if (!wrap->started)
		return ERR_SYNTAX;
	r = mime_writer_end(wrap->writer);
	if (r < 0 || wrap->scheme->control_type == NULL)
		return r;
	(void)snprintf(line, sizeof(line), CRLF "--%s--" CRLF,
		       wrap->boundary);
	return wrap->to.write(wrap->to.ctx, bytes_of(line));
}

void wrap_sealed_free(struct wrap_sealed *wrap)
{
	if (wrap == NULL)
		return;
	mime_writer_free(wrap->writer);
	free(wrap);
}
