/* fuzz_signed.c - a packet that is walked for its signatures */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/dns/signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_answer answer;

	memset(&answer, 0, sizeof(answer));
	signed_read(data, size, &answer);
	return 0;
}
