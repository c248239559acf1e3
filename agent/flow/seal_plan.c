/* seal_plan.c - from wishes to orders, a straight line */
#include "agent/flow/seal_plan.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/seal_own.h"
#include "agent/flow/seal_plan_inside.h"

#define NAMED_MAX	10	/* hidden recipients of one sentence */

static const struct scheme *const schemes[ATTEMPTS_MAX] = {
	&scheme_smime, &scheme_openpgp
};

/* --- what is to be done */

static int policy_read(struct planning *planning)
{
	const struct account *account = planning->out->account;
	const char *author = planning->question->author;

	if (account == NULL)
		return plan_refuse(planning, ERR_CONFIG, "NoAccount",
				   "No account has the address %.320s, so "
				   "there is no policy for it; add it to "
				   "\"address\" of the account that sends its "
				   "mail, or say what is to be done.",
				   author == NULL ? "(none)" : author);
	planning->sign = account->sign != ACCOUNT_SIGN_NONE;
	planning->encrypt = account->encrypt == ACCOUNT_ENCRYPT_ALWAYS ?
			    WISH_YES :
			    account->encrypt == ACCOUNT_ENCRYPT_NEVER ?
			    WISH_NO : WISH_IF_POSSIBLE;
	if (planning->question->wishes.answers_sealed)
		planning->encrypt = WISH_YES;
	return 0;
}

static int wishes_read(struct planning *planning)
{
	const struct seal_wishes *wishes = &planning->question->wishes;
	const struct account *account = planning->out->account;
	const char *key = wishes->key;

	if (wishes->policy) {
		int r = policy_read(planning);

		if (r < 0)
			return r;
	} else {
		planning->sign = wishes->sign;
		if (wishes->encrypt || wishes->opportunistic)
			planning->encrypt = wishes->opportunistic &&
					    !wishes->answers_sealed ?
					    WISH_IF_POSSIBLE : WISH_YES;
		if (!planning->sign && planning->encrypt == WISH_NO)
			return plan_refuse(planning, ERR_REFUSED,
					   "InvalidOption", "It was not said "
					   "whether to sign or to encrypt.");
	}
	if (key == NULL && account != NULL)
		key = account->key;
	if (key != NULL)
		planning->print = own_print(planning->job->arena, key);
	if (key != NULL && planning->print == NULL)
		return plan_refuse(planning, ERR_REFUSED, "InvalidOption",
				   "\"%.100s\" is no fingerprint; it has %d "
				   "hexadecimal digits or more (mailseal keys "
				   "list, gpg -K).", key, OWN_DIGITS_MIN);
	if (planning->print == NULL && planning->question->author == NULL)
		return plan_refuse(planning, ERR_REFUSED, "InvalidOption",
				   "It was not said whose key is to be used; "
				   "give sender (an address) or key (a "
				   "fingerprint).");
	return 0;
}

/* A key that was named belongs to one scheme. */
static void print_sort(struct planning *planning)
{
	const struct account *account = planning->out->account;
	const struct seal_wishes *wishes = &planning->question->wishes;

	if (planning->print == NULL)
		return;
	planning->print_scheme = &scheme_openpgp;
	if (own_is_smime(planning->job, planning->print) ||
	    (wishes->key == NULL && account->sign == ACCOUNT_SIGN_SMIME))
		planning->print_scheme = &scheme_smime;
	/* Said together: then the key is not there. */
	if (wishes->key != NULL && wishes->scheme != NULL)
		planning->print_scheme = planning->attempts[0].scheme;
}

/* --- which schemes are tried, in their order */

static void try(struct planning *planning, const struct scheme *scheme)
{
	size_t i;

	for (i = 0; i < planning->attempt_count; i++)
		if (planning->attempts[i].scheme == scheme)
			return;
	planning->attempts[planning->attempt_count++].scheme = scheme;
}

