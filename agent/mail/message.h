/* message.h - a message as a list of fields and a body, without copying it
 *
 * RFC 5322 section 2.1 and 2.2: field = name ":" value, folded lines begin
 * with a blank; an empty line, then the body.  Line ends may be CRLF (the
 * wire) or LF (a mailbox file); both are taken, and neither is changed here:
 * canon.h makes CRLF of them while it hashes.
 * Does not do: decode anything, judge anything. */
#ifndef MAILSEAL_MAIL_MESSAGE_H
#define MAILSEAL_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;

#define MESSAGE_HEADER_MAX	(1024 * 1024)	/* all fields together */
#define MESSAGE_FIELDS_MAX	4000		/* fields in one message */
#define MESSAGE_LINE_MAX	998	/* octets, RFC 5322 section 2.1.1 */

/* One field.  All slices point into the message. */
struct field {
	struct bytes name;	/* as written, without blanks before ':' */
	struct bytes value;	/* behind ':', folds inside, no last line end */
	struct bytes whole;	/* name to value, no last line end */
	bool odd_name;		/* a blank before ':', or a name that is not
				 * RFC 5322 ftext */
};

struct message {
	struct bytes raw;	/* what was given, without an mbox line */
	struct bytes head;	/* the header's bytes, last line end inside */
	struct bytes body;	/* behind the empty line; may be empty */
	struct field *fields;	/* top to bottom */
	size_t field_count;
	bool had_mbox_line;	/* "From " in front was left out */
	bool has_nul;		/* a NUL in the header */
	bool has_bare_cr;	/* a CR without LF in the header */
	bool starts_blank;	/* the first line begins with a blank: for some
				 * the header ends before it began */
	bool has_stray_line;	/* a line that is no field, and no line of a
				 * mailbox file above all fields: for some the
				 * header ends there and what follows is text */
	bool odd;		/* some line is read in different ways: else
				 * message_hidden() is 0 for every name */
	size_t hidden_from;	/* message_hidden() of From: a leading blank
				 * in the file's first line, "From :", a
				 * continuation line that begins "From:" and
				 * has an '@' behind it, ... (design 7) */
};

/* Keeps pointers into `raw`, which must live as long as *out; the list of
 * fields lives in `arena`.  Only the header is read: a body of any size
 * costs nothing, and `raw` may be the first part of a message as long as
 * it holds the whole header and the empty line.
 * 0; ERR_NOT_MAIL: empty, binary, or no line of it is a field;
 * ERR_LIMIT: over MESSAGE_HEADER_MAX or MESSAGE_FIELDS_MAX. */
int message_parse(struct arena *arena, struct bytes raw, struct message **out);

/* How often a field of that name (ASCII case ignored) is there. */
size_t message_count(const struct message *message, const char *name);

/* The `nth` of that name from the top, 0 the first; NULL: none. */
const struct field *message_find(const struct message *message,
				 const char *name, size_t nth);

/* A field's value unfolded (RFC 5322 section 2.2.3: line ends taken out),
 * trimmed, in the arena.  data NULL: no memory. */
struct bytes field_unfold(struct arena *arena, const struct field *field);

#endif
