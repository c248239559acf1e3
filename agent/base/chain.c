/* chain.c - from one source to the next */
#include "agent/base/chain.h"

void chain_start(struct chain *chain)
{
	chain->count = chain->at = 0;
}

void chain_add(struct chain *chain, const struct source *source)
{
	if (chain->count < CHAIN_MAX)
		chain->sources[chain->count++] = *source;
}

static int chain_read(void *ctx, unsigned char *room, size_t size)
{
	struct chain *chain = ctx;
	const struct source *source;
	int got = 0;

	while (got == 0 && chain->at < chain->count) {
		source = &chain->sources[chain->at];
		got = source->read(source->ctx, room, size);
		if (got == 0)
			chain->at++;
	}
	return got;
}

static int chain_rewind(void *ctx)
{
	struct chain *chain = ctx;
	size_t i;
	int r = 0;

	chain->at = 0;
	for (i = 0; r == 0 && i < chain->count; i++)
		r = chain->sources[i].rewind(chain->sources[i].ctx);
	return r;
}

struct source source_of_chain(struct chain *chain)
{
	struct source source = { chain_read, chain_rewind, chain };

	return source;
}
