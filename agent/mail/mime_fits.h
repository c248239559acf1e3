/* mime_fits.h - whether a body is what its Content-Type says
 *
 * Many signers leave Content-Type and Content-Transfer-Encoding unsigned, and
 * who passes a mail on can then change how the signed body is read: text that
 * stands inside another, a boundary chosen in the middle, a transfer encoding
 * that makes other words of it.  A body that was made as its fields say shows
 * it: its parts begin at once and end with it, coded text is all code, HTML
 * begins with a tag.  Anything else could have been turned into this.
 * Does not do: read parts (mime.h), judge. */
#ifndef MAILSEAL_MAIL_MIME_FITS_H
#define MAILSEAL_MAIL_MIME_FITS_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;
struct message;

#define MIME_PREAMBLE_MAX 4096	/* octets above the first part */
#define MIME_END_ENOUGH 4096	/* of a large body's end */

/* What of a message nobody signed. */
struct mime_unsigned {
	bool type;			/* Content-Type */
	bool encoding;			/* Content-Transfer-Encoding */
};

/* A large one is looked at where it begins and where it ends. */
struct mime_body {
	struct bytes start, end;	/* of a whole one: the same */
	bool whole;
};

/* Whether the body can be what those fields say.  NULL: yes; else a sentence
 * that says why not. */
const char *mime_misfit(struct arena *arena, const struct message *message,
			struct mime_unsigned what,
			const struct mime_body *body);

#endif
