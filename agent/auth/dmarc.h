/* dmarc.h - the DMARC mechanism for one domain
 *
 * RFC 9989: tree walk of at most 8 questions, psd, np, t, missing p, several
 * records at a name; RFC 7489's organizational domain beside it.
 * Does not do: verify signatures or SPF; it is given their findings. */
#ifndef MAILSEAL_AUTH_DMARC_H
#define MAILSEAL_AUTH_DMARC_H

#include "agent/verdict/finding.h"

struct arena;

#define DMARC_WALKS_MAX 10	/* tree walks of one message, design 8 */

struct dmarc_check;

/* Asks the whole walk of `domain`, and whether it exists.  NULL: the arena
 * is full. */
struct dmarc_check *dmarc_start(struct arena *arena,
				struct dns_request *request,
				const char *domain);

/* Says that an identifier of that domain may have to be aligned: its walk is
 * asked too.  Over the limit it counts as not aligned. */
void dmarc_expect(struct dmarc_check *check, const char *identifier);

/* Whether `identifier` is aligned with the domain; STRICT asks for equality.
 * RESULT_PASS aligned, RESULT_FAIL not, RESULT_TEMPERROR not known now. */
enum dmarc_mode { DMARC_RELAXED, DMARC_STRICT };
enum result dmarc_aligned(struct dmarc_check *check, const char *identifier,
			  enum dmarc_mode mode);

/* Awaits and decides.  `dkim` and `spf` get their `aligned` set when
 * `set_aligned` says so (for the author domain, not for a domain that merely
 * stands in the name). */
enum dmarc_set { DMARC_LEAVE_ALIGNED, DMARC_SET_ALIGNED };
void dmarc_finish(struct dmarc_check *check, struct dkim_findings *dkim,
		  struct spf_finding *spf, enum dmarc_set set,
		  struct dmarc_finding *out);

#endif
