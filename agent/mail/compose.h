/* compose.h - an entity as it may be signed: the bytes that go out
 *
 * RFC 8551 section 3.1 (canonical form, 7-bit transfer encoding), RFC 1847
 * section 2.1, RFC 2045.  Line ends become CRLF; a part whose octets a gateway
 * could change (8-bit, lines over 998, blanks at a line's end, "From " lines)
 * is encoded; everything else goes out as it came.  What is signed or
 * encrypted already (multipart/signed, multipart/encrypted) is never touched.
 * The entity is a plan over the message's bytes and is read as a source, as
 * often as need be: the same bytes go to the signature and to the wire.
 * Does not do: sign, choose header fields (protected_headers.h does). */
#ifndef MAILSEAL_MAIL_COMPOSE_H
#define MAILSEAL_MAIL_COMPOSE_H

#include "agent/base/bytes.h"

struct arena;
struct mime_part;
struct range;
struct source;

/* What is written in front of, and into, the entity. */
struct compose {
	struct arena *arena;
	/* Fields beside the root's own Content- fields, with CRLF; may be
	 * empty. */
	struct bytes fields;
	/* Parameters added to the root's Content-Type: "; hp=\"clear\""; may
	 * be empty. */
	const char *parameters;
	/* Written in front of the text of one part (NULL: none), as a display
	 * for readers that show no protected fields (RFC 9788 section 5.2.1):
	 * UTF-8, lines ended by CRLF. */
	const struct mime_part *shown_in;
	struct bytes shown;
};

struct compose_plan;

/* Plans the entity `root`, found by a scan for MIME_LINES: header, body, no
 * line end behind it but the body's own.  The plan lives in the arena. 0;
 * ERR_LIMIT: it is full. */
int compose_plan_make(const struct compose *compose,
		      const struct mime_part *root,
		      const struct compose_plan **out);

struct compose_reader;

/* Reads what was planned out of the message (whose range it is; copied).
 * NULL: no memory. */
struct compose_reader *compose_reader_new(const struct compose_plan *plan,
					  const struct range *message);
struct source compose_reader_source(struct compose_reader *reader);
void compose_reader_free(struct compose_reader *reader);

/* Whether the part goes out encoded, though it was not. */
bool compose_changes(const struct mime_part *part);

/* Where such a display may stand: the main text/plain part, in a charset that
 * can hold `text`; NULL: nowhere. */
const struct mime_part *compose_main_text(const struct mime_part *root,
					  struct bytes text);

#endif
