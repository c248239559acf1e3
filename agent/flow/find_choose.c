/* find_choose.c - which of a correspondent's keys is used */
#include "agent/flow/find_inside.h"

#include <stdlib.h>
#include <string.h>

/* The higher, the better; what is not verified and what merely turned up is
 * never above what is. */
static const int rank_of[SEAL_TRUSTS] = {
	[SEAL_TRUST_NONE] = 0,
	[SEAL_TRUST_REFUSED] = 0,
	[SEAL_TRUST_SEEN] = 1,
	[SEAL_TRUST_DANE] = 2,
	[SEAL_TRUST_WEB] = 3,
	[SEAL_TRUST_PKIX] = 3,
	[SEAL_TRUST_OWN] = 4,
};

#define RANK_VERIFIED 3

#define TRUSTED_LESS	"Another one of this address is trusted more."
#define CAME_LATER	"Another one of this address was known before. If its"\
	" owner has that no more: mailseal forget ADDRESS forgets both, and"\
	" the next mail brings this one again."

static bool is_same_key(const struct found_key *a, const struct found_key *b)
{
	return a->scheme == b->scheme && a->owner.fingerprint != NULL &&
	       b->owner.fingerprint != NULL &&
	       strcmp(a->owner.fingerprint, b->owner.fingerprint) == 0;
}

/* The same key from two places is as good as the better of them, but for what
 * the user refused: that goes for all. */
static void share_trust(struct find *find)
{
	struct found_key *one, *other;
	size_t i, j;

	for (i = 0; i < find->count; i++)
		for (j = 0; j < find->count; j++) {
			one = &find->found[i];
			other = &find->found[j];
			if (i == j || !is_same_key(one, other))
				continue;
			if (other->owner.trust == SEAL_TRUST_REFUSED) {
				one->owner.trust = SEAL_TRUST_REFUSED;
				one->usable = false;
				one->reason = other->reason;
			} else if (one->owner.trust != SEAL_TRUST_REFUSED &&
				   rank_of[other->owner.trust] >
				   rank_of[one->owner.trust]) {
				one->owner.trust = other->owner.trust;
			}
		}
}

/* The user's own before what anybody said of the address: it can be read here.
 * The ring's before the same key from elsewhere: gpg knows it. */
static bool is_better(const struct found_key *a, const struct found_key *b)
{
	int rank_a = rank_of[a->owner.trust], rank_b = rank_of[b->owner.trust];

	if (rank_a != rank_b)
		return rank_a > rank_b;
	if (is_same_key(a, b) || a->source == FIND_OWN ||
	    b->source == FIND_OWN)
		return a->source < b->source;
	/* Of equals the one that is known longer. */
	if ((a->first_seen == 0) != (b->first_seen == 0))
		return a->first_seen != 0;
	return a->first_seen < b->first_seen;
}

/* A ring that cannot be asked may have a verified one, whose place nothing
 * less may take. */
static int least_rank(const struct find *find, const struct scheme *scheme)
{
	size_t i;

	for (i = 0; i < find->count; i++)
		if (find->found[i].scheme == scheme && find->found[i].silent &&
		    find->found[i].source == FIND_KEYRING)
			return RANK_VERIFIED;
	return 1;
}

static struct found_key *best_of(struct find *find,
				 const struct scheme *scheme)
{
	int least = least_rank(find, scheme);
	struct found_key *best = NULL, *one;
	size_t i;

	for (i = 0; i < find->count; i++) {
		one = &find->found[i];
		if (one->scheme == scheme && one->usable &&
		    rank_of[one->owner.trust] >= least &&
		    (best == NULL || is_better(one, best)))
			best = one;
	}
	return best;
}

/* Why the others were not. */
static void explain(struct find *find, const struct found_key *best)
{
	struct found_key *one;
	size_t i;

	for (i = 0; i < find->count; i++) {
		one = &find->found[i];
		if (!one->usable || one->chosen || one->reason != NULL)
			continue;
		if (one->source == FIND_OWN)
			one->reason = "You have a newer one.";
		else if (rank_of[one->owner.trust] == 0)
			one->reason = "Nobody whom you trust says whose key "
				"it is. Compare the fingerprint with its "
				"owner, then sign it: gpg --quick-lsign-key.";
		else if (best != NULL && one->scheme == best->scheme &&
			 !is_same_key(one, best) &&
			 rank_of[best->owner.trust] >= RANK_VERIFIED)
			one->reason = "Another key of this address is "
				"verified; a new one does not take its place.";
		else if (best != NULL && one->scheme == best->scheme &&
			 !is_same_key(one, best))
			one->reason = rank_of[one->owner.trust] <
				rank_of[best->owner.trust] ? TRUSTED_LESS :
				CAME_LATER;
		else if (rank_of[one->owner.trust] <
			 least_rank(find, one->scheme))
			one->reason = "GnuPG cannot be asked now whether "
				"another key of this address is verified; try "
				"again.";
	}
}

static int order(const void *a, const void *b)
{
	const struct found_key *one = a, *other = b;

	if (one->chosen != other->chosen)
		return one->chosen ? -1 : 1;
	if (one->usable != other->usable)
		return one->usable ? -1 : 1;
	if (one->scheme != other->scheme)
		return strcmp(one->scheme->word, other->scheme->word);
	return (int)one->source - (int)other->source;
}

static void choose(struct find *find, const struct scheme *scheme)
{
	struct found_key *best = best_of(find, scheme);

	if (best != NULL) {
		best->chosen = true;
		best->reason = NULL;
	}
	explain(find, best);
}

static const struct scheme *const schemes[] = { &scheme_openpgp,
					       &scheme_smime };

bool find_is_settled(struct find *find)
{
	const struct found_key *best;
	size_t i;

	/* What the user refused in one place settles nothing in another. */
	share_trust(find);
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (!find_wants(find, schemes[i]))
			continue;
		best = best_of(find, schemes[i]);
		if (best == NULL || rank_of[best->owner.trust] < RANK_VERIFIED)
			return false;
	}
	return true;
}

void find_choose(struct find *find)
{
	size_t i;

	share_trust(find);
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		choose(find, schemes[i]);
	if (find->count > 0)
		qsort(find->found, find->count, sizeof(*find->found), order);
}
