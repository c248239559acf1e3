/* auth.c - the dialogue of the login */
#include "agent/smtp/auth.h"

#include <stdio.h>

#include "agent/base/err.h"
#include "agent/smtp/base64.h"
#include "agent/smtp/sasl.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/session.h"

#define ROUNDS_MAX	8		/* challenges */
#define COMMAND_MAX	512		/* RFC 5321 section 4.5.3.1.4 */
#define ANSWER_MAX	(SECRET_MAX * 2 + 1024)

/* The buffers of one login; all hold secrets. */
struct login {
	struct smtp_session *session;
	struct sasl sasl;
	struct buf plain;	/* what a mechanism says or is told */
	struct buf line;	/* the same as a line */
};

static int line_say(struct login *login)
{
	buf_text(&login->line, "\r\n");
	if (login->line.full)
		return ERR_LIMIT;
	return session_say(login->session, buf_bytes(&login->line),
			   login->session->times->login);
}

/* "AUTH NAME", with the first response where the line is short enough (RFC
 * 4954 section 4); else that waits in login->plain for an empty challenge. */
static int login_begin(struct login *login, bool *waiting)
{
	const struct sasl_mechanism *mechanism = login->sasl.mechanism;
	int r = mechanism->start(&login->sasl, &login->plain);

	if (r < 0)
		return r;
	buf_print(&login->line, "AUTH %s", mechanism->name);
	*waiting = false;
	if (mechanism->first && login->plain.len == 0) {
		buf_text(&login->line, " =");
	} else if (mechanism->first) {
		*waiting = login->line.len + 3 + login->plain.len * 4 / 3 + 4 >
			   COMMAND_MAX;
		if (!*waiting) {
			buf_byte(&login->line, ' ');
			base64_print(&login->line, buf_bytes(&login->plain));
		}
	}
	return line_say(login);
}

/* The answer to a challenge. */
static int login_step(struct login *login, const struct reply *reply,
		      bool *waiting)
{
	struct buf challenge;
	int r;

	buf_clear(&login->line);
	if (*waiting) {
		*waiting = false;
		base64_print(&login->line, buf_bytes(&login->plain));
		return line_say(login);
	}
	r = secret_init(&challenge, ANSWER_MAX);
	if (r < 0)
		return r;
	buf_clear(&login->plain);
	r = base64_parse(bytes_trim(reply->text), &challenge);
	login->sasl.steps++;
	if (r < 0)
		(void)snprintf(login->sasl.why, sizeof(login->sasl.why),
			       "the server's challenge is no base64");
	else
		r = login->sasl.mechanism->step(&login->sasl,
						buf_bytes(&challenge),
						&login->plain);
	secret_free(&challenge);
	if (r < 0)
		return r;
	base64_print(&login->line, buf_bytes(&login->plain));
	return line_say(login);
}

/* We do not go on: RFC 4954 section 4, "*". */
static void login_cancel(struct login *login)
{
	struct reply reply;

	if (login->session->broken ||
	    session_say(login->session, bytes_of("*\r\n"),
			login->session->times->login) < 0)
		return;
	(void)session_answer(login->session, login->session->times->login,
			     &reply);
}

static void login_failed(struct login *login, const struct reply *reply,
			 struct smtp_outcome *out)
{
	struct reply shown = *reply;
	const struct buf *secret = login->sasl.login->secret;

	if (secret != NULL && secret_shows(secret, reply->text))
		shown.text.len = 0;
	outcome_reply(out, SMTP_AT_LOGIN, &shown);
	if (login->sasl.why[0] != 0)
		(void)snprintf(out->text, sizeof(out->text),
			       "%s; it answered %d %s", login->sasl.why,
			       reply->code, reply->status);
}

/* Until the server says yes or no.  True: logged in. */
static bool login_run(struct login *login, struct smtp_outcome *out)
{
	struct smtp_session *session = login->session;
	struct reply reply;
	bool waiting;
	unsigned round;
	int r;

	r = session_unasked(session, &reply);
	if (r == 0 && reply.code == 421) {
		outcome_reply(out, SMTP_AT_LOGIN, &reply);
		return false;
	}
	if (r == 0)
		r = login_begin(login, &waiting);
	for (round = 0; r == 0 && round < ROUNDS_MAX; round++) {
		r = session_answer(session, session->times->login, &reply);
		if (r < 0)
			break;
		if (reply.code == 235 && login->sasl.proven)
			return true;
		if (reply.code == 235) {
			session->broken = true;
			outcome_ours(out, SMTP_DENIED, SMTP_AT_LOGIN,
				     "the server took the login without "
				     "proving that it knows the password");
			return false;
		}
		if (reply.code != 334) {
			login_failed(login, &reply, out);
			return false;
		}
		r = login_step(login, &reply, &waiting);
	}
	if (session->broken) {
		outcome_error(out, SMTP_AT_LOGIN, r);
		return false;
	}
	login_cancel(login);
	outcome_ours(out, SMTP_DENIED, SMTP_AT_LOGIN, "the login failed: %s",
		     login->sasl.why[0] != 0 ? login->sasl.why :
		     r < 0 ? err_sentence(r) : "the server does not stop "
		     "asking");
	return false;
}

bool session_login(struct smtp_session *session,
		   const struct sasl_login *account, struct smtp_outcome *out)
{
	struct login login;
	bool in = false;
	int r;

	memset(&login, 0, sizeof(login));
	login.session = session;
	r = sasl_init(&login.sasl, account, &session->ehlo);
	if (r < 0) {
		outcome_ours(out, SMTP_DENIED, SMTP_AT_LOGIN, "%s",
			     login.sasl.why);
	} else if (secret_init(&login.plain, ANSWER_MAX) < 0 ||
		   secret_init(&login.line, ANSWER_MAX * 2) < 0) {
		outcome_error(out, SMTP_AT_LOGIN, ERR_MEMORY);
	} else {
		in = login_run(&login, out);
	}
	secret_free(&login.plain);
	secret_free(&login.line);
	sasl_free(&login.sasl);
	return in;
}
