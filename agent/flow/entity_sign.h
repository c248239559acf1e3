/* entity_sign.h - a signature over an entity that its client keeps
 *
 * The client puts entity and signature into a multipart/signed by itself: the
 * entity is signed as it is, but for its line ends (RFC 8551 section 3.1.1,
 * RFC 3156 section 5). */
#ifndef MAILSEAL_FLOW_ENTITY_SIGN_H
#define MAILSEAL_FLOW_ENTITY_SIGN_H

#include "agent/flow/protect.h"

/* The signature as order->scheme makes it, into `out`.  *report: "scheme",
 * "signed", "signer", "algorithm" (micalg's word), "size".  0; ERR_* with a
 * sentence in job->why. */
int entity_sign(struct seal_job *job, const struct memfile *entity,
		const struct protect_order *order, struct spool *out,
		struct value **report);

#endif
