/* fuzz_tlsa.c - TLSA rdata of a stranger */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "agent/dane/tlsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rdata = { data, size };
	char text[TLSA_TEXT_MAX];
	struct tlsa tlsa;

	if ((tlsa_read(rdata, &tlsa) == TLSA_USABLE) !=
	    (tlsa_use_why(tlsa_read(rdata, &tlsa)) == NULL))
		abort();
	tlsa_print(&tlsa, text);
	if (strlen(text) >= sizeof(text))
		abort();
	(void)tlsa_yields(&tlsa, &tlsa);
	(void)tlsa_matches(&tlsa, rdata, rdata);
	return 0;
}
