/* session.c - commands and answers over a verified connection */
#include "agent/smtp/session.h"

#include <stdarg.h>
#include <stdio.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"

#define QUIT_MS		1000
/* Said instead of a name: the host's own name and address are nobody's
 * business, and servers take any literal (RFC 5321 section 4.1.3). */
#define EHLO_NAME	"[127.0.0.1]"

/* RFC 5321 section 4.5.3.2 where it sets a floor. */
const struct smtp_times smtp_times_usual = {
	300000, 300000, 300000, 300000, 120000, 180000, 600000
};

void session_init(struct smtp_session *session, const struct wire *wire,
		  const struct smtp_times *times, int64_t deadline)
{
	memset(session, 0, sizeof(*session));
	session->wire = wire;
	session->times = times;
	session->deadline = deadline;
	reply_reader_init(&session->reader);
}

void session_free(struct smtp_session *session)
{
	reply_reader_free(&session->reader);
	explicit_bzero(session->in, sizeof(session->in));
}

static int64_t until(const struct smtp_session *session, int ms)
{
	int64_t step = clock_now_ms() + ms;

	return step < session->deadline ? step : session->deadline;
}

int session_say(struct smtp_session *session, struct bytes bytes, int ms)
{
	int r;

	if (session->broken)
		return ERR_GONE;
	r = session->wire->write(session->wire->ctx, bytes,
				 until(session, ms));
	if (r < 0)
		session->broken = true;
	return r;
}

/* The answer out of what is there; REPLY_MORE: it is not whole yet. */
static int answer_take(struct smtp_session *session, struct reply *out)
{
	struct bytes there = { session->in + session->in_at,
			       session->in_len - session->in_at };
	int r = reply_push(&session->reader, &there, out);

	session->in_at = session->in_len - there.len;
	return r;
}

int session_answer(struct smtp_session *session, int ms, struct reply *out)
{
	int64_t deadline = until(session, ms);
	long got;
	int r;

	if (session->broken)
		return ERR_GONE;
	while ((r = answer_take(session, out)) == REPLY_MORE) {
		got = session->wire->read(session->wire->ctx, session->in,
					  sizeof(session->in), deadline);
		if (got <= 0) {
			r = got == 0 ? ERR_GONE : (int)got;
			break;
		}
		session->in_at = 0;
		session->in_len = (size_t)got;
	}
	if (r == REPLY_DONE)
		return 0;
	session->broken = true;
	return r;
}

int session_unasked(struct smtp_session *session, struct reply *out)
{
	int r = 0;

	memset(out, 0, sizeof(*out));
	if (session->in_at < session->in_len) {
		r = answer_take(session, out);
		if (r == REPLY_DONE && out->code == 421)
			r = 0;
		else
			r = ERR_SYNTAX;
		session->broken = true;
	}
	return r;
}

int session_command(struct smtp_session *session, int ms, struct reply *out,
		    const char *format, ...)
{
	char line[SESSION_LINE_MAX];
	struct bytes bytes = { (unsigned char *)line, 0 };
	va_list args;
	int len, r;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line) - 2, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(line) - 2)
		return ERR_LIMIT;
	bytes.len = (size_t)len;
	if (bytes_has(bytes, '\r') || bytes_has(bytes, '\n'))
		return ERR_LIMIT;
	memcpy(line + len, "\r\n", 2);
	bytes.len += 2;
	r = session_unasked(session, out);
	if (r < 0 || out->code == 421)
		return r;
	r = session_say(session, bytes, ms);
	return r < 0 ? r : session_answer(session, ms, out);
}

bool session_open(struct smtp_session *session, enum smtp_start start,
		  struct smtp_outcome *out)
{
	struct reply reply;
	int r;

	if (start == SMTP_GREETS) {
		r = session_answer(session, session->times->greeting, &reply);
		if (r < 0)
			outcome_error(out, SMTP_AT_GREETING, r);
		else if (reply.code != 220)
			outcome_reply(out, SMTP_AT_GREETING, &reply);
		if (r < 0 || reply.code != 220)
			return false;
	}
	r = session_command(session, session->times->command, &reply,
			    "EHLO " EHLO_NAME);
	if (r < 0)
		outcome_error(out, SMTP_AT_EHLO, r);
	else if (reply.code != 250)
		outcome_reply(out, SMTP_AT_EHLO, &reply);
	if (r < 0 || reply.code != 250)
		return false;
	ehlo_parse(reply.text, &session->ehlo);
	return true;
}

void session_quit(struct smtp_session *session)
{
	if (!session->broken)
		(void)session_say(session, bytes_of("QUIT\r\n"), QUIT_MS);
	session->broken = true;
}
