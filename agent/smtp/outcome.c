/* outcome.c - answers and failures as fates and sentences */
#include "agent/smtp/outcome.h"

#include <stdarg.h>
#include <stdio.h>

#include "agent/base/err.h"

#define QUOTED_MAX 300

const char *const smtp_fate_name[SMTP_FATES] = {
	"taken", "later", "refused", "denied", "unknown"
};

/* "the server hung up ..." */
static const char *const stage_when[SMTP_STAGES] = {
	"before it greeted", "at EHLO", "at the login", "at MAIL", "at RCPT",
	"at DATA", "while the message went out",
	"when it had the whole message and before it answered"
};

void outcome_reply(struct smtp_outcome *out, enum smtp_stage stage,
		   const struct reply *reply)
{
	char quoted[QUOTED_MAX];

	memset(out, 0, sizeof(*out));
	out->stage = stage;
	out->code = reply->code;
	memcpy(out->status, reply->status, sizeof(out->status));
	reply_print(reply, quoted, sizeof(quoted));
	switch (reply->code / 100) {
	case 2:
		/* Elsewhere only the one code that was waited for is good. */
		out->fate = stage == SMTP_AT_RCPT || stage == SMTP_AT_END ?
			    SMTP_TAKEN : SMTP_LATER;
		break;
	case 5:
		out->fate = SMTP_REFUSED;
		if (stage == SMTP_AT_LOGIN)
			out->fate = SMTP_DENIED;
		/* A server that serves nobody may do so again tomorrow. */
		if (stage == SMTP_AT_GREETING || stage == SMTP_AT_EHLO)
			out->fate = SMTP_LATER;
		break;
	default:
		out->fate = SMTP_LATER;
		break;
	}
	(void)snprintf(out->text, sizeof(out->text),
		       "the server answered %d%s%s %s%s%s", reply->code,
		       reply->status[0] != 0 ? " " : "", reply->status,
		       stage_when[stage], quoted[0] != 0 ? ": " : "", quoted);
	if (stage == SMTP_AT_BODY || stage == SMTP_AT_END ||
	    stage == SMTP_AT_GREETING)
		(void)snprintf(out->text, sizeof(out->text),
			       "the server answered %d%s%s%s%s", reply->code,
			       reply->status[0] != 0 ? " " : "", reply->status,
			       quoted[0] != 0 ? ": " : "", quoted);
}

void outcome_error(struct smtp_outcome *out, enum smtp_stage stage, int err)
{
	const char *what;

	memset(out, 0, sizeof(*out));
	out->stage = stage;
	out->fate = stage == SMTP_AT_END ? SMTP_UNKNOWN : SMTP_LATER;
	switch (err) {
	case ERR_TIMEOUT:
		what = "the server was silent for too long";
		break;
	case ERR_GONE:
	case ERR_IO:
		what = "the connection broke";
		break;
	case ERR_SYNTAX:
		what = "the server's answer was not SMTP";
		break;
	case ERR_LIMIT:
		what = "the server's answer was longer than any may be";
		break;
	case ERR_REFUSED:
		what = "the submission was cancelled";
		break;
	default:
		what = err_sentence(err);
		break;
	}
	(void)snprintf(out->text, sizeof(out->text), "%s %s%s", what,
		       stage_when[stage], out->fate == SMTP_UNKNOWN ?
		       "; it may have taken it" : "");
}

void outcome_ours(struct smtp_outcome *out, enum smtp_fate fate,
		  enum smtp_stage stage, const char *format, ...)
{
	va_list args;

	memset(out, 0, sizeof(*out));
	out->fate = fate;
	out->stage = stage;
	va_start(args, format);
	(void)vsnprintf(out->text, sizeof(out->text), format, args);
	va_end(args);
}
