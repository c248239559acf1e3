/* open_known.c - the signer's certificate or key against those seen before */
#include "agent/flow/open_known.h"

#include <strings.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/answers.h"
#include "agent/flow/identity.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/message.h"

#define ASKED_MAX 8	/* addresses of one certificate */
#define OPENPGP_PRINT_MIN 40	/* digits */

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

enum seal_trust open_known_trust(const struct open_memory *memory,
				 struct arena *arena, const char *fingerprint,
				 const char *const *addresses, size_t count)
{
	struct open_known known[OPEN_KNOWN_MAX];
	enum seal_trust best = SEAL_TRUST_NONE;
	size_t i;
	int got, j;

	for (i = 0; memory != NULL && i < count && i < ASKED_MAX; i++) {
		got = memory->certificates(memory->ctx, arena, addresses[i],
					   known, OPEN_KNOWN_MAX);
		for (j = 0; j < got; j++)
			if (is_same(known[j].fingerprint, fingerprint) &&
			    known[j].trust > best)
				best = known[j].trust;
	}
	return best;
}

static bool is_smime(const struct seal_facts *facts)
{
	return facts->signers[0].blob.len > 0;
}

/* What an OpenPGP signature is known again by; key ids are no names. */
static bool has_print(const struct seal_facts *facts)
{
	const char *print = facts->signers[0].fingerprint;

	return print != NULL && strlen(print) >= OPENPGP_PRINT_MIN;
}

/* The message that its author signed, whole: the facts; else NULL. */
static const struct seal_facts *
author_signed(const struct opening *opening,
	      const struct open_summary *summary)
{
	const struct seal_facts *facts;
	size_t i;

	if (summary->signature == NULL || opening->stopped ||
	    opening->of_part || opening->order->whole != OPEN_MESSAGE ||
	    !summary->signed_inside || summary->match != OPEN_MATCH_YES)
		return NULL;
	for (i = 0; i < opening->layer_count; i++)
		if (opening->layers[i].facts.state == SEAL_BAD)
			return NULL;
	facts = &summary->signature->facts;
	if ((facts->state != SEAL_GOOD && facts->state != SEAL_UNTRUSTED) ||
	    facts->signers[0].trust == SEAL_TRUST_REFUSED)
		return NULL;
	return is_smime(facts) || has_print(facts) ? facts : NULL;
}

/* The OpenPGP signature of the whole message by a key that is not here: nobody
 * can say whether it is right, but it is by none of those before. */
static const struct seal_facts *
stranger_signed(const struct opening *opening,
		const struct open_summary *summary)
{
	const struct seal_facts *facts;

	if (summary->signature == NULL || opening->of_part ||
	    opening->order->whole != OPEN_MESSAGE ||
	    opening->author.state != AUTHOR_ONE)
		return NULL;
	facts = &summary->signature->facts;
	return facts->state == SEAL_UNKNOWN_KEY && facts->signer_count > 0 &&
	       strcmp(summary->signature->scheme->word, "openpgp") == 0 ?
	       facts : NULL;
}

static const char *key_text_of(struct arena *arena, const char *address,
			       const struct seal_facts *facts)
{
	switch (facts->state) {
	case SEAL_GOOD:
		return arena_print(arena, "%s signed with another key than "
				   "before. You trust this one as well.",
				   address);
	case SEAL_UNKNOWN_KEY:
		return arena_print(arena, "%s signed with another key before; "
				   "the one of this signature is not here. If "
				   "it is sent to you, ask %s by another way "
				   "whether it is theirs.", address, address);
	default:
		return arena_print(arena, "%s signed with another key than "
				   "before, and nobody whom you trust says "
				   "whose this one is. It does not take the "
				   "place of the one before; ask %s by another "
				   "way whether it is theirs.", address,
				   address);
	}
}

static const char *text_of(struct arena *arena, const char *address,
			   const struct seal_facts *facts)
{
	if (facts->state == SEAL_GOOD)
		return arena_print(arena, "%s signed with another certificate "
				   "than before. This one is vouched for as "
				   "well; both are kept.", address);
	return arena_print(arena, "%s signed with another certificate than "
			   "before, and nobody vouches for this one. It does "
			   "not take the place of the one before; ask %s by "
			   "another way whether it is theirs.", address,
			   address);
}

static const char *hex_of(struct arena *arena, struct bytes blob)
{
	static const char digits[17] = "0123456789abcdef";
	char *out = arena_alloc(arena, 2 * blob.len + 1);
	size_t i;

	for (i = 0; out != NULL && i < blob.len; i++) {
		out[2 * i] = digits[blob.data[i] >> 4];
		out[2 * i + 1] = digits[blob.data[i] & 15];
	}
	if (out != NULL)
		out[2 * blob.len] = '\0';
	return out;
}

/* Who gets an answer to this message: 64 hex digits; NULL: nobody can say. */
static const char *answered(struct opening *opening)
{
	struct arena *arena = opening->job->arena;
	const struct field *field;
	unsigned char sum[32];
	const struct bytes octets = { sum, sizeof(sum) };
	const char *reply = NULL, *text;

	if (opening->author.state != AUTHOR_ONE ||
	    opening->author.address == NULL ||
	    opening->outside->header == NULL)
		return NULL;
	field = message_find(opening->outside->header, "Reply-To", 0);
	if (field != NULL)
		reply = arena_text(arena, field_unfold(arena, field));
	text = arena_print(arena, "%s\n%s", opening->author.address,
			   reply == NULL ? "" : reply);
	if (text == NULL ||
	    identity_sum((const unsigned char *)text, strlen(text), sum) < 0)
		return NULL;
	return hex_of(arena, octets);
}

