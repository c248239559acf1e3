/* kept.c - what the store keeps of an address, for the sender (KEPT) */
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/flow/find_kept.h"
#include "agent/roles/front/front.h"
#include "agent/store/certificate.h"

#define KEPT_ARENA	(2 * 1024 * 1024)

int front_kept_file(struct front *front, struct arena *arena,
		    const char *address)
{
	struct certificate_kept *kept = arena_array(arena, FIND_KEPT_MAX,
						    sizeof(*kept));
	struct find_kept entry;
	struct buf to;
	int count, i, fd;

	if (kept == NULL || front->store == NULL)
		return -1;
	count = certificate_find(front->store, address, arena, kept,
				 FIND_KEPT_MAX);
	if (count < 0)
		return -1;
	buf_init(&to, FIND_KEPT_BYTES);
	for (i = 0; i < count; i++) {
		entry.source = find_kept_source(kept[i].source);
		entry.blob = kept[i].der;
		entry.first_seen = kept[i].first_seen;
		entry.last_seen = kept[i].last_seen;
		entry.reads = kept[i].reads;
		find_kept_put(&to, &entry);
	}
	/* What cannot be read is not the same as nothing. */
	fd = to.full || kept == NULL || count < 0 ? -1 :
	     memfile_make("kept", buf_bytes(&to));
	buf_free(&to);
	return fd;
}

bool front_kept(struct front *front, const struct frame *question)
{
	struct frame frame = { FRAME_KEPT, question->id, { NULL, 0 }, { 0 },
			       1 };
	struct arena *arena = arena_new(KEPT_ARENA);
	struct value *dict = NULL;
	const char *address = NULL;

	if (arena != NULL &&
	    value_decode(arena, question->payload, &dict) == 0)
		address = value_text(dict, "address");
	if (address == NULL) {
		arena_free(arena);
		return false;
	}
	frame.fds[0] = front_kept_file(front, arena, address);
	frame.fd_count = frame.fds[0] >= 0;
	(void)child_tell(front, CHILD_SENDER, &frame);
	if (frame.fds[0] >= 0)
		(void)close(frame.fds[0]);
	arena_free(arena);
	return true;
}
