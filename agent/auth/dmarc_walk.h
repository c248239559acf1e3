/* dmarc_walk.h - the tree walk (RFC 9989 section 4.10)
 *
 * Up to 8 questions from a domain up to its top level; the jump for long
 * names is what limits them. */
#ifndef MAILSEAL_AUTH_DMARC_WALK_H
#define MAILSEAL_AUTH_DMARC_WALK_H

#include "agent/auth/dmarc_record.h"

struct dmarc_found {
	const char *domain;		/* where the record stood */
	enum dns_security dnssec;	/* of the record */
	struct dmarc_record record;
};

struct dmarc_walk {
	const char *domain;
	const char *names[DMARC_WALK_MAX];	/* domains, not "_dmarc." */
	struct dns_question *questions[DMARC_WALK_MAX];
	size_t count;
	/* after dmarc_walk_await(): */
	bool awaited;
	size_t asked;			/* steps that counted */
	struct dmarc_step steps[DMARC_WALK_MAX];
	struct dmarc_found found[DMARC_WALK_MAX];	/* longest name first */
	size_t found_count;
	bool several;			/* a name's records were discarded */
	bool temporary;			/* a step could not be told */
	const char *why, *why_text;	/* of that: "dns-bogus" or
					 * "dns-silent", and the sentence */
	enum dns_security dnssec;	/* the least of the records found;
					 * without any, of the first answer */
	const char *organizational;	/* by section 4.10.2 */
};

/* Asks all names at once. */
void dmarc_walk_start(struct arena *arena, struct dns_request *request,
		      const char *domain, struct dmarc_walk *out);
void dmarc_walk_await(struct arena *arena, struct dns_request *request,
		      struct dmarc_walk *walk);

/* How many DMARC records the answer holds; *out is the last of them. */
size_t dmarc_walk_records(struct arena *arena, struct dns_request *request,
			  const struct dns_answer *answer,
			  struct dmarc_record *out);

#endif
