/* session.h - commands and answers over a verified connection
 *
 * RFC 5321 section 4.1.1 and 4.5.3.2 (a time-out for each step), RFC 2920.
 * One command, one answer; or several commands in one write, as many answers
 * as the caller then takes.  Bytes that nobody asked for end the session, but
 * for a 421, which may come at any time (RFC 5321 section 3.8). */
#ifndef MAILSEAL_SMTP_SESSION_H
#define MAILSEAL_SMTP_SESSION_H

#include "agent/smtp/ehlo.h"
#include "agent/smtp/outcome.h"
#include "agent/smtp/wire.h"

#define SESSION_LINE_MAX 2048	/* bytes of a command that is no SASL answer */

/* Milliseconds that a step may take. */
struct smtp_times {
	int greeting, command, login, mail, data;
	int block;		/* for one piece of the message */
	int end;		/* for the answer to the whole message */
};
extern const struct smtp_times smtp_times_usual;

struct smtp_session {
	const struct wire *wire;
	const struct smtp_times *times;
	int64_t deadline;	/* clock_now_ms(); of the whole */
	struct ehlo ehlo;
	struct reply_reader reader;
	unsigned char in[4096];
	size_t in_at, in_len;
	bool broken;		/* of no use any more, not even for QUIT */
};

enum smtp_start { SMTP_GREETS, SMTP_GREETED };

/* `wire` and `times` are borrowed. */
void session_init(struct smtp_session *session, const struct wire *wire,
		  const struct smtp_times *times, int64_t deadline);
void session_free(struct smtp_session *session);

/* Takes the greeting (SMTP_GREETS: implicit TLS) and says EHLO.  True, and
 * session->ehlo is filled in; false: *out says why not. */
bool session_open(struct smtp_session *session, enum smtp_start start,
		  struct smtp_outcome *out);

/* Bytes as they are.  0, or an error and the session is broken. */
int session_say(struct smtp_session *session, struct bytes bytes, int ms);

/* The next answer; its text is good until the one after it. 0, or an error
 * and the session is broken. */
int session_answer(struct smtp_session *session, int ms, struct reply *out);

/* One command (CRLF is added) and its answer.  Its length is checked, and
 * that it is one line. */
int session_command(struct smtp_session *session, int ms, struct reply *out,
		    const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Whether something came that nobody asked for; a 421 goes to *out (code
 * set), anything else breaks the session. */
int session_unasked(struct smtp_session *session, struct reply *out);

/* QUIT, without waiting for its answer. */
void session_quit(struct smtp_session *session);

#endif
