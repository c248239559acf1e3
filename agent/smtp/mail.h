/* mail.h - one message to its recipients, over an open session
 *
 * RFC 5321 section 3.3 and 4.1.1, 6409 (submission), 2920 (PIPELINING), 1870
 * (SIZE), 6152 (8BITMIME), 6531 (SMTPUTF8), 3461 (DSN), 3030 (CHUNKING), 8689
 * (REQUIRETLS).  Every recipient gets a fate of its own.  What the server
 * says are too many recipients for one transaction go in the next. */
#ifndef MAILSEAL_SMTP_MAIL_H
#define MAILSEAL_SMTP_MAIL_H

#include <stdint.h>

#include "agent/smtp/outcome.h"

struct smtp_session;
struct source;

#define SMTP_RECIPIENTS_MAX	10000
#define SMTP_TEXT_MAX		200	/* of one recipient's answer */

enum smtp_decision {
	SMTP_UNDECIDED,
	SMTP_ACCEPTED,		/* at RCPT; the message is still to come */
	SMTP_DECIDED		/* `fate` is final for this attempt */
};

struct smtp_recipient {
	const char *address;	/* as it stands between < and > */
	enum smtp_decision decision;
	enum smtp_fate fate;
	int code;		/* the server's; 0: none */
	char status[REPLY_STATUS_MAX];
	char text[SMTP_TEXT_MAX];
};

/* What a caller wants to know while it happens. */
struct smtp_watch {
	/* The whole message but its end went out, to those recipients that
	 * are SMTP_ACCEPTED.  Not 0: it is not ended, nobody gets it. */
	int (*before_end)(void *ctx);
	/* The answer to it is known: recipients that were SMTP_ACCEPTED are
	 * decided. */
	void (*answered)(void *ctx, const struct smtp_outcome *outcome);
	void *ctx;
};

/* Filled in by the caller; texts are borrowed. */
struct smtp_mail {
	const char *sender;	/* "" for a bounce */
	struct smtp_recipient *recipients;
	size_t count;
	const struct source *source;	/* lines end with CRLF */
	uint64_t size;
	bool eight_bit;
	bool utf8;		/* an address needs SMTPUTF8 */
	bool utf8_header;	/* a header field does: asked for where it is
				 * offered, else sent as programs always did */
	bool require_tls;	/* asked for where it is offered */
	const char *ret;	/* DSN: "FULL", "HDRS"; NULL */
	const char *envelope_id;	/* DSN, xtext; NULL */
	const char *notify;	/* DSN: "NEVER", or a list; NULL */
	const struct smtp_watch *watch;	/* NULL: none */
};

/* All of it.  Afterwards every recipient is decided, and *out is the worst
 * that there was: what a person should read first. */
void mail_send(struct smtp_session *session, struct smtp_mail *mail,
	       struct smtp_outcome *out);

#endif
