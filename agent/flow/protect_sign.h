/* protect_sign.h - an entity and its signature, as one source
 *
 * multipart/signed, RFC 1847 section 2.1: Content-Type, the text, the
 * signature.  The text is read once, and signed while it passes by.
 * Does not do: compose, encrypt. */
#ifndef MAILSEAL_FLOW_PROTECT_SIGN_H
#define MAILSEAL_FLOW_PROTECT_SIGN_H

#include "agent/base/stream.h"
#include "agent/flow/protect.h"

struct protect_signing;

/* `text` is copied; what it reads must live.  NULL: no memory. */
struct protect_signing *protect_signing_new(struct seal_job *job,
					    const struct protect_order *order,
					    const struct source *text);
void protect_signing_free(struct protect_signing *signing); /* NULL allowed */

/* Gets ready to make the signature, or takes that of order->once.  0; what the
 * scheme said. */
int protect_signing_start(struct protect_signing *signing);

/* May be read once; its errors are the scheme's and the text's. At its end
 * order->once holds the signature. */
struct source protect_signing_source(struct protect_signing *signing);

/* Who signs, and how; NULL: nobody (`signing` is NULL). */
const struct seal_signed *protect_signing_made(
	const struct protect_signing *signing);

#endif
