/* mime_quoted.h - quoted-printable by the piece (RFC 2045 section 6.7) */
#ifndef MAILSEAL_MAIL_MIME_QUOTED_H
#define MAILSEAL_MAIL_MIME_QUOTED_H

#include <stdbool.h>

#include "agent/base/bytes.h"

#define QUOTED_LINE	76	/* characters, the soft line end included */
#define QUOTED_BLANKS_MAX 256	/* held back while decoding; more are kept */

struct quoted_state {
	unsigned char held[QUOTED_BLANKS_MAX];	/* decoding: "=" or "=4", or
						 * blanks before a line end */
	size_t held_len;
	unsigned column;		/* encoding */
	unsigned char last;		/* encoding: held back; 0: nothing */
	bool has_last;
	bool cr;			/* encoding: a CR that LF may follow */
};

/* Takes from the front of *from what fits into `room` (QUOTED_BLANKS_MAX + 8
 * octets at least); how many octets came out. */
size_t quoted_decode(struct quoted_state *state, struct bytes *from,
		     unsigned char *to, size_t room);
size_t quoted_decode_end(struct quoted_state *state, unsigned char *to);

/* Text in, with any line ends; `room`: 16 octets at least. */
size_t quoted_encode(struct quoted_state *state, struct bytes *from,
		     unsigned char *to, size_t room);
size_t quoted_encode_end(struct quoted_state *state, unsigned char *to);

#endif
