/* role_seal.c - keys by the keeper's link, authorities, who vouches */
#include "agent/roles/role_seal.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/crypto/authorities.h"
#include "agent/crypto/certificate.h"
#include "agent/flow/open_known.h"
#include "agent/keys/own.h"
#include "agent/keys/remote_key.h"
#include "agent/roles/hex.h"
#include "agent/roles/role_keys.h"

const struct scheme *const role_seal_schemes[] = {
	&scheme_smime, &scheme_openpgp, NULL
};

const struct scheme *role_seal_scheme(const char *word)
{
	const struct scheme *const *scheme;

	for (scheme = role_seal_schemes; *scheme != NULL; scheme++)
		if (strcmp((*scheme)->word, word) == 0)
			return *scheme;
	return NULL;
}

static EVP_PKEY *key_of(void *ctx, X509 *certificate)
{
	struct role_seal *seal = ctx;
	struct keys_link *link = role_keys_link(seal->parts->keys);
	EVP_PKEY *public = X509_get0_pubkey(certificate), *out = NULL;
	size_t i;

	for (i = 0; i < seal->own->count; i++)
		if (seal->own->certificates[i] == certificate)
			break;
	if (i < seal->own->count && seal->own->remote[i] != NULL)
		return remote_key_copy(seal->own->remote[i]);
	if (public == NULL || remote_key_new(link, public, &out) < 0)
		return NULL;
	return out;
}

static void key_expect(void *ctx, EVP_PKEY *key, size_t content_key)
{
	(void)ctx;
	remote_key_expect(key, content_key);
}

static enum smime_key_state key_state(void *ctx, const EVP_PKEY *key)
{
	(void)ctx;
	switch (remote_key_answer(key)) {
	case KEYS_DONE:
		return SMIME_KEY_FINE;
	case KEYS_LOCKED:
	case KEYS_CONFIRM:
	case KEYS_UNKNOWN:		/* the front knows why, and says so */
		return SMIME_KEY_LOCKED;
	case KEYS_GONE:
		return SMIME_KEY_GONE;
	case KEYS_WRONG_USE:
	case KEYS_UNSUPPORTED:
	case KEYS_FAILED:
	case KEYS_REFUSED:
	default:
		return SMIME_KEY_FAILED;
	}
}

static bool key_sum(void *ctx, const EVP_PKEY *key, char out[SMIME_SUM_TEXT])
{
	uint8_t sum[REMOTE_KEY_SUM];

	(void)ctx;
	if (!remote_key_sum(key, sum))
		return false;
	hex_write(sum, sizeof(sum), out);
	return true;
}

static bool is_own(const struct role_seal *seal, size_t nth,
		   const char *fingerprint)
{
	char print[CERTIFICATE_PRINT];

	if (seal->smime.own_facts != NULL)
		return strcmp(seal->smime.own_facts[nth].fingerprint,
			      fingerprint) == 0;
	return certificate_print_of(seal->own->certificates[nth], print) ==
	       0 && strcmp(print, fingerprint) == 0;
}

/* The user's own certificates need nobody else to vouch for them; of others
 * the store may know something. */
static enum seal_trust vouch(void *ctx, const char *fingerprint,
			     const char *const *addresses, size_t count)
{
	const struct role_seal *seal = ctx;
	size_t i;

	for (i = 0; i < seal->own->count; i++)
		if (is_own(seal, i, fingerprint))
			return SEAL_TRUST_OWN;
	return open_known_trust(seal->memory, seal->arena, fingerprint,
				addresses, count);
}

/* This program reads everything that it writes. */
static unsigned reads(void *ctx, const char *fingerprint)
{
	return vouch(ctx, fingerprint, NULL, 0) == SEAL_TRUST_OWN ?
	       SMIME_READS_GCM | SMIME_READS_OAEP : 0;
}

int role_seal_hold(struct role_seal *seal,
		   const struct role_seal_parts *parts)
{
	memset(seal, 0, sizeof(*seal));
	seal->parts = parts;
	seal->own = role_keys_hold(parts->keys);
	if (seal->own == NULL)
		return ERR_MEMORY;
	seal->smime.own = seal->own->certificates;
	seal->smime.own_count = seal->own->count;
	seal->smime.own_facts = role_keys_facts(parts->keys, seal->own);
	seal->smime.helpers = seal->own->helpers;
	seal->smime.key = key_of;
	seal->smime.expect = key_expect;
	seal->smime.state = key_state;
	seal->smime.sum = key_sum;
	seal->smime.vouch = vouch;
	seal->smime.reads = reads;
	seal->smime.authorities = authorities_store(parts->authorities);
	seal->smime.ctx = seal;
	seal->world.smime = &seal->smime;
	seal->world.openpgp = parts->openpgp;
	seal->world.now = clock_wall;
	return 0;
}

void role_seal_let_go(struct role_seal *seal)
{
	if (seal->own != NULL)
		role_keys_let_go(seal->parts->keys, seal->own);
	seal->own = NULL;
}

const char *role_seal_key(const struct role_seal *seal, struct arena *arena,
			  const char *fingerprint)
{
	static const char digits[17] = "0123456789abcdef";
	size_t i, j;
	char *out;

	for (i = 0; i < seal->own->count; i++)
		if (is_own(seal, i, fingerprint))
			break;
	out = i == seal->own->count ? NULL :
	      arena_alloc(arena, 2 * KEYS_ID_SIZE + 1);
	for (j = 0; out != NULL && j < KEYS_ID_SIZE; j++) {
		out[2 * j] = digits[seal->own->keys[i][j] >> 4];
		out[2 * j + 1] = digits[seal->own->keys[i][j] & 15];
	}
	return out;
}
