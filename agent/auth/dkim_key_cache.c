/* dkim_key_cache.c - a few slots under one lock
 *
 * The one thing here that outlives a request: it holds nothing but public
 * keys, and losing it costs time alone. */
#include "agent/auth/dkim_key_cache.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdint.h>

struct slot {
	struct dkim_key key;		/* pkey NULL: the slot is free */
	enum dkim_algorithm algorithm;
	uint64_t used;			/* when, by the cache's own count */
	size_t len;
	unsigned char record[DKIM_CACHE_RECORD_MAX];
};

static struct {
	pthread_mutex_t lock;
	uint64_t count;
	struct slot slots[DKIM_CACHE_KEYS];
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct slot *slot_find(struct bytes record,
			      enum dkim_algorithm algorithm)
{
	struct slot *slot;
	size_t i;

	for (i = 0; i < DKIM_CACHE_KEYS; i++) {
		slot = &cache.slots[i];
		if (slot->key.pkey != NULL && slot->len == record.len &&
		    slot->algorithm == algorithm &&
		    memcmp(slot->record, record.data, record.len) == 0)
			return slot;
	}
	return NULL;
}

static struct slot *slot_oldest(void)
{
	struct slot *slot = &cache.slots[0];
	size_t i;

	for (i = 1; i < DKIM_CACHE_KEYS; i++)
		if (cache.slots[i].used < slot->used)
			slot = &cache.slots[i];
	return slot;
}

bool dkim_key_cache_find(struct bytes record, enum dkim_algorithm algorithm,
			 struct dkim_key *out)
{
	struct slot *slot = NULL;
	bool found = false;

	if (record.len == 0 || record.len > DKIM_CACHE_RECORD_MAX)
		return false;
	(void)pthread_mutex_lock(&cache.lock);
	slot = slot_find(record, algorithm);
	if (slot != NULL && EVP_PKEY_up_ref(slot->key.pkey) == 1) {
		*out = slot->key;
		slot->used = ++cache.count;
		found = true;
	}
	(void)pthread_mutex_unlock(&cache.lock);
	return found;
}

/* Takes a reference to key->pkey; the one used longest ago makes room. */
static void cache_add(struct bytes record, enum dkim_algorithm algorithm,
		      const struct dkim_key *key)
{
	struct slot *slot;

	if (record.len == 0 || record.len > DKIM_CACHE_RECORD_MAX)
		return;
	(void)pthread_mutex_lock(&cache.lock);
	if (slot_find(record, algorithm) == NULL &&
	    EVP_PKEY_up_ref(key->pkey) == 1) {
		slot = slot_oldest();
		dkim_key_clear(&slot->key);
		slot->key = *key;
		slot->algorithm = algorithm;
		slot->used = ++cache.count;
		slot->len = record.len;
		memcpy(slot->record, record.data, record.len);
	}
	(void)pthread_mutex_unlock(&cache.lock);
}

int dkim_key_cached(struct arena *arena, struct bytes record,
		    enum dkim_algorithm algorithm, struct dkim_key *out,
		    const char **code, const char **text)
{
	int r;

	if (dkim_key_cache_find(record, algorithm, out))
		return 0;
	r = dkim_key_parse(arena, record, algorithm, out, code, text);
	if (r == 0)
		cache_add(record, algorithm, out);
	return r;
}

void dkim_key_cache_clear(void)
{
	size_t i;

	(void)pthread_mutex_lock(&cache.lock);
	for (i = 0; i < DKIM_CACHE_KEYS; i++) {
		dkim_key_clear(&cache.slots[i].key);
		cache.slots[i].used = 0;
	}
	(void)pthread_mutex_unlock(&cache.lock);
}
