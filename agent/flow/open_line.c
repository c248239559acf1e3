/* open_line.c - one sentence or two that a client shows
 *
 * Only addresses in normal form stand in it: nothing in it acts on a terminal
 * or in markup. */
#include "agent/base/arena.h"
#include "agent/flow/open_inside.h"

static const char *signer(struct opening *opening,
			  const struct seal_facts *facts)
{
	const struct seal_signer *one = &facts->signers[0];

	if (facts->signer_count == 0)
		return "somebody";
	if (opening->author.address != NULL && one->address_count > 1)
		for (size_t i = 0; i < one->address_count; i++)
			if (strcmp(one->addresses[i],
				   opening->author.address) == 0)
				return one->addresses[i];
	if (one->address_count > 0)
		return one->addresses[0];
	return "a key that names no address";
}

static const char *of_state(struct opening *opening,
			    const struct seal_facts *facts)
{
	struct arena *arena = opening->job->arena;
	const char *who = signer(opening, facts);

	switch (facts->state) {
	case SEAL_GOOD:
		return arena_print(arena, "Signed by %s", who);
	case SEAL_UNTRUSTED:
		return arena_print(arena, "Signed by somebody who says to be "
				   "%s, for which nobody vouches", who);
	case SEAL_EXPIRED:
		return arena_print(arena, "Signed by %s with a key that has "
				   "expired", who);
	case SEAL_REVOKED:
		return arena_print(arena, "Signed with a key of %s that was "
				   "revoked", who);
	case SEAL_WEAK:
		return "Signed in a way that proves nothing";
	case SEAL_UNKNOWN_KEY:
		return "Signed with a key that is not known here";
	case SEAL_UNSUPPORTED:
		return "Signed with an unsupported algorithm";
	case SEAL_BAD:
	case SEAL_UNSIGNED:
	case SEAL_STATES:
	default:
		return "The signature is wrong: count this as not signed";
	}
}

static const char *of_signature(struct opening *opening,
				const struct open_summary *summary)
{
	const struct seal_facts *facts;
	struct arena *arena = opening->job->arena;
	const char *text;

	if (summary->signature == NULL)
		return "Not signed";
	facts = &summary->signature->facts;
	text = of_state(opening, facts);
	if (!open_is_right(facts) || summary->match == OPEN_MATCH_YES ||
	    opening->order->whole == OPEN_ENTITY)
		return text;
	if (summary->match == OPEN_MATCH_AMBIGUOUS)
		return arena_print(arena, "%s, but who it says to be from is "
				   "not clear", text);
	return arena_print(arena, "%s, who is not the one it says to be from",
			   text);
}

static const char *of_opening(const struct seal_facts *facts)
{
	switch (facts->opening) {
	case SEAL_NO_KEY:
		return "Encrypted, but not to a key of yours";
	case SEAL_LOCKED:
		return "Encrypted; your key is locked";
	case SEAL_NOT_SUPPORTED:
		return "Encrypted with an unsupported algorithm";
	case SEAL_DAMAGED:
		return "Encrypted, and damaged: it was changed on the way, or "
		       "was never right";
	case SEAL_OPENED:
	case SEAL_NOT_ENCRYPTED:
	case SEAL_OPENINGS:
	default:
		return "Encrypted";
	}
}

const char *open_line(struct opening *opening,
		      const struct open_summary *summary)
{
	struct arena *arena = opening->job->arena;
	const char *sign = of_signature(opening, summary);
	const char *part = opening->of_part ? " (this part alone)" : "";

	if (opening->no_such_part)
		return "There is no part of that number.";
	if (opening->layer_count == 0)
		return arena_print(arena, "Neither signed nor encrypted%s.",
				   part);
	if (summary->encryption == NULL)
		return arena_print(arena, "%s%s.", sign, part);
	if (summary->encryption->facts.opening != SEAL_OPENED)
		return arena_print(arena, "%s%s.",
				   of_opening(&summary->encryption->facts),
				   part);
	if (strcmp(summary->integrity, "none") == 0)
		return arena_print(arena, "Encrypted, but it may have been "
				   "changed on the way%s. %s.", part, sign);
	return arena_print(arena, "Encrypted%s. %s.", part, sign);
}
