/* seal_plan.h - whose key signs, and to whose keys is encrypted
 *
 * From an author, recipients and wishes to orders for protect.h with every
 * key found: the author's own, and those of the recipients (flow/find.h).
 * The scheme is the one that was asked for; else the account's, where all
 * keys of it are there; else the other one.  The author can always read what
 * was encrypted.  A hidden recipient gets an envelope alone: the others must
 * not learn of it (RFC 5322 section 3.6.3).
 * Does not do: sign, encrypt, ask a person. */
#ifndef MAILSEAL_FLOW_SEAL_PLAN_H
#define MAILSEAL_FLOW_SEAL_PLAN_H

#include "agent/flow/find.h"
#include "agent/flow/protect.h"

struct account;
struct accounts;
struct resolver;

struct seal_wishes {
	bool policy;		/* as the author's account says; `sign`,
				 * `encrypt` and `opportunistic` do not count */
	bool sign, encrypt;
	bool opportunistic;	/* encrypt only if every recipient has a key */
	bool split;		/* several envelopes are allowed */
	bool answers_sealed;	/* an encrypted mail: then policy and
				 * opportunistic encrypt, or refuse */
	const char *scheme;	/* its word; NULL: the one that fits */
	const char *key;	/* the author's, by the first digits of its
				 * fingerprint (8 at least); NULL */
};

/* Where keys are looked for, beside gpg and the user's own. */
struct seal_places {
	struct resolver *resolver;	/* NULL: DNS is not asked */
	/* What the store keeps of an address, in `arena`: how many; ERR_*.
	 * NULL: there is no store. */
	int (*kept)(void *ctx, struct arena *arena, const char *address,
		    struct find_kept *out, size_t room);
	void *ctx;
};

/* All addresses in normal form (mail/address.h). */
struct seal_plan_question {
	const struct accounts *accounts;
	const struct account *account;	/* NULL: the author's */
	const char *author;
	const char *const *shown, *const *hidden;	/* recipients */
	size_t shown_count, hidden_count;
	struct seal_wishes wishes;
	struct seal_places places;
};

struct seal_envelope {
	const char *const *addresses;	/* to whom it goes */
	size_t address_count;
	struct protect_order order;	/* scheme NULL: it goes as it is */
};

struct seal_plan {
	const struct scheme *scheme;	/* NULL: nothing is to be done */
	const struct account *account;	/* NULL: none */
	bool encrypts;
	/* The shown recipients' first, then one for each hidden recipient;
	 * all in one where nothing is encrypted. */
	struct seal_envelope *envelopes;
	size_t envelope_count;
	struct value *reasons;		/* dictionaries of code and text: what
					 * was wished for and is not done */
	const char *error;		/* its name on the bus, if it failed */
};

/* Everything lives in the job's arena.  0; or ERR_* with out->error and a
 * sentence in job->why that names every recipient it is about. */
int seal_plan_make(struct seal_job *job,
		   const struct seal_plan_question *question,
		   struct seal_plan *out);

#endif
