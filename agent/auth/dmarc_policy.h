/* dmarc_policy.h - the policy that a tree walk leads to (RFC 9989 4.10.1) */
#ifndef MAILSEAL_AUTH_DMARC_POLICY_H
#define MAILSEAL_AUTH_DMARC_POLICY_H

#include "agent/auth/dmarc_walk.h"

/* Reads an awaited walk.  `exists` is a question for the domain itself: np=
 * counts when its answer is NXDOMAIN.  True: a policy is in force, and the
 * policy's members of *out are set; *doubtful tells that the answer to
 * `exists` decides which one and did not come.  False: out->result, code and
 * text say why there is none. */
bool dmarc_policy_find(const struct dmarc_walk *walk,
		       struct dns_question *exists, struct dmarc_finding *out,
		       bool *doubtful);

#endif
