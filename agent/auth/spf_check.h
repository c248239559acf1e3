/* spf_check.h - inside SPF: one check, and what its files ask of each other */
#ifndef MAILSEAL_AUTH_SPF_CHECK_H
#define MAILSEAL_AUTH_SPF_CHECK_H

#include "agent/auth/spf.h"
#include "agent/auth/spf_macro.h"
#include "agent/auth/spf_record.h"

/* A record that was asked for early: once it is there, what it needs in turn
 * is asked, though its turn in the evaluation has not come. */
struct spf_scout {
	struct dns_question *question;
	const char *domain;
	bool read;
};

struct spf_check {
	struct arena *arena;
	struct dns_request *request;
	struct spf_finding finding;
	struct spf_macros macros;
	unsigned lookups, voids;
	enum dns_security least;	/* of the answers used so far */
	bool asked;			/* an answer was used */
	const char *explain_in;		/* the domain whose exp= counts */
	struct bytes explanation;
	unsigned early;			/* targets asked ahead, all records */
	struct spf_scout scouts[SPF_LOOKUPS_MAX];
	size_t scout_count;
};

/* --- spf_name.c */

/* A name that DNS can hold: labels of 1 to 63 octets, ASCII (RFC 8616
 * section 4: what needs a local part that is not, matches nothing). */
bool spf_is_name(const char *name);
enum dns_type spf_address_type(const struct spf_check *check);
const char *spf_reverse_name(struct spf_check *check);	/* NULL: no memory */
/* How many SPF records are in the answer; *text is the last one. */
size_t spf_records_in(struct spf_check *check,
		      const struct dns_answer *answer, struct bytes *text);

/* --- spf_lookup.c */

/* Notes code and sentence; gives `result` back. */
enum result spf_give_up(struct spf_check *check, enum result result,
			const char *code, const char *text);

/* Awaits; whatever came counts for the least security. */
const struct dns_answer *spf_await(struct spf_check *check, const char *name,
				   enum dns_type type);
/* The same; NULL: *result is what to give up with. */
enum spf_void { SPF_VOID_COUNTS, SPF_VOID_IS_FREE };
const struct dns_answer *spf_look_up(struct spf_check *check,
				     const char *name, enum dns_type type,
				     enum spf_void voids,
				     enum result *result);

/* --- spf_match.c */

/* A validated name of the client: `within` itself, one below it, or any
 * (sections 5.5 and 7.3).  NULL: none; its errors never stop the check. */
enum spf_near { SPF_WITHIN, SPF_ANYWHERE };
const char *spf_validated_name(struct spf_check *check, const char *within,
			       enum spf_near near);

/* The target of a term; `domain` without a domain-spec. NULL: too large. */
const char *spf_target(struct spf_check *check, struct bytes spec,
		       const char *domain);

/* Any mechanism but include.  RESULT_PASS: it matches; RESULT_NONE: not;
 * else what to give up with. */
enum result spf_match(struct spf_check *check, const struct spf_term *term,
		      const char *target);

/* --- spf_ahead.c */

/* Asks what the terms may need, before any of it is awaited. */
void spf_ask_ahead(struct spf_check *check, const struct spf_record *record,
		   const char *domain);
/* Does so for records that came since and were not evaluated yet. */
void spf_read_ahead(struct spf_check *check);

#endif
