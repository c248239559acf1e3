/* finding.c - the words of RFC 8601 and the design */
#include "agent/verdict/finding.h"

static const char *const results[] = {
	"none", "pass", "fail", "softfail", "neutral", "policy", "temperror",
	"permerror"
};
_Static_assert(sizeof(results) / sizeof(results[0]) == RESULT_PERMERROR + 1,
	       "a result has no word");

const char *result_word(enum result result)
{
	return results[result];
}

const char *policy_word(enum policy policy)
{
	static const char *const words[] = {
		NULL, "none", "quarantine", "reject"
	};

	return words[policy];
}

const char *integrity_word(enum integrity integrity)
{
	static const char *const words[] = {
		NULL, "whole", "partly", "tampered"
	};

	return words[integrity];
}

const char *dmarc_proof_word(enum dmarc_proof proof)
{
	static const char *const words[] = { NULL, "dkim", "spf", "server" };

	return words[proof];
}
