/* mime_base64.h - four characters, three octets, many times over */
#ifndef MAILSEAL_MAIL_MIME_BASE64_H
#define MAILSEAL_MAIL_MIME_BASE64_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

enum base64_ends { BASE64_CRLF, BASE64_LF };

struct base64_state {
	uint32_t bits;		/* what does not make three octets yet */
	unsigned count;		/* characters (decoding), octets (encoding) */
	unsigned column;	/* characters of the line (encoding) */
	bool ended;		/* the padding was there (decoding) */
	enum base64_ends ends;	/* of the lines (encoding) */
};

#define BASE64_LINE	76	/* RFC 2045 section 6.8 */

/* Takes from the front of *from what fits into `room` (3 octets at least);
 * how many octets came out. */
size_t base64_decode(struct base64_state *state, struct bytes *from,
		     unsigned char *to, size_t room);

/* Whole groups alone, up to the first character that is not of the alphabet:
 * for who skips none. */
size_t base64_decode_groups(struct bytes *from, unsigned char *to,
			    size_t room);

/* The same the other way round, with a line end behind every line (`room`: 8
 * octets at least); and what is left at the end, with its line end (8
 * octets). */
size_t base64_encode(struct base64_state *state, struct bytes *from,
		     unsigned char *to, size_t room);
size_t base64_encode_end(struct base64_state *state, unsigned char *to);

#endif
