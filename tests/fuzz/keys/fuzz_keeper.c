/* fuzz_keeper.c - the frames that the keeper takes from the front
 *
 * Whatever is said, it ends when the front does or earlier, and answers no
 * request twice. */
#include <stdint.h>

#include <openssl/err.h>

#include "agent/base/err.h"
#include "agent/keys/keeper.h"
#include "agent/keys/memory.h"
#include "agent/keys/remote_key.h"
#include "tests/fuzz/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned answered[256];

static void report(uint32_t id, const struct value *dict, const int *fds,
		   size_t fd_count)
{
	if (dict == NULL || fd_count > 1 || (fd_count == 1 && fds[0] < 0))
		abort();
	answered[id & 255]++;
}

static void refuse(uint32_t id, const char *name, const char *sentence)
{
	if (name == NULL || sentence == NULL)
		abort();
	answered[id & 255]++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct keeper_answers answers = { report, refuse };
	static bool ready;
	struct keeper *keeper;
	unsigned i, all = 0;
	int ends[2];

	if (size > FRAMES_BYTES)
		return 0;
	if (!ready && (memory_prepare() < 0 || remote_key_prepare() < 0))
		abort();
	ready = true;
	keeper = keeper_new(&answers);
	if (keeper == NULL || channel_pair(ends) < 0)
		abort();
	memset(answered, 0, sizeof(answered));
	frames_send(ends[1], (struct bytes){ data, size });
	if (keeper_run(keeper, ends[0]) >= 0)
		abort();
	for (i = 0; i < 256; i++)
		all += answered[i];
	if (all > FRAMES_MAX)
		abort();
	keeper_free(keeper);
	(void)close(ends[0]);
	(void)close(ends[1]);
	ERR_clear_error();
	return 0;
}
