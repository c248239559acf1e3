/* provider.h - what the files of the in-process provider share
 *
 * provider-keymgmt(7), provider-signature(7), provider-asym_cipher(7),
 * provider-keyexch(7).  OpenSSL asks by tables of functions; these are ours.
 * Nothing here is for anybody but remote_key.c. */
#ifndef MAILSEAL_KEYS_PROVIDER_H
#define MAILSEAL_KEYS_PROVIDER_H

#include <stdatomic.h>
#include <stdbool.h>

#include <openssl/bn.h>
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/evp.h>

#include "agent/keys/protocol.h"
#include "agent/keys/remote_key.h"

struct keys_link;

#define PROVIDER_NAME		"mailseal"
#define PROVIDER_PROPERTY	"provider=" PROVIDER_NAME

/* Parameters of our own: the link (the bytes of its pointer) and the key's
 * name make a key private; the others are remote_key.h's. */
#define PROVIDER_PARAM_LINK	"mailseal-link"
#define PROVIDER_PARAM_ID	"mailseal-id"
#define PROVIDER_PARAM_EXPECT	"mailseal-expect"
#define PROVIDER_PARAM_ANSWER	"mailseal-answer"
#define PROVIDER_PARAM_SUM	"mailseal-sum"

#define PROVIDER_GROUP_MAX	32	/* bytes of a curve's name */

/* A key as OpenSSL holds it: the public half, and whom to ask. */
struct provider_key {
	atomic_uint users;
	struct keys_link *link;		/* NULL: public only */
	uint8_t id[KEYS_ID_SIZE];
	size_t expect;			/* bytes of a content key; 0: unknown */
	atomic_int answer;		/* enum keys_answer */
	uint8_t sum[REMOTE_KEY_SUM];	/* of the last secret that came out */
	/* RSA */
	BIGNUM *n, *e;
	/* EC */
	char group[PROVIDER_GROUP_MAX];
	uint8_t point[KEYS_POINT_MAX];
	size_t point_len;
};

/* provider_key.c: what both kinds share. */
struct provider_key *provider_key_new(void);
/* A new one that asks as `from` does, where the private half is selected. */
struct provider_key *provider_key_copy(const struct provider_key *from,
				       int selection);
struct provider_key *provider_key_hold(struct provider_key *key);
void provider_key_free(void *key);		/* NULL is allowed */
/* The link and the name, where they are given; false: they are wrong. */
bool provider_key_import(struct provider_key *key, const OSSL_PARAM params[]);
bool provider_key_set(struct provider_key *key, const OSSL_PARAM params[]);
bool provider_key_get(const struct provider_key *key, OSSL_PARAM params[]);
/* Asks the keeper; the answer stays with the key. False: it is no KEYS_DONE,
 * or what came does not fit `room`. */
bool provider_key_ask(struct provider_key *key, struct keys_request *request,
		      unsigned char *to, size_t room, size_t *len);

/* Curves by name, with every name OpenSSL has for them; 0: not one of ours. */
size_t provider_group_bits(const char *group);

/* provider_hash.c: digests by name. */
unsigned provider_hash(const char *name);	/* enum keys_hash; 0: none */
const char *provider_hash_name(unsigned hash);
const EVP_MD *provider_hash_md(unsigned hash);	/* NULL: none */
/* A text parameter that names a digest; false: it is none of ours. */
bool provider_hash_param(const OSSL_PARAM *param, uint8_t *hash);

/* provider_padding.c: `known` ends with a word NULL; no raw RSA in it. */
struct provider_padding {
	int number;			/* RSA_PKCS1_PADDING and its like */
	const char *word;
	uint8_t scheme;			/* enum keys_scheme */
};
/* False: the parameter names none of them, and *scheme stays. */
bool provider_padding(const OSSL_PARAM *param,
		      const struct provider_padding *known, uint8_t *scheme);

extern const OSSL_DISPATCH provider_rsa_keymgmt[];
extern const OSSL_DISPATCH provider_ec_keymgmt[];
extern const OSSL_DISPATCH provider_rsa_signature[];
extern const OSSL_DISPATCH provider_rsa_cipher[];
extern const OSSL_DISPATCH provider_ecdsa_signature[];
extern const OSSL_DISPATCH provider_ecdh_exchange[];

/* A table holds functions of every kind. */
typedef void (*provider_function)(void);

#endif
