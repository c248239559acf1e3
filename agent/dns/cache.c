/* cache.c - one table, one slot a hash: a newer answer takes the place */
#include "agent/dns/cache.h"

#include <stdlib.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/dns/client.h"
#include "agent/dns/resolver.h"
#include "agent/dns/wire.h"

#define KEPT_BYTES_MAX 8192	/* a larger answer is not kept */

struct kept {
	char name[DNS_NAME_MAX + 1];
	int64_t until;
	struct buf wire;
};

struct cache {
	struct kept *slots[CACHE_MAX];
	struct wire_answer scratch;
};

static size_t slot_of(const char *name)
{
	uint32_t hash = 2166136261U;	/* FNV-1a */

	for (; *name != 0; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619U;
	return hash % CACHE_MAX;
}

struct cache *cache_new(void)
{
	return calloc(1, sizeof(struct cache));
}

static void kept_free(struct kept *kept)
{
	if (kept == NULL)
		return;
	buf_free(&kept->wire);
	free(kept);
}

void cache_free(struct cache *cache)
{
	size_t i;

	if (cache == NULL)
		return;
	for (i = 0; i < CACHE_MAX; i++)
		kept_free(cache->slots[i]);
	free(cache);
}

bool cache_answer(struct cache *cache, struct dns_question *question)
{
	struct kept *kept;

	if (question->type != DNS_TXT)
		return false;
	kept = cache->slots[slot_of(question->name)];
	if (kept == NULL || strcmp(kept->name, question->name) != 0 ||
	    clock_now_ms() >= kept->until ||
	    wire_take_answer(buf_bytes(&kept->wire), &cache->scratch) < 0)
		return false;
	dns_deliver(question, &cache->scratch.answer);
	return true;
}

void cache_keep(struct cache *cache, const struct dns_question *question,
		const struct dns_answer *answer)
{
	size_t slot = slot_of(question->name);
	int64_t keep = (int64_t)answer->ttl * 1000;
	struct kept *kept;

	if (question->type != DNS_TXT || answer->state == DNS_BOGUS ||
	    answer->state == DNS_SILENT || keep <= 0)
		return;
	kept = calloc(1, sizeof(*kept));
	if (kept == NULL)
		return;
	if (keep > CLIENT_KEEP_MS)
		keep = CLIENT_KEEP_MS;
	kept->until = clock_now_ms() + keep;
	memcpy(kept->name, question->name, sizeof(kept->name));
	buf_init(&kept->wire, KEPT_BYTES_MAX);
	wire_put_answer(&kept->wire, 0, answer);
	if (kept->wire.full) {
		kept_free(kept);
		return;
	}
	kept_free(cache->slots[slot]);
	cache->slots[slot] = kept;
}
