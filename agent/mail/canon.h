/* canon.h - DKIM's two canonical forms, in one pass
 *
 * RFC 6376 section 3.4.  Output goes to a sink in pieces, so that a body of
 * any size is hashed in constant memory.  A bare LF is a line end and comes
 * out as CRLF, because mailboxes store lines that way; a bare CR is an
 * ordinary character. */
#ifndef MAILSEAL_MAIL_CANON_H
#define MAILSEAL_MAIL_CANON_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct field;

enum canon { CANON_SIMPLE, CANON_RELAXED };

/* Takes a piece of canonical text; called often with small pieces is
 * avoided: pieces are runs, or a staging buffer's content. */
struct canon_sink {
	void (*take)(void *ctx, struct bytes piece);
	void *ctx;
};

/* One header field with its line end (section 3.4.1, 3.4.2).
 * `last`: without the final CRLF, as the DKIM-Signature field itself is
 * hashed (section 3.7). */
enum canon_end { CANON_WITH_CRLF, CANON_NO_CRLF };
void canon_field(enum canon form, struct bytes field, enum canon_end end,
		 const struct canon_sink *sink);

/* A body, in as many pieces as the caller likes (section 3.4.3, 3.4.4). */
struct canon_body {
	enum canon form;
	struct canon_sink sink;
	uint64_t limit;		/* l=: at most that many canonical bytes */
	uint64_t length;	/* canonical bytes there are, without limit */
	/* private: */
	uint64_t empty_lines;	/* CRLFs held back */
	bool in_line;		/* something of this line went out */
	bool blank;		/* WSP held back (relaxed) */
	bool had_cr;		/* a CR at the end of the last piece */
};

#define CANON_NO_LIMIT UINT64_MAX

/* Behind `at`, the first LF that no CR stands before; text.len: none.  What
 * stands at `at` itself is not looked at. */
size_t canon_bare_lf(struct bytes text, size_t at);

void canon_body_start(struct canon_body *body, enum canon form, uint64_t limit,
		      const struct canon_sink *sink);
void canon_body_more(struct canon_body *body, struct bytes piece);
void canon_body_end(struct canon_body *body);

#endif
