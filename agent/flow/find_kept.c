/* find_kept.c - what the store keeps of an address, from the front to a role */
#include "agent/flow/find_kept.h"

#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"

void find_kept_put(struct buf *to, const struct find_kept *kept)
{
	buf_byte(to, (unsigned char)kept->source);
	buf_u64(to, (uint64_t)kept->first_seen);
	buf_u64(to, (uint64_t)kept->last_seen);
	buf_byte(to, (unsigned char)kept->reads);
	buf_u32(to, (uint32_t)kept->blob.len);
	buf_add(to, kept->blob);
}

static bool entry_take(struct bytes *from, struct find_kept *out)
{
	unsigned char source, reads;
	uint64_t first, last;
	uint32_t len;

	if (!take_byte(from, &source) || source >= FIND_SOURCES ||
	    !take_u64(from, &first) || !take_u64(from, &last) ||
	    !take_byte(from, &reads) ||
	    !take_u32(from, &len) || !take_bytes(from, len, &out->blob) ||
	    first > INT64_MAX || last > INT64_MAX)
		return false;
	out->source = (enum find_source)source;
	out->first_seen = (int64_t)first;
	out->last_seen = (int64_t)last;
	out->reads = reads;
	return true;
}

int find_kept_take(struct bytes from, struct find_kept *out, size_t room)
{
	size_t count = 0;

	while (from.len > 0) {
		if (count == room || !entry_take(&from, &out[count]))
			return ERR_PROTOCOL;
		count++;
	}
	return (int)count;
}

enum find_source find_kept_source(const char *word)
{
	if (strcmp(word, "user") == 0)
		return FIND_CONTACT;
	return strcmp(word, "autocrypt") == 0 ? FIND_AUTOCRYPT : FIND_SEEN;
}
