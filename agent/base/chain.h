/* chain.h - sources one behind the other, as one
 *
 * A header, a body that is read from elsewhere, a tail: sealed as a whole and
 * never put together. */
#ifndef MAILSEAL_BASE_CHAIN_H
#define MAILSEAL_BASE_CHAIN_H

#include "agent/base/stream.h"

#define CHAIN_MAX	4	/* sources of one chain */

struct chain {
	struct source sources[CHAIN_MAX];
	size_t count;
	size_t at;		/* the one that is read */
};

void chain_start(struct chain *chain);
/* At most CHAIN_MAX times; what the source reads must live. */
void chain_add(struct chain *chain, const struct source *source);
/* `chain` lives as long as the source. */
struct source source_of_chain(struct chain *chain);

#endif
