/* spf.h - may this client send for this domain?
 *
 * RFC 7208, check_host() with its limits: 10 look-ups, 2 void look-ups, 10
 * names of an MX or PTR.
 * Does not do: find the client's address (mail/trace.h). */
#ifndef MAILSEAL_AUTH_SPF_H
#define MAILSEAL_AUTH_SPF_H

#include "agent/verdict/finding.h"

struct arena;

#define SPF_LOOKUPS_MAX	10	/* RFC 7208 section 4.6.4 */
#define SPF_VOIDS_MAX	2
#define SPF_NAMES_MAX	10	/* MX and PTR names of one term */

struct spf_input {
	const char *client_ip;	/* numeric; NULL: not known */
	const char *helo;	/* NULL: not known */
	const char *mail_from;	/* "" for a bounce; NULL: not known */
	const char *receiver;	/* for %{r}; NULL: "unknown" */
	int64_t now;		/* for %{t} */
};

struct spf_check;

/* Asks the first record.  Never NULL but when the arena is full. */
struct spf_check *spf_start(struct arena *arena, struct dns_request *request,
			    const struct spf_input *input);

/* The identity's domain, for DMARC to ask about early; NULL: none. */
const char *spf_domain(const struct spf_check *check);

void spf_finish(struct spf_check *check, struct spf_finding *out);

#endif
