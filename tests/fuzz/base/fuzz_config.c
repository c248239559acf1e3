/* fuzz_config.c - any text as a configuration; no refusal without a reason */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL;
	struct buf why;

	buf_init(&why, 4096);
	if (config_parse((const char *)data, size, "config", "/h",
			 &config, &why) < 0 && (why.len == 0 || why.full ||
						config != NULL))
		abort();
	config_free(config);
	buf_free(&why);
	return 0;
}
