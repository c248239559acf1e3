/* fuzz_openpgp_report.c - reports of a role that lies */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_report.h"
#include "agent/crypto/scheme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct seal_facts facts;
	struct value *report;

	if (arena != NULL &&
	    value_decode(arena, (struct bytes){ data, size }, &report) == 0) {
		memset(&facts, 0, sizeof(facts));
		openpgp_report_opening(arena, report, 1, &facts);
		/* Nothing counts as opened without protection, nothing as
		 * good without somebody who vouches. */
		if (facts.opening == SEAL_OPENED &&
		    facts.integrity == SEAL_INTEGRITY_NONE)
			abort();
		openpgp_report_signatures(arena, report,
					  OPENPGP_ONE_SIGNATURE, &facts);
		if (facts.state == SEAL_UNSIGNED ||
		    (facts.state == SEAL_GOOD &&
		     (facts.signer_count != 1 ||
		      facts.signers[0].fingerprint == NULL ||
		      facts.signers[0].trust == SEAL_TRUST_NONE ||
		      facts.signers[0].trust == SEAL_TRUST_REFUSED)))
			abort();
	}
	arena_free(arena);
	return 0;
}
