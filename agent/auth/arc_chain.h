/* arc_chain.h - the sets of an Authenticated Received Chain, in order
 *
 * RFC 8617 section 4.2 and steps 1 to 3 of section 5.2: each instance from 1
 * on has one ARC-Authentication-Results, one ARC-Message-Signature and one
 * ARC-Seal, none is left out, and each seal says of the chain before it what
 * it must.
 * Does not do: verify a signature (arc.h). */
#ifndef MAILSEAL_AUTH_ARC_CHAIN_H
#define MAILSEAL_AUTH_ARC_CHAIN_H

#include "agent/auth/dkim_signature.h"
#include "agent/verdict/finding.h"

struct arena;
struct message;

struct arc_set {
	const struct field *results;
	struct dkim_signature signature, seal;
};

struct arc_chain {
	enum result result;	/* NONE: no ARC field; PASS: it is well made;
				 * FAIL */
	const char *code, *text;	/* of a failure */
	struct arc_set *sets;	/* of PASS: sets[i] is instance i + 1 */
	unsigned count;
	const char *sealer;	/* d= of the seal with the highest instance
				 * that can be read; NULL: none */
};

/* ERR_LIMIT: the arena is full. */
int arc_chain_read(struct arena *arena, const struct message *message,
		   struct arc_chain *out);

#endif
