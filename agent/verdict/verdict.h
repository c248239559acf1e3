/* verdict.h - facts in, one judgement out
 *
 * The table of the design, section 7, as a pure function: no I/O, no clock,
 * no state.  verdict.c can be read as that table; sentence.c has the words. */
#ifndef MAILSEAL_VERDICT_VERDICT_H
#define MAILSEAL_VERDICT_VERDICT_H

#include "agent/verdict/finding.h"

struct arena;

enum verdict { VERDICT_SUSPICIOUS, VERDICT_SPOOFED, VERDICT_UNVERIFIED,
	       VERDICT_GENUINE, VERDICT_AUTHENTICATED };
const char *verdict_word(enum verdict verdict);

enum display { DISPLAY_WARNING, DISPLAY_ADDRESS, DISPLAY_NAME };
const char *display_word(enum display display);

/* What stands in From, as the verdict needs it. */
enum from_fact { FROM_ONE, FROM_MISSING, FROM_REPEATED, FROM_AMBIGUOUS,
		 FROM_SEVERAL, FROM_GROUP, FROM_CONTROL };

/* An address or bare domain in the name that is not the From address. */
#define FOREIGN_MAX 8
struct foreign {
	const char *text;		/* as found, normalised */
	const char *domain;
	bool is_contact;		/* a known contact's address */
	const struct dmarc_finding *dmarc;	/* DMARC(domain); NULL: it
						 * could not be run */
};

/* Nothing proves that domain's part in the message, and the address belongs
 * to a known contact or the domain asks for distrust. */
bool foreign_is_forged(const struct foreign *foreign);

struct facts {
	enum from_fact from;
	const char *from_text;		/* what is wrong with From; or NULL */
	const char *address;		/* NULL: none */
	const char *domain;
	const char *name;		/* decoded; NULL: none */
	bool name_unreadable;
	bool odd_route;			/* an obsolete source route in From */
	bool odd_local;
	const char *subject, *date;	/* decoded; NULL: none */
	struct foreign foreign[FOREIGN_MAX];
	size_t foreign_count;
	bool known;			/* From's address is a contact's */
	const char *contact_name;	/* as the user wrote it; NULL: none */
	const char *name_owner;		/* another contact, whose name this is:
					 * that contact's address; or NULL */
	const char *looks_like;		/* a known address From differs from
					 * only by confusables; or NULL */
	struct dkim_findings dkim;
	struct spf_finding spf;
	struct dmarc_finding dmarc;	/* DMARC(From) */
	struct arc_finding arc;
	bool altered_on_the_way;	/* design 7 */
	bool replayed;			/* it would be, but the same signature
					 * was seen over another body */
	const char *copied_by;		/* the domain of an addressee through
					 * whom such a copy came; or NULL */
	size_t forged_authres;		/* in the name of a trusted server */
	bool forged_below;		/* all of them directly below the
					 * border's Received, where servers
					 * may write, too */
	const char *forged_server;	/* of the first; NULL: none */
	bool not_addressed;		/* no address of the user's own stands
					 * in To or Cc, and no list sent it */
	uint64_t signed_before;		/* seconds before it arrived at the
					 * border, when that is long; or 0 */
	bool reply_to_elsewhere;	/* Reply-To leads to another
					 * organizational domain */
	const char *could_not_read;	/* a message that could not be read, or
					 * killed the reader twice: why */
};

struct verdict_policy {
	bool require_policy;		/* design 6, [incoming] */
	bool accept_spf_only;
	bool require_dnssec;
};

#define REASONS_MAX 24
struct reason {
	const char *code;		/* stable, of Features */
	const char *text;		/* a sentence for people */
};

struct judgement {
	enum verdict verdict;
	enum display display;
	enum dmarc_proof proof;		/* of what counts as a pass: that of
					 * DMARC, of a signature alone where
					 * no policy is asked for, or of ARC */
	enum integrity integrity;	/* of the aligned passing signature
					 * that covers most */
	const char *shown_from;		/* ready to print */
	struct reason reasons[REASONS_MAX];	/* the deciding one first */
	size_t reason_count;
};

/* Strings of *out live in `arena` or are constants. */
void verdict_judge(struct arena *arena, const struct facts *facts,
		   const struct verdict_policy *policy,
		   struct judgement *out);

/* Every reason code there is, NULL at the end: a part of Features. */
const char *const *verdict_codes(void);

#endif
