/* contacts_index.h - from a text to the contacts that have it
 *
 * A chained hash table over numbers 0 .. count-1.  Its hash is keyed anew
 * each time (SipHash-2-4): part of an address book was once written by
 * strangers, and none of them chooses who shares a chain. */
#ifndef MAILSEAL_CONTACTS_CONTACTS_INDEX_H
#define MAILSEAL_CONTACTS_CONTACTS_INDEX_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define INDEX_NONE UINT32_MAX

struct index {
	uint64_t key[2];
	uint32_t *heads;	/* by hash */
	uint32_t *next;		/* by number */
	uint32_t mask;
};

/* For at most `count` numbers.  0, ERR_MEMORY, ERR_IO: no random bytes. */
int index_init(struct index *index, uint32_t count);
void index_free(struct index *index);	/* zeroed is allowed */

/* ASCII case makes no difference to the hash: the caller compares. */
void index_add(struct index *index, struct bytes text, uint32_t number);

/* The numbers that may have `text`, the one added first coming last. */
uint32_t index_first(const struct index *index, struct bytes text);
static inline uint32_t index_next(const struct index *index, uint32_t number)
{
	return index->next[number];
}

#endif
