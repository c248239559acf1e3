/* find_reads.c - what a correspondent's program reads, by what it said */
#include "agent/flow/find_inside.h"

static void note(struct find *find, const struct find_kept *kept)
{
	struct found_key *found;
	size_t i;

	for (i = 0; i < find->count; i++) {
		found = &find->found[i];
		if (found->key.blob.len == kept->blob.len &&
		    memcmp(found->key.blob.data, kept->blob.data,
			   kept->blob.len) == 0)
			found->key.reads |= kept->reads;
	}
}

void find_reads(struct find *find)
{
	const struct find_kept *kept = find->question->kept;
	size_t i;

	for (i = 0; i < find->question->kept_count && i < FIND_KEPT_MAX; i++)
		if (kept[i].reads != 0 && kept[i].blob.len > 0)
			note(find, &kept[i]);
}
