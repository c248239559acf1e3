/* fuzz_reader.c - the frames that the reader takes from the front
 *
 * With messages, address books and signatures in the descriptors. */
#include "agent/roles/reader/reader.h"
#include "tests/fuzz/role_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char requests[] = {
		FRAME_CHECK, FRAME_PARSE, FRAME_RECALL, FRAME_KNOWN,
		FRAME_PEOPLE, FRAME_SUGGEST, FRAME_OPEN, FRAME_VERIFY, 0
	};
	struct reader reader;
	unsigned open_before;

	if (size > FRAMES_BYTES)
		return 0;
	open_before = stage_set((struct bytes){ data, size }, requests);
	if (reader_make(&reader) < 0)
		abort();
	stage_enter(reader.keys, reader.openpgp);
	stage_judge(reader_serve(&reader), open_before);
	return 0;
}
