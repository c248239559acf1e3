/* auth.h - the login: AUTH and its challenges
 *
 * RFC 4954.  A secret stands in wiped buffers alone, and never in a sentence:
 * what a server says back is left out when it shows the secret. */
#ifndef MAILSEAL_SMTP_AUTH_H
#define MAILSEAL_SMTP_AUTH_H

struct sasl_login;
struct smtp_outcome;
struct smtp_session;

#include <stdbool.h>

/* False: *out says why not; SMTP_DENIED is the account's matter. */
bool session_login(struct smtp_session *session,
		   const struct sasl_login *login, struct smtp_outcome *out);

#endif
