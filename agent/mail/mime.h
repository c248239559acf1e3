/* mime.h - the parts of a message, as ranges of its bytes
 *
 * RFC 2045, RFC 2046 section 5.1 (multipart) and 5.2.1 (message/rfc822), RFC
 * 5322.  One pass over a message of any size; headers are kept, bodies are
 * not.  What is signed is a range of bytes (RFC 1847 section 2.1), so every
 * part knows where it begins and ends, exactly.
 * Readers of mail differ in what they take for a part: whatever another one
 * could see differently makes the part `odd`, and nothing is then said of a
 * whole message.
 * Does not do: decode a body, judge. */
#ifndef MAILSEAL_MAIL_MIME_H
#define MAILSEAL_MAIL_MIME_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/mail/mime_type.h"

struct arena;
struct message;

#define MIME_DEPTH_MAX		50	/* deeper parts are not looked into */
#define MIME_PARTS_MAX		1000	/* further ones are not listed */
#define MIME_HEADER_MAX		65536	/* octets of one part's header */
#define MIME_HEADERS_MAX	(4 * 1024 * 1024)	/* of all parts' */
#define MIME_BOUNDARY_MAX	200	/* octets; RFC 2046 allows 70 */
#define MIME_PATH_MAX		256	/* characters of "1.2.3" */

enum mime_encoding {
	MIME_7BIT, MIME_8BIT, MIME_BINARY,	/* the bytes as they are */
	MIME_QUOTED, MIME_BASE64,
	MIME_UNKNOWN		/* named, but nothing we know */
};

/* What the lines of a body are like; for whoever has to recode it. */
struct mime_lines {
	uint64_t longest;	/* octets of the longest, without its end */
	bool eight_bit;
	bool nul;
	bool bare_cr;		/* a CR that no LF follows */
	bool blank_end;		/* SP or HTAB before a line end */
	bool from_line;		/* a line that begins with "From " */
};

struct mime_part {
	struct mime_part *parent, *first, *last, *next;
	unsigned nth;			/* among its siblings, from 1 */
	unsigned depth;			/* 0: the message */
	uint64_t start;			/* of its header */
	uint64_t body;			/* behind the empty line */
	uint64_t end;			/* of its body; the line end before the
					 * delimiter is not part of it */
	struct message *header;		/* NULL: it has no field */
	struct mime_type type;		/* with RFC 2045 section 5.2's
					 * defaults */
	enum mime_encoding encoding;
	struct mime_lines lines;	/* where MIME_LINES was wanted */
	struct bytes boundary;		/* multipart: between its parts; empty:
					 * none, and no parts */
	bool is_closed;			/* its last delimiter was there */
	bool is_message;		/* child of a message/rfc822 */
	bool odd;			/* another reader may see other parts */
	const char *odd_text;		/* why: a sentence */
};

struct mime_scan;

enum mime_want { MIME_PARTS, MIME_LINES };

/* The tree lives in `arena`, the scan does not.  NULL: no memory. */
struct mime_scan *mime_scan_new(struct arena *arena, enum mime_want want);
void mime_scan_free(struct mime_scan *scan);	/* NULL is allowed */

/* The message's bytes in order, in pieces of any size. */
void mime_scan_push(struct mime_scan *scan, struct bytes piece);

/* Once, behind the last piece. 0 and the message itself in *root; ERR_LIMIT:
 * a header, or the arena, is over its limit. */
int mime_scan_end(struct mime_scan *scan, struct mime_part **root);

/* "1.2": the second part of the first; "" is the message.  The child of a
 * message/rfc822 has its number too.  NULL: no such part; no memory. */
const struct mime_part *mime_part_at(const struct mime_part *root,
				     const char *path);
const char *mime_part_path(struct arena *arena, const struct mime_part *part);

/* The value of the part's field, unfolded; data NULL: there is none. */
struct bytes mime_field(struct arena *arena, const struct mime_part *part,
			const char *name);

#endif
