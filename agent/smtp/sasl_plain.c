/* sasl_plain.c - PLAIN, LOGIN and EXTERNAL: what is said in one breath */
#include "agent/smtp/sasl.h"

#include <stdio.h>

#include "agent/base/err.h"

static int nul_refused(struct sasl *sasl)
{
	(void)snprintf(sasl->why, sizeof(sasl->why),
		       "user or password hold a NUL");
	return ERR_REFUSED;
}

/* What a mechanism without challenges answers to one. */
static int step_none(struct sasl *sasl, struct bytes challenge,
		     struct buf *out)
{
	(void)challenge;
	(void)out;
	(void)snprintf(sasl->why, sizeof(sasl->why),
		       "the server asked for more than the login has");
	return ERR_SYNTAX;
}

/* RFC 4616: no authorization identity. */
static int plain_start(struct sasl *sasl, struct buf *out)
{
	struct bytes secret = buf_bytes(sasl->login->secret);

	if (bytes_has(secret, 0))
		return nul_refused(sasl);
	buf_byte(out, 0);
	buf_text(out, sasl->login->user);
	buf_byte(out, 0);
	buf_add(out, secret);
	sasl->proven = true;
	return out->full ? ERR_LIMIT : 0;
}

static int login_start(struct sasl *sasl, struct buf *out)
{
	(void)out;
	sasl->proven = true;
	return 0;
}

/* Whatever the prompts say: first the user, then the password. */
static int login_step(struct sasl *sasl, struct bytes challenge,
		      struct buf *out)
{
	if (sasl->steps == 1)
		buf_text(out, sasl->login->user);
	else if (sasl->steps == 2)
		buf_add(out, buf_bytes(sasl->login->secret));
	else
		return step_none(sasl, challenge, out);
	return out->full ? ERR_LIMIT : 0;
}

/* RFC 4422 appendix A: whom to act as; empty, as the certificate says. */
static int external_start(struct sasl *sasl, struct buf *out)
{
	if (sasl->login->user != NULL)
		buf_text(out, sasl->login->user);
	sasl->proven = true;
	return out->full ? ERR_LIMIT : 0;
}

const struct sasl_mechanism sasl_plain = {
	"PLAIN", false, true, plain_start, step_none
};
const struct sasl_mechanism sasl_login = {
	"LOGIN", false, false, login_start, login_step
};
const struct sasl_mechanism sasl_external = {
	"EXTERNAL", false, true, external_start, step_none
};
