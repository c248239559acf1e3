/* role_seal.h - what signing, encrypting and opening works with in a role
 *
 * For one request: the keys of this moment (whose private halves are in the
 * keeper), the authorities, gpg. */
#ifndef MAILSEAL_ROLES_ROLE_SEAL_H
#define MAILSEAL_ROLES_ROLE_SEAL_H

#include "agent/crypto/scheme.h"
#include "agent/crypto/smime.h"

#define SEAL_LIMIT_MS	3600000	/* a role gives up by itself */

struct arena;
struct authorities;
struct open_memory;
struct openpgp_client;
struct own;
struct role_keys;

/* Those of a role, for all requests. */
struct role_seal_parts {
	struct role_keys *keys;
	struct authorities *authorities;
	struct openpgp_client *openpgp;		/* NULL: none here */
};

struct role_seal {
	/* What was seen before, for who vouches; set after role_seal_hold().
	 * NULL: nothing is asked. */
	const struct open_memory *memory;
	struct arena *arena;
	const struct role_seal_parts *parts;
	struct own *own;
	struct smime_world smime;
	struct seal_world world;	/* for seal_job::world */
};

/* `seal` and `parts` stay where they are until it is let go. 0;
 * ERR_MEMORY. */
int role_seal_hold(struct role_seal *seal,
		   const struct role_seal_parts *parts);
void role_seal_let_go(struct role_seal *seal);

/* The schemes that are served, NULL at the end. */
extern const struct scheme *const role_seal_schemes[];
/* By its word; NULL: no such one. */
const struct scheme *role_seal_scheme(const char *word);

/* The keeper's name (hex) of the key whose certificate has that fingerprint;
 * NULL: none of ours. */
const char *role_seal_key(const struct role_seal *seal, struct arena *arena,
			  const char *fingerprint);

#endif
