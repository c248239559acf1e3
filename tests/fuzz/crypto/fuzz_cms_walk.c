/* fuzz_cms_walk.c - any octets as a CMS object */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/stream.h"
#include "agent/crypto/cms_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader,
					       (struct bytes){ data, size });
	struct cms_walk *walk = cms_walk_new(&source);
	unsigned char room[64];
	struct buf frame;
	size_t content = 0;
	int got = 0;

	buf_init(&frame, 2 * CMS_WALK_FRAME_MAX);
	if (cms_walk_head(walk) == 0 &&
	    cms_walk_facts(walk)->kind < CMS_WALK_CLEAR) {
		(void)cms_walk_frame(walk, &frame);
		while ((got = cms_walk_content(walk, room,
					       sizeof(room))) > 0)
			content += (size_t)got;
		if (content > size)
			abort();
		if (got == 0 && cms_walk_tail(walk) == 0)
			(void)cms_walk_frame(walk, &frame);
	}
	buf_free(&frame);
	cms_walk_free(walk);
	return 0;
}
