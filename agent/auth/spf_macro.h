/* spf_macro.h - macro expansion, RFC 7208 section 7 */
#ifndef MAILSEAL_AUTH_SPF_MACRO_H
#define MAILSEAL_AUTH_SPF_MACRO_H

#include <stdint.h>

#include "agent/auth/spf_ip.h"

struct arena;
struct buf;

/* What the letters stand for. */
struct spf_macros {
	const char *local, *sender_domain;	/* l, o; s is both */
	const char *domain;			/* d */
	const char *helo;			/* h */
	const char *receiver;			/* r */
	const char *validated;			/* p; NULL: "unknown" */
	struct spf_ip ip;			/* i, c, v */
	int64_t now;				/* t */
};

enum spf_spec { SPF_SPEC_DOMAIN, SPF_SPEC_STRING, SPF_SPEC_EXPLANATION };

/* By the grammar alone; DOMAIN: no letters of explanations, and an end that
 * can be a domain's; EXPLANATION: blanks too. */
bool spf_spec_is_valid(struct bytes spec, enum spf_spec kind);
/* Whether the letter p is asked for: it costs questions. */
bool spf_spec_wants_p(struct bytes spec);

/* A domain name, cut from the left to 253 characters; NULL: no memory, or too
 * large to be kept whole. */
const char *spf_expand_domain(struct arena *arena, struct bytes spec,
			      const struct spf_macros *macros);
/* An explanation, printable ASCII only, cut where it gets too long. */
const char *spf_expand_text(struct arena *arena, struct bytes spec,
			    const struct spf_macros *macros);

#endif
