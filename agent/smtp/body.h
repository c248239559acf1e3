/* body.h - the message on its way out
 *
 * RFC 5321 section 4.5.2 (transparency), 2.3.8 (a line ends with CRLF and
 * neither character stands alone), RFC 3030 (CHUNKING).  What breaks these
 * rules is not sent to its end: a lone CR or LF smuggles commands into
 * servers that read it otherwise. */
#ifndef MAILSEAL_SMTP_BODY_H
#define MAILSEAL_SMTP_BODY_H

#include <stdint.h>

#include "agent/base/bytes.h"

struct smtp_session;
struct source;

#define BODY_LINE_MAX 998	/* RFC 5322 section 2.1.1, without CRLF */

/* What a message needs of a server. */
struct body_facts {
	uint64_t size;
	uint64_t longest;	/* line's bytes, without CRLF */
	bool eight_bit;		/* somewhere */
	bool eight_bit_header;	/* before the first empty line: SMTPUTF8 */
	bool whole_lines;	/* every CR before LF, every LF after CR, CRLF
				 * at the end, no NUL */
};

/* Takes pieces; the facts hold after each. */
struct body_scan {
	struct body_facts facts;
	uint64_t line;		/* bytes of the line so far */
	unsigned char last;
	bool in_body, broken;
};
void body_scan_start(struct body_scan *scan);
void body_scan_more(struct body_scan *scan, struct bytes piece);

enum body_form {
	BODY_DATA,		/* behind 354: dots doubled */
	BODY_CHUNK		/* behind BDAT: as it is */
};

/* Sends `size` bytes of `from`, all but what ends the message (".", or the
 * chunk's last CRLF), which is body_end()'s.  0; ERR_SYNTAX: it breaks the
 * rules above, or is not `size` long; what the wire or `from` answered. */
int body_send(struct smtp_session *session, const struct source *from,
	      uint64_t size, enum body_form form);
int body_end(struct smtp_session *session, enum body_form form);

#endif