static int schemes_choose(struct planning *planning)
{
	const struct seal_wishes *wishes = &planning->question->wishes;
	const struct account *account = planning->out->account;
	size_t i;

	for (i = 0; i < ATTEMPTS_MAX && wishes->scheme != NULL; i++)
		if (strcmp(schemes[i]->word, wishes->scheme) == 0)
			try(planning, schemes[i]);
	if (wishes->scheme != NULL && planning->attempt_count == 0)
		return plan_refuse(planning, ERR_REFUSED, "InvalidOption",
				   "There is no scheme \"%.40s\"; it is smime "
				   "or openpgp.", wishes->scheme);
	print_sort(planning);
	if (wishes->scheme != NULL)
		return 0;
	if (wishes->key != NULL) {
		try(planning, planning->print_scheme);
		return 0;
	}
	if (account != NULL && account->sign == ACCOUNT_SIGN_OPENPGP)
		try(planning, &scheme_openpgp);
	for (i = 0; i < ATTEMPTS_MAX; i++)
		try(planning, schemes[i]);
	return 0;
}

/* --- how many may be reached */

/* Why not everybody can be encrypted to; NULL: everybody can. */
static const char *crowd_fault(struct planning *planning)
{
	const struct seal_plan_question *question = planning->question;
	size_t most = question->shown_count + 1;	/* and the author */

	if (question->hidden_count > most)
		most = question->hidden_count;
	return most <= SEAL_RECIPIENTS_MAX ? NULL :
	       arena_print(planning->job->arena, "A message can be encrypted "
			   "to at most %d recipients, and this one has %zu; "
			   "send it in parts, or to a mailing list.",
			   SEAL_RECIPIENTS_MAX - 1,
			   recipient_count(planning));
}

static int crowd_check(struct planning *planning)
{
	const char *fault = NULL;

	if (planning->encrypt != WISH_NO)
		fault = crowd_fault(planning);
	if (fault != NULL && planning->encrypt == WISH_YES)
		return plan_refuse(planning, ERR_LIMIT, "TooManyRecipients",
				   "%s", fault);
	if (fault != NULL) {
		plan_tell(planning, "not-encrypted", fault);
		planning->encrypt = WISH_NO;
	}
	if (recipient_count(planning) > 0)
		return 0;
	if (planning->encrypt == WISH_IF_POSSIBLE)
		planning->encrypt = WISH_NO;
	if (planning->encrypt == WISH_YES)
		return plan_refuse(planning, ERR_SYNTAX, "NoRecipients",
				   "There is nobody to encrypt to: the message "
				   "names no recipient, and none was given.");
	return 0;
}

/* --- which of them it is */

static struct attempt *attempts_run(struct planning *planning, int *r)
{
	struct attempt *attempt;
	size_t i;

	for (i = 0, *r = 0; i < planning->attempt_count; i++) {
		attempt = &planning->attempts[i];
		*r = attempt_make(planning, attempt);
		if (*r < 0)
			return NULL;
		if (attempt_is_whole(planning, attempt))
			return attempt;
	}
	return NULL;
}

/* The first that can sign, now that nothing is encrypted. */
static struct attempt *signer_find(struct planning *planning)
{
	size_t i;

	for (i = 0; i < planning->attempt_count; i++)
		if (planning->attempts[i].has_signer)
			return &planning->attempts[i];
	return NULL;
}

static int attempt_choose(struct planning *planning, struct attempt **out)
{
	int r;

	*out = attempts_run(planning, &r);
	if (r < 0 || *out != NULL)
		return r;
	if (planning->encrypt != WISH_IF_POSSIBLE)
		return plan_refuse_keys(planning);
	if (plan_undecided(planning) != NULL)
		return plan_refuse_undecided(planning);
	plan_tell_keys(planning);
	planning->encrypt = WISH_NO;
	if (!planning->sign)
		return 0;
	*out = signer_find(planning);
	return *out == NULL ? plan_refuse_keys(planning) : 0;
}

/* --- what goes to whom */

