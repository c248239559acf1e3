/* outcome.h - how far a submission came, and what that means
 *
 * RFC 5321 section 4.2.1 (4yz: later, 5yz: never), 4.5.4.1 (retrying),
 * RFC 1047 and 5321 section 4.5.3.2.6 (a connection that breaks after the
 * message leaves the outcome unknown). */
#ifndef MAILSEAL_SMTP_OUTCOME_H
#define MAILSEAL_SMTP_OUTCOME_H

#include "agent/smtp/reply.h"

#define OUTCOME_TEXT_MAX 512

enum smtp_stage {
	SMTP_AT_GREETING, SMTP_AT_EHLO, SMTP_AT_LOGIN, SMTP_AT_MAIL,
	SMTP_AT_RCPT, SMTP_AT_DATA,
	SMTP_AT_BODY,		/* the message goes out; not yet its end */
	SMTP_AT_END,		/* its end may have gone out */
	SMTP_STAGES
};

enum smtp_fate {
	SMTP_TAKEN,		/* the server answers for it now */
	SMTP_LATER,		/* not taken; another time may be better */
	SMTP_REFUSED,		/* not taken, and never will be */
	SMTP_DENIED,		/* the login: the account's matter */
	SMTP_UNKNOWN,		/* taken or not: nobody can tell */
	SMTP_FATES
};

/* "taken", "later", "refused", "denied", "unknown". */
extern const char *const smtp_fate_name[SMTP_FATES];

struct smtp_outcome {
	enum smtp_fate fate;
	enum smtp_stage stage;
	int code;		/* the server's; 0: it gave none */
	char status[REPLY_STATUS_MAX];
	char text[OUTCOME_TEXT_MAX];	/* a sentence without its full stop,
					 * printable ASCII */
};

/* The server's own answer decides. */
void outcome_reply(struct smtp_outcome *out, enum smtp_stage stage,
		   const struct reply *reply);

/* The connection decides: ERR_TIMEOUT, ERR_GONE, ERR_SYNTAX (no SMTP),
 * ERR_LIMIT, ERR_REFUSED (cancelled), ... */
void outcome_error(struct smtp_outcome *out, enum smtp_stage stage, int err);

/* We decide, before anything was taken. */
void outcome_ours(struct smtp_outcome *out, enum smtp_fate fate,
		  enum smtp_stage stage, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
