/* open_summary.c - what several layers say together (RFC 9787 section 6) */
#include "agent/base/arena.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/address.h"
#include "agent/mail/message.h"

const char *const open_match_name[] = { "no", "yes", "ambiguous", NULL };
const char *const open_security_name[] = {
	"unprotected", "verified", "confidential", "encrypted"
};

bool open_is_right(const struct seal_facts *facts)
{
	return facts->state == SEAL_GOOD || facts->state == SEAL_UNTRUSTED ||
	       facts->state == SEAL_EXPIRED || facts->state == SEAL_REVOKED;
}

static bool is_encrypted(const struct open_layer *layer)
{
	return layer->facts.opening != SEAL_NOT_ENCRYPTED;
}

static bool is_signed(const struct open_layer *layer)
{
	return layer->facts.state != SEAL_UNSIGNED;
}

/* A wrong signature anywhere is the one that is told of: whoever reads that
 * the one inside is right would take the message for right. */
static bool speaks(const struct open_summary *summary)
{
	return summary->signature == NULL ||
	       summary->signature->facts.state != SEAL_BAD;
}

/* Nothing around the signature's own layer's content is encrypted later. */
static void layers_look(const struct opening *opening,
			struct open_summary *out)
{
	const struct open_layer *layer;
	size_t i;

	for (i = 0; i < opening->layer_count; i++) {
		layer = &opening->layers[i];
		if (is_encrypted(layer)) {
			out->encryption = layer;
			out->signed_inside = false;
		}
		if (is_signed(layer) && speaks(out)) {
			out->signed_around = out->signature != NULL;
			out->signature = layer;
			out->signed_inside = true;
		}
	}
}

static bool signer_has(const struct seal_facts *facts, const char *address)
{
	size_t i, j;

	for (i = 0; i < facts->signer_count; i++)
		for (j = 0; j < facts->signers[i].address_count; j++)
			if (address_same(facts->signers[i].addresses[j],
					 address))
				return true;
	return false;
}

static void match(struct open_summary *out, enum open_match how,
		  const char *text)
{
	out->match = how;
	out->match_text = text;
}

static const char *signer_word(const struct seal_facts *facts)
{
	if (facts->signer_count == 0)
		return "nobody that is known";
	return facts->signers[0].address_count > 0 ?
	       facts->signers[0].addresses[0] :
	       "somebody whose key names no address";
}

/* The one address of From, inside and outside, against the signer's. */
static void match_author(struct opening *opening, struct open_summary *out)
{
	const struct seal_facts *facts = &out->signature->facts;
	const struct author *outer = &opening->author;
	const struct author *inner = &opening->inner_author;
	struct arena *arena = opening->job->arena;

	if (outer->state != AUTHOR_ONE) {
		match(out, OPEN_MATCH_AMBIGUOUS, outer->text);
		return;
	}
	if (opening->headers.kind != HP_NONE && inner->state != AUTHOR_ONE &&
	    inner->state != AUTHOR_MISSING) {
		match(out, OPEN_MATCH_AMBIGUOUS, inner->text);
		return;
	}
	if (opening->headers.kind != HP_NONE && inner->state == AUTHOR_ONE &&
	    !address_same(inner->address, outer->address)) {
		match(out, OPEN_MATCH_NO, arena_print(arena, "Inside it is "
		      "from %s, but as it came it says that it is from %s.",
		      inner->address, outer->address));
		return;
	}
	if (facts->state == SEAL_UNKNOWN_KEY)
		match(out, OPEN_MATCH_UNKNOWN, NULL);
	else if (signer_has(facts, outer->address))
		match(out, OPEN_MATCH_YES, NULL);
	else
		match(out, OPEN_MATCH_NO, arena_print(arena, "It was signed "
		      "by %s, but says that it is from %s.",
		      signer_word(facts), outer->address));
}

static bool inner_from_holds(const struct opening *opening,
			     const struct open_summary *summary)
{
	const struct seal_facts *facts = &summary->signature->facts;
	const struct author *inner = &opening->inner_author;

	return opening->headers.kind != HP_NONE && summary->signed_inside &&
	       facts->state == SEAL_GOOD && inner->state == AUTHOR_ONE &&
	       signer_has(facts, inner->address);
}

static const char *integrity_of(const struct open_summary *summary)
{
	const struct seal_facts *facts = &summary->encryption->facts;

	if (facts->integrity != SEAL_INTEGRITY_NONE)
		return seal_integrity_name[facts->integrity];
	return summary->signature != NULL && summary->signed_inside &&
	       open_is_right(&summary->signature->facts) ? "signature" :
							   "none";
}

static enum open_security security_of(const struct opening *opening,
				      const struct open_summary *summary)
{
	bool verified = summary->signature != NULL && !opening->of_part &&
			opening->order->whole == OPEN_MESSAGE &&
			summary->signed_inside && !opening->stopped &&
			summary->signature->facts.state == SEAL_GOOD &&
			summary->match == OPEN_MATCH_YES;
	size_t i;

	for (i = 0; i < opening->layer_count; i++)
		if (opening->layers[i].facts.state == SEAL_BAD)
			verified = false;
	if (summary->encryption == NULL)
		return verified ? OPEN_VERIFIED : OPEN_UNPROTECTED;
	return verified ? OPEN_CONFIDENTIAL : OPEN_ENCRYPTED;
}

void open_summarize(struct opening *opening, struct open_summary *out)
{
	memset(out, 0, sizeof(*out));
	layers_look(opening, out);
	out->covers = "none";
	if (opening->layer_count > 0)
		out->covers = opening->of_part ||
			      opening->order->whole == OPEN_ENTITY ?
			      "part" : "whole";
	if (out->signature != NULL && opening->order->whole == OPEN_MESSAGE)
		match_author(opening, out);
	if (out->signature != NULL)
		out->inner_from_holds = inner_from_holds(opening, out);
	if (out->encryption != NULL)
		out->integrity = integrity_of(out);
	out->security = security_of(opening, out);
}
