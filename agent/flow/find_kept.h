/* find_kept.h - what the store keeps of an address, from the front to a role
 *
 * A file of entries, one behind the other: a byte for the source, u64 when it
 * was first and last seen, a byte for what its owner reads, u32 length, the
 * certificate or key. */
#ifndef MAILSEAL_FLOW_FIND_KEPT_H
#define MAILSEAL_FLOW_FIND_KEPT_H

#include "agent/flow/find.h"

struct buf;

#define FIND_KEPT_BYTES	(4 * 1024 * 1024)	/* of one file */

void find_kept_put(struct buf *to, const struct find_kept *kept);

/* Slices of `from`.  How many; ERR_PROTOCOL. */
int find_kept_take(struct bytes from, struct find_kept *out, size_t room);

/* The store's word for a source; anything else: FIND_SEEN. */
enum find_source find_kept_source(const char *word);

#endif
