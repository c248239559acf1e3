/* sasl_oauth.c - OAUTHBEARER and XOAUTH2: an access token, and its errors
 *
 * RFC 7628.  A token that the server does not like is answered with a
 * challenge that holds JSON; the client answers with a dummy, and only then
 * the server says no. */
#include "agent/smtp/sasl.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/err.h"

#define STATUS_MAX 60		/* bytes of the error's word */

/* Printable ASCII without blanks (RFC 6750 section 2.1 is narrower). */
static int token_check(struct sasl *sasl)
{
	struct bytes token = buf_bytes(sasl->login->secret);
	size_t i;

	for (i = 0; i < token.len; i++)
		if (token.data[i] <= ' ' || token.data[i] > '~') {
			(void)snprintf(sasl->why, sizeof(sasl->why),
				       "what the account's password gives is "
				       "no access token");
			return ERR_REFUSED;
		}
	return 0;
}

/* RFC 5801 section 4: "," and "=" of an authorization identity. */
static void name_add(struct buf *out, const char *name)
{
	for (; *name != 0; name++)
		if (*name == ',')
			buf_text(out, "=2C");
		else if (*name == '=')
			buf_text(out, "=3D");
		else
			buf_byte(out, (unsigned char)*name);
}

static int bearer_end(struct sasl *sasl, struct buf *out)
{
	buf_text(out, "auth=Bearer ");
	buf_add(out, buf_bytes(sasl->login->secret));
	buf_text(out, "\1\1");
	sasl->proven = true;
	return out->full ? ERR_LIMIT : 0;
}

static int oauthbearer_start(struct sasl *sasl, struct buf *out)
{
	int r = token_check(sasl);

	if (r < 0)
		return r;
	buf_text(out, "n,a=");
	name_add(out, sasl->login->user);
	buf_print(out, ",\1host=%s\1port=%u\1", sasl->login->host,
		  sasl->login->port);
	return bearer_end(sasl, out);
}

static int xoauth2_start(struct sasl *sasl, struct buf *out)
{
	int r = token_check(sasl);

	if (r < 0)
		return r;
	buf_print(out, "user=%s\1", sasl->login->user);
	return bearer_end(sasl, out);
}

/* The word behind "status" in the server's JSON, for the sentence alone. */
static void status_note(struct sasl *sasl, struct bytes json)
{
	char word[STATUS_MAX];
	struct bytes at = json;
	size_t len = 0;
	unsigned char c;

	while (at.len > 0 && !bytes_starts(at, "\"status\""))
		at = bytes_slice(at, 1, at.len);
	at = bytes_slice(at, 8, at.len);
	(void)bytes_cut(at, '"', &json, &at);
	(void)bytes_cut(at, '"', &at, &json);
	for (; len < at.len && len + 1 < sizeof(word); len++) {
		c = at.data[len];
		if (!byte_is_alpha(c) && !byte_is_digit(c) && c != '_' &&
		    c != '-')
			break;
		word[len] = (char)c;
	}
	word[len] = 0;
	(void)snprintf(sasl->why, sizeof(sasl->why),
		       "the server does not take the access token%s%s%s",
		       len > 0 ? " (" : "", word, len > 0 ? ")" : "");
}

static int oauth_step(struct sasl *sasl, struct bytes challenge)
{
	sasl->proven = false;
	if (sasl->steps > 1)
		return ERR_SYNTAX;
	status_note(sasl, challenge);
	return 0;
}

static int oauthbearer_step(struct sasl *sasl, struct bytes challenge,
			    struct buf *out)
{
	buf_byte(out, 1);		/* RFC 7628 section 3.2.3 */
	return oauth_step(sasl, challenge);
}

static int xoauth2_step(struct sasl *sasl, struct bytes challenge,
			struct buf *out)
{
	(void)out;			/* an empty line */
	return oauth_step(sasl, challenge);
}

const struct sasl_mechanism sasl_oauthbearer = {
	"OAUTHBEARER", false, true, oauthbearer_start, oauthbearer_step
};
const struct sasl_mechanism sasl_xoauth2 = {
	"XOAUTH2", false, true, xoauth2_start, xoauth2_step
};
