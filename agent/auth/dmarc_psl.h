/* dmarc_psl.h - what RFC 7489 would answer
 *
 * For people and reports alone: the organizational domain by the public
 * suffix list (RFC 7489 section 3.2), the policy of section 6.6.3, alignment
 * by that.  Nothing is decided by it.
 * Does not do: ask (the tree walk has asked these names), pct=. */
#ifndef MAILSEAL_AUTH_DMARC_PSL_H
#define MAILSEAL_AUTH_DMARC_PSL_H

#include "agent/auth/dmarc_walk.h"

/* Fills in psl_domain, psl_result and psl_policy of *out.  Takes the records
 * of an awaited walk; awaits one more only where psd=n ended the walk below
 * that domain. */
void dmarc_psl_judge(struct arena *arena, struct dns_request *request,
		     const struct dmarc_walk *walk,
		     const struct dkim_findings *dkim,
		     const struct spf_finding *spf,
		     struct dmarc_finding *out);

#endif