static int envelope_fill(struct planning *planning,
			 const struct attempt *attempt, size_t from,
			 size_t count, struct seal_envelope *envelope)
{
	struct arena *arena = planning->job->arena;
	const char **addresses = arena_array(arena, count + 1,
					     sizeof(*addresses));
	struct seal_key *keys = arena_array(arena, count + 1, sizeof(*keys));
	bool self = false;
	size_t i;

	if (addresses == NULL || keys == NULL)
		return ERR_LIMIT;
	for (i = 0; i < count; i++)
		addresses[i] = recipient(planning, from + i);
	envelope->addresses = addresses;
	envelope->address_count = count;
	envelope->order.headers = PROTECT_HEADERS;
	if (attempt == NULL)
		return 0;
	envelope->order.scheme = attempt->scheme;
	if (planning->sign)
		envelope->order.signer = &attempt->signer;
	if (planning->encrypt == WISH_NO)
		return 0;
	for (i = 0; i < count; i++) {
		keys[i] = attempt->keys[from + i];
		self = self || (keys[i].fingerprint != NULL &&
				attempt->self.fingerprint != NULL &&
				strcmp(keys[i].fingerprint,
				       attempt->self.fingerprint) == 0);
	}
	if (!self)
		keys[count] = attempt->self;
	envelope->order.recipients = keys;
	envelope->order.recipient_count = count + (self ? 0 : 1);
	return 0;
}

static int hidden_refuse(struct planning *planning)
{
	const struct seal_plan_question *question = planning->question;
	char names[NAMED_MAX * 64] = "";
	size_t i, at = 0;

	for (i = 0; i < question->hidden_count && i < NAMED_MAX; i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at,
				       "%s%.60s", i == 0 ? "" : ", ",
				       question->hidden[i]);
	return plan_refuse(planning, ERR_REFUSED, "HiddenRecipients",
			   "The message has hidden recipients (Bcc: %s%s), and "
			   "everybody it is encrypted to could see them. Send "
			   "it to each of them alone, or allow several "
			   "envelopes (split).", names,
			   question->hidden_count > NAMED_MAX ? "..." : "");
}

static int envelopes_make(struct planning *planning,
			  const struct attempt *attempt)
{
	const struct seal_plan_question *question = planning->question;
	bool apart = planning->encrypt != WISH_NO;
	size_t first = apart ? question->shown_count :
			       recipient_count(planning);
	size_t alone = apart ? question->hidden_count : 0, i;
	struct seal_plan *out = planning->out;
	int r = 0;

	if (apart && alone + (first > 0 ? 1 : 0) > 1 &&
	    !question->wishes.split)
		return hidden_refuse(planning);
	out->envelopes = arena_array(planning->job->arena, alone + 1,
				     sizeof(*out->envelopes));
	if (out->envelopes == NULL)
		return ERR_LIMIT;
	if (first > 0 || alone == 0)
		r = envelope_fill(planning, attempt, 0, first,
				  &out->envelopes[out->envelope_count++]);
	for (i = 0; r == 0 && i < alone; i++)
		r = envelope_fill(planning, attempt, first + i, 1,
				  &out->envelopes[out->envelope_count++]);
	out->scheme = attempt == NULL ? NULL : attempt->scheme;
	out->encrypts = attempt != NULL && apart;
	return r;
}

int seal_plan_make(struct seal_job *job,
		   const struct seal_plan_question *question,
		   struct seal_plan *out)
{
	/* Lives as long as the orders that point into it. */
	struct planning *planning = arena_alloc(job->arena,
						sizeof(*planning));
	struct value *holder = value_dict(job->arena);
	struct attempt *attempt = NULL;
	int r;

	memset(out, 0, sizeof(*out));
	out->reasons = value_put_list(job->arena, holder, "reasons");
	if (planning == NULL || out->reasons == NULL)
		return ERR_LIMIT;
	planning->job = job;
	planning->question = question;
	planning->out = out;
	out->account = question->account;
	if (out->account == NULL && question->accounts != NULL &&
	    question->author != NULL)
		out->account = account_of_address(question->accounts,
						  question->author);
	r = wishes_read(planning);
	if (r == 0)
		r = crowd_check(planning);
	if (r == 0)
		r = schemes_choose(planning);
	if (r == 0 && (planning->sign || planning->encrypt != WISH_NO))
		r = attempt_choose(planning, &attempt);
	return r < 0 ? r : envelopes_make(planning, attempt);
}
