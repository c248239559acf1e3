/* fuzz_spf_record.c - any bytes as an SPF record */
#include <stdint.h>
#include <stdlib.h>

#include "agent/auth/spf_macro.h"
#include "agent/auth/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	static struct spf_record record;
	size_t i;

	(void)spf_record_is_one(text);
	if (spf_record_parse(text, &record) < 0)
		return 0;
	for (i = 0; i < record.count; i++)
		if (record.terms[i].bits4 > 32 || record.terms[i].bits6 > 128 ||
		    (record.terms[i].domain.len > 0 &&
		     !spf_spec_is_valid(record.terms[i].domain,
					SPF_SPEC_DOMAIN)))
			abort();
	return 0;
}
