/* mime_crlf.h - line ends become CRLF, the rest goes over as it is
 *
 * RFC 8551 section 3.1.1.  A bare CR stays. */
#ifndef MAILSEAL_MAIL_MIME_CRLF_H
#define MAILSEAL_MAIL_MIME_CRLF_H

#include "agent/base/bytes.h"

/* Takes from the front of *from what fits into `room` (2 octets at least);
 * how many octets came out.  *last_cr: whether the octet before was a CR;
 * false in front of the first. */
size_t crlf_copy(struct bytes *from, bool *last_cr, unsigned char *to,
		 size_t room);

#endif
