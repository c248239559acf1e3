/* verbs.c - what may be asked of gpg; anything else ends the conversation */
#include "agent/pgp/job.h"

static const struct pgp_verb verbs[] = {
	/* frame		descriptors	who does it */
	{ FRAME_PGP_SIGN,	2,		pgp_sign },
	{ FRAME_PGP_VERIFY,	2,		pgp_verify },
	{ FRAME_PGP_ENCRYPT,	3,		pgp_encrypt },
	{ FRAME_PGP_OPEN,	2,		pgp_open },
	{ FRAME_PGP_KEYS,	0,		pgp_keys },
	{ FRAME_PGP_READ,	1,		pgp_read },
	{ FRAME_PGP_IMPORT,	1,		pgp_import },
	{ FRAME_PGP_EXPORT,	1,		pgp_export },
};

const struct pgp_verb *pgp_verb_find(unsigned type)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == type)
			return &verbs[i];
	return NULL;
}