static const char *sum_of(const struct opening *opening,
			  const struct open_summary *summary)
{
	if (opening->order->memory == NULL || summary->encryption == NULL ||
	    opening->order->whole != OPEN_MESSAGE)
		return NULL;
	return summary->encryption->facts.key_sum;
}

static void repeated_reason(struct opening *opening,
			    const struct open_summary *summary,
			    struct value *list)
{
	const struct open_memory *memory = opening->order->memory;
	const char *sum = sum_of(opening, summary);
	const char *body = sum == NULL ? NULL : answered(opening);

	if (body != NULL && memory->repeated != NULL &&
	    memory->repeated(memory->ctx, sum, body) > 0)
		open_reason(opening->job->arena, list, "seen-before",
			    "The same encrypted text came before, in a "
			    "message of another sender or with another "
			    "address for answers: who sent this one need not "
			    "know what is inside. Do not answer with its "
			    "text.");
}

/* Whether the author is known by the same scheme, and by no other than
 * this. */
static bool is_another(struct opening *opening,
		       const struct open_summary *summary,
		       const struct seal_facts *facts)
{
	const struct open_memory *memory = opening->order->memory;
	const char *scheme = summary->signature->scheme->word;
	struct open_known known[OPEN_KNOWN_MAX];
	bool any = false;
	int count, i;

	count = memory->certificates(memory->ctx, opening->job->arena,
				     opening->author.address, known,
				     OPEN_KNOWN_MAX);
	for (i = 0; i < count; i++) {
		if (strcmp(known[i].scheme == NULL ? "smime" :
			   known[i].scheme, scheme) != 0)
			continue;
		if (is_same(known[i].fingerprint,
			    facts->signers[0].fingerprint))
			return false;
		any = true;
	}
	return any;
}

static void changed_reason(struct opening *opening,
			   const struct open_summary *summary,
			   struct value *list)
{
	const struct seal_facts *facts = author_signed(opening, summary);
	struct arena *arena = opening->job->arena;

	if (facts == NULL)
		facts = stranger_signed(opening, summary);
	if (facts == NULL || opening->order->memory == NULL ||
	    !is_another(opening, summary, facts))
		return;
	if (is_smime(facts))
		open_reason(arena, list, "certificate-changed",
			    text_of(arena, opening->author.address, facts));
	else
		open_reason(arena, list, "key-changed",
			    key_text_of(arena, opening->author.address,
					facts));
}

void open_known_reasons(struct opening *opening,
			const struct open_summary *summary,
			struct value *list)
{
	changed_reason(opening, summary, list);
	repeated_reason(opening, summary, list);
}

static void learn_sum(struct opening *opening,
		      const struct open_summary *summary,
		      struct value *learn)
{
	const char *sum = opening->of_part ? NULL : sum_of(opening, summary);

	if (sum == NULL)
		return;
	value_put_text(opening->job->arena, learn, "sum", sum);
	value_put_text(opening->job->arena, learn, "body", answered(opening));
}

/* Its own Message-IDs, or that which the client says an entity is of. */
static size_t own_sums(const struct opening *opening,
		       struct answers_sum sums[ANSWERS_MAX])
{
	struct arena *arena = opening->job->arena;

	if (opening->order->whole == OPEN_ENTITY)
		return answers_sum(arena, opening->order->message_id, sums);
	if (opening->outside->header == NULL)
		return 0;
	return answers_sums(arena, opening->outside->header, sums);
}

/* What answers this message is to be encrypted as well. */
static void learn_opened(struct opening *opening,
			 const struct open_summary *summary,
			 struct value *learn)
{
	struct arena *arena = opening->job->arena;
	struct answers_sum sums[ANSWERS_MAX];
	struct bytes octets = { NULL, ANSWERS_SUM };
	struct value *list;
	size_t count, i;

	if (summary->encryption == NULL ||
	    summary->encryption->facts.opening != SEAL_OPENED)
		return;
	count = own_sums(opening, sums);
	list = value_put_list(arena, learn, "opened");
	for (i = 0; i < count; i++) {
		octets.data = sums[i].octets;
		value_put_text(arena, list, NULL, hex_of(arena, octets));
	}
}

void open_learn(struct opening *opening, const struct open_summary *summary,
		struct value *report)
{
	const struct seal_facts *facts = author_signed(opening, summary);
	struct arena *arena = opening->job->arena;
	const struct seal_signer *signer;
	struct value *learn;

	if (opening->order->memory == NULL)
		return;
	learn = value_put_dict(arena, report, "learn");
	learn_sum(opening, summary, learn);
	learn_opened(opening, summary, learn);
	if (facts == NULL || facts->signers[0].blob.len > OPEN_LEARN_MAX)
		return;
	signer = &facts->signers[0];
	value_put_text(arena, learn, "address", opening->author.address);
	value_put_truth(arena, learn, "good", facts->state == SEAL_GOOD);
	if (!is_smime(facts)) {
		value_put_text(arena, learn, "signer", signer->fingerprint);
		return;
	}
	value_put_text(arena, learn, "certificate",
		       hex_of(arena, signer->blob));
	if (signer->companion.len > 0 &&
	    signer->companion.len <= OPEN_LEARN_MAX)
		value_put_text(arena, learn, "companion",
			       hex_of(arena, signer->companion));
	value_put_number(arena, learn, "reads", signer->reads);
}
