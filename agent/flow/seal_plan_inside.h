/* seal_plan_inside.h - what the files of seal_plan.h share */
#ifndef MAILSEAL_FLOW_SEAL_PLAN_INSIDE_H
#define MAILSEAL_FLOW_SEAL_PLAN_INSIDE_H

#include "agent/flow/account.h"
#include "agent/flow/seal_plan.h"

#define ATTEMPTS_MAX	2	/* schemes that are tried */

enum wish { WISH_NO, WISH_IF_POSSIBLE, WISH_YES };

struct missing {
	const char *address;
	const char *reason;		/* NULL: nothing was found at all */
	const char *silent;		/* who may have a key, and cannot be
					 * asked now: DNS, GnuPG; NULL */
};

/* What one scheme has for this mail. */
struct attempt {
	const struct scheme *scheme;
	bool has_signer, has_self;
	bool own_silent;		/* gpg may have one of these, and
					 * cannot be asked now */
	struct seal_key signer, self;	/* the author's */
	const char *own_reason;		/* why there is none of these; NULL */
	struct seal_key *keys;		/* the shown recipients', then the
					 * hidden ones' */
	struct missing *missing;
	size_t missing_count;
};

struct planning {
	struct seal_job *job;
	const struct seal_plan_question *question;
	struct seal_plan *out;
	bool sign;
	enum wish encrypt;
	const char *print;		/* the author's key; NULL: any */
	const struct scheme *print_scheme;	/* whose key that is */
	struct attempt attempts[ATTEMPTS_MAX];
	size_t attempt_count;
};

static inline size_t recipient_count(const struct planning *planning)
{
	return planning->question->shown_count +
	       planning->question->hidden_count;
}

static inline const char *recipient(const struct planning *planning,
				    size_t nth)
{
	const struct seal_plan_question *question = planning->question;

	return nth < question->shown_count ? question->shown[nth] :
	       question->hidden[nth - question->shown_count];
}

/* seal_plan_keys.c: looks for every key of the attempt's scheme.  0; ERR_*. */
int attempt_make(struct planning *planning, struct attempt *attempt);
bool attempt_is_whole(const struct planning *planning,
		      const struct attempt *attempt);

/* seal_plan_silent.c: who did not tell whether an address has a key, if that
 * matters; NULL: nobody.  DNS never where the domain is provably unsigned. */
const char *plan_silent(struct planning *planning, const char *address,
			const struct found_key *found, size_t count);
/* Who would have to tell that it can be encrypted; NULL: it cannot. */
const char *plan_undecided(const struct planning *planning);
/* "CannotTell": it is not known now whether it can be encrypted. */
int plan_refuse_undecided(struct planning *planning);

/* seal_plan_say.c: names the error; answers `error`. */
int plan_refuse(struct planning *planning, int error, const char *name,
		const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* "NoKey": which keys of all attempts are missing. */
int plan_refuse_keys(struct planning *planning);
/* The same as a reason of the report. */
void plan_tell(struct planning *planning, const char *code,
	       const char *text);
void plan_tell_keys(struct planning *planning);

#endif
