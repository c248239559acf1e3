/* outgoing.h - a message as its author's program handed it over
 *
 * What every program that ever called sendmail(8) may hand over: LF, CRLF or
 * lone CR, with or without a "From " line, a header or an end.  Comes out as
 * RFC 5322 wants it: CRLF, no Bcc, Date and Message-ID and From there.  A
 * message that was resent (section 3.6.6: some Resent- field) stays as it is
 * but for Bcc and line ends.
 * Does not do: change what stands there otherwise, sign, encrypt. */
#ifndef MAILSEAL_FLOW_OUTGOING_H
#define MAILSEAL_FLOW_OUTGOING_H

#include <stdint.h>

#include "agent/base/buf.h"
#include "agent/base/stream.h"
#include "agent/smtp/body.h"

struct arena;
struct memfile;

#define OUTGOING_HEADER_MAX	(1024 * 1024)	/* bytes */
#define OUTGOING_FIELDS_MAX	4000
#define OUTGOING_RECIPIENTS_MAX	10000

struct outgoing_field {
	struct bytes name;
	struct bytes value;	/* behind ":", folds and line end inside */
	struct bytes whole;
};

struct outgoing {
	const struct memfile *file;
	struct outgoing_field *fields;
	size_t count;
	uint64_t body_at;	/* in the file */
	bool resent;
};

/* `file` holds at least OUTGOING_HEADER_MAX bytes, or all, and lives as long.
 * 0; ERR_LIMIT: its header is longer, or has too many fields. */
int outgoing_read(struct arena *arena, const struct memfile *file,
		  struct outgoing *out);

/* The `nth` of that name; NULL. */
const struct outgoing_field *outgoing_find(const struct outgoing *message,
					   const char *name, size_t nth);
/* Its value without line ends, and without blanks at both ends. */
struct bytes outgoing_value(struct arena *arena,
			    const struct outgoing_field *field);
/* The same of the first of that name; NULL: none. */
const char *outgoing_text(struct arena *arena, const struct outgoing *message,
			  const char *name);

/* --- Addresses: normal forms (mail/address.h), each once. */

struct outgoing_list {
	const char **all;
	size_t count, room;
};

/* 0; ERR_LIMIT. */
int outgoing_list_add(struct arena *arena, struct outgoing_list *list,
		      const char *normal);
bool outgoing_list_has(const struct outgoing_list *list, const char *normal);

/* Adds every address of `text` (an address list).  0; ERR_SYNTAX, with *bad
 * the address that is none, as written; ERR_LIMIT. */
int outgoing_addresses(struct arena *arena, struct bytes text,
		       struct outgoing_list *list, const char **bad);

/* Those of To and Cc, and of Bcc into `hidden`; of a resent message those of
 * its newest block of Resent- fields.  As above. */
int outgoing_recipients(struct arena *arena, const struct outgoing *message,
			struct outgoing_list *shown,
			struct outgoing_list *hidden, const char **bad);

/* The author: Resent-From of a resent message, else From; its first mailbox.
 * NULL: there is none. *qualified: false where it has no domain. */
const char *outgoing_author(struct arena *arena,
			    const struct outgoing *message, bool *qualified);

/* --- Putting it together. */

struct outgoing_extra {
	const char *from;	/* "Name <address>", ASCII; NULL: not */
	const char *date;
	const char *message_id;	/* all three only where missing */
	bool quoted;		/* the body is made quoted-printable */
};

/* The new header, with the empty line at its end. 0; ERR_LIMIT; ERR_SYNTAX: a
 * NUL in it. */
int outgoing_header(const struct outgoing *message,
		    const struct outgoing_extra *extra, struct buf *to);

/* Header and body as one source, CRLF throughout, always with a line end at
 * the end.  ERR_SYNTAX when read: a NUL. */
struct outgoing_reader;
struct outgoing_reader *outgoing_reader_new(const struct outgoing *message,
					    const struct buf *header);
struct source outgoing_reader_source(struct outgoing_reader *reader);
void outgoing_reader_free(struct outgoing_reader *reader);

/* Whether its body may be made quoted-printable: text without an encoding. */
bool outgoing_may_quote(const struct outgoing *message);

#endif
