/* starttls.h - inside dane: from plain text to where TLS begins
 *
 * RFC 3207 (SMTP), 9051 section 6.2.1 (IMAP), 2595 section 4 (POP3).  What
 * the server says in the clear is believed in one point only: whether it will
 * start TLS.  A byte behind its answer is an injection (RFC 3207 section 6),
 * and so is one that comes before it was asked. */
#ifndef MAILSEAL_DANE_STARTTLS_H
#define MAILSEAL_DANE_STARTTLS_H

#include "agent/dane/decide.h"

#define STARTTLS_LINE_MAX	4096	/* bytes; RFC 5321 has 512 */
#define STARTTLS_LINES_MAX	128	/* of one answer */
#define STARTTLS_SAID_MAX	160	/* of what the server said last */

struct dial_patience;

struct starttls {
	enum decide_wire wire;	/* SEEN: TLS may begin on the socket */
	char said[STARTTLS_SAID_MAX];	/* printable; "" */
	int error;		/* with CUT: ERR_GONE, ERR_TIMEOUT,
				 * ERR_REFUSED, ERR_PROTOCOL */
};

/* `ehlo`: for SMTP.  `start` is none but the three STARTTLS ones. */
void starttls(int fd, enum dane_start start, const char *ehlo,
	      const struct dial_patience *patience, struct starttls *out);

/* A line of an answer, without its end: the fuzz target's door as well. */
enum starttls_line {
	STARTTLS_MORE,		/* another one follows */
	STARTTLS_YES, STARTTLS_NO,	/* the last one */
	STARTTLS_NONSENSE
};
enum starttls_turn { STARTTLS_GREETING, STARTTLS_HELLO, STARTTLS_GO };

/* Whether the capability was seen is added to *offered (SMTP's HELLO). */
enum starttls_line starttls_read(enum dane_start start,
				 enum starttls_turn turn, struct bytes line,
				 bool *offered);

#endif
