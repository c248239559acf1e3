/* compose_type.h - a part's Content-Type with parameters added
 *
 * RFC 2045 section 5.1, RFC 2231 section 4.  As it was written, if all readers
 * find there what is added; else anew, of what could be read of it.  The
 * parameters of RFC 9788 that it had are left out: they told of another
 * message.
 * Does not do: choose parameters. */
#ifndef MAILSEAL_MAIL_COMPOSE_TYPE_H
#define MAILSEAL_MAIL_COMPOSE_TYPE_H

#include "agent/base/bytes.h"

struct arena;
struct buf;
struct mime_part;

/* The whole field, ended by CRLF; empty: the part has none, and needs none.
 * `added`: "" or "; name=\"value\"".  data NULL: no memory. */
struct bytes compose_type(struct arena *arena, const struct mime_part *part,
			  const char *added);

/* A field as it goes out, but for the end of its last line.  CR, LF and CRLF
 * all end a line: a bare CR would not survive the way. */
void compose_lines(struct buf *to, struct bytes text);

#endif
