/* openpgp_ask.c - a job's question to gpg, and the sentence when it fails */
#include "agent/crypto/openpgp_inside.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/crypto/scheme.h"

struct openpgp_ask openpgp_ask_of(const struct seal_job *job,
				  enum channel_type type)
{
	struct openpgp_ask ask;

	memset(&ask, 0, sizeof(ask));
	ask.type = type;
	ask.more = -1;
	ask.cancel = job->cancel == NULL ? -1 : *job->cancel;
	ask.deadline = job->deadline;
	return ask;
}

struct value *openpgp_request(struct seal_job *job)
{
	struct value *request = value_dict(job->arena);

	value_put_text(job->arena, request, "tty", job->tty);
	value_put_text(job->arena, request, "display", job->display);
	return request;
}

int openpgp_ask_run(struct seal_job *job, struct openpgp_ask *ask)
{
	return openpgp_ask_said(job, ask, openpgp_ask(job->world->openpgp,
						      job->arena, ask));
}

int openpgp_ask_said(struct seal_job *job, const struct openpgp_ask *ask,
		     int r)
{
	if (r == 0 && ask->report != NULL)
		return 0;
	if (r == 0) {
		buf_text(job->why, ask->sentence);
		return ERR_REFUSED;
	}
	if (ask->broken < 0)
		return r;		/* whose it is says why */
	switch (r) {
	case ERR_GONE:
		buf_text(job->why, "GnuPG cannot be asked: the part of "
			 "mailseal that drives it does not run; mailseal "
			 "status tells more.");
		break;
	case ERR_TIMEOUT:
		buf_text(job->why, "GnuPG did not answer in time; look "
			 "whether a window asks for a passphrase, and try "
			 "again.");
		break;
	default:
		buf_print(job->why, "GnuPG cannot be asked: %s.",
			  err_sentence(r));
	}
	return r;
}
