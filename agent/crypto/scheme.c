/* scheme.c - the words of what the schemes find */
#include "agent/crypto/scheme.h"

const char *const seal_state_name[] = {
	"none", "good", "untrusted", "expired", "revoked", "weak",
	"unknown-key", "unsupported", "bad"
};
_Static_assert(sizeof(seal_state_name) / sizeof(seal_state_name[0]) ==
	       SEAL_STATES, "a state has no name");

const char *const seal_trust_name[] = {
	"none", "seen", "dane", "web", "pkix", "own", "refused"
};
_Static_assert(sizeof(seal_trust_name) / sizeof(seal_trust_name[0]) ==
	       SEAL_TRUSTS, "a trust has no name");

const char *const seal_integrity_name[] = { "none", "mdc", "aead" };
_Static_assert(sizeof(seal_integrity_name) / sizeof(seal_integrity_name[0]) ==
	       SEAL_INTEGRITIES, "an integrity has no name");

const char *const seal_opening_name[] = {
	"not-encrypted", "opened", "no-key", "locked", "unsupported",
	"damaged"
};
_Static_assert(sizeof(seal_opening_name) / sizeof(seal_opening_name[0]) ==
	       SEAL_OPENINGS, "an opening has no name");
