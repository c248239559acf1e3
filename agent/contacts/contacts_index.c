/* contacts_index.c - chains of numbers, and the keyed hash before them */
#include "agent/contacts/contacts_index.h"

#include <stdlib.h>
#include <sys/random.h>

#include "agent/base/err.h"

#define HEADS_LEAST 16

static uint64_t rotate(uint64_t number, unsigned by)
{
	return number << by | number >> (64 - by);
}

static void sip_rounds(uint64_t v[4], unsigned rounds)
{
	for (; rounds > 0; rounds--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

/* SipHash-2-4 (Aumasson, Bernstein 2012) of `text` in lower case. */
static uint64_t sip_hash(const uint64_t key[2], struct bytes text)
{
	uint64_t v[4] = {
		key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL,
		key[0] ^ 0x6c7967656e657261ULL, key[1] ^ 0x7465646279746573ULL
	};
	uint64_t word = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		word |= (uint64_t)byte_lower(text.data[i]) << (i % 8 * 8);
		if (i % 8 != 7)
			continue;
		v[3] ^= word;
		sip_rounds(v, 2);
		v[0] ^= word;
		word = 0;
	}
	word |= (uint64_t)(text.len & 0xFF) << 56;
	v[3] ^= word;
	sip_rounds(v, 2);
	v[0] ^= word;
	v[2] ^= 0xFF;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int index_init(struct index *index, uint32_t count)
{
	uint32_t heads = HEADS_LEAST, i;

	memset(index, 0, sizeof(*index));
	if (getrandom(index->key, sizeof(index->key), 0) !=
	    (ssize_t)sizeof(index->key))
		return ERR_IO;
	while (heads < count && heads < 1U << 30)
		heads *= 2;
	index->mask = heads - 1;
	index->heads = calloc(heads, sizeof(*index->heads));
	index->next = calloc((size_t)count + 1, sizeof(*index->next));
	if (index->heads == NULL || index->next == NULL) {
		index_free(index);
		return ERR_MEMORY;
	}
	for (i = 0; i < heads; i++)
		index->heads[i] = INDEX_NONE;
	return 0;
}

void index_free(struct index *index)
{
	free(index->heads);
	free(index->next);
	memset(index, 0, sizeof(*index));
}

void index_add(struct index *index, struct bytes text, uint32_t number)
{
	uint32_t *head = &index->heads[sip_hash(index->key, text) &
				       index->mask];

	index->next[number] = *head;
	*head = number;
}

uint32_t index_first(const struct index *index, struct bytes text)
{
	return index->heads[sip_hash(index->key, text) & index->mask];
}
