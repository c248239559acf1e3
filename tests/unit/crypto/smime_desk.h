/* smime_desk.h - two people with certificates, and a job to work in */
#ifndef MAILSEAL_TEST_SMIME_DESK_H
#define MAILSEAL_TEST_SMIME_DESK_H

#include <openssl/cms.h>
#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/scheme.h"
#include "agent/crypto/smime.h"
#include "tests/lab/lab_pki.h"

#define DESK_TEXT "Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n"
#define DESK_OUT_MAX	(64 * 1024 * 1024)

struct smime_desk {
	struct arena *arena;
	struct buf why, out, blob;
	struct lab_identity root, alice, bob;
	struct lab_identity other_root, other;	/* unknown to the desk */
	X509_STORE *authorities;
	X509 *own[4];
	struct lab_identity *keys[4];
	struct smime_world smime;
	struct seal_world world;
	struct seal_job job;
	struct seal_facts facts;
	unsigned reads;			/* what every recipient reads */
	enum seal_trust vouched;
	enum smime_key_state state;
};

static struct smime_desk desk;

static inline EVP_PKEY *desk_key(void *ctx, X509 *certificate)
{
	size_t i;

	(void)ctx;
	for (i = 0; i < desk.smime.own_count; i++)
		if (desk.own[i] == certificate && desk.keys[i]->key != NULL) {
			(void)EVP_PKEY_up_ref(desk.keys[i]->key);
			return desk.keys[i]->key;
		}
	return NULL;
}

static inline enum smime_key_state desk_state(void *ctx, const EVP_PKEY *key)
{
	(void)ctx;
	(void)key;
	return desk.state;
}

static inline unsigned desk_reads(void *ctx, const char *fingerprint)
{
	(void)ctx;
	(void)fingerprint;
	return desk.reads;
}

static inline enum seal_trust desk_vouch(void *ctx, const char *fingerprint,
					 const char *const *addresses,
					 size_t count)
{
	(void)ctx;
	(void)fingerprint;
	(void)addresses;
	(void)count;
	return desk.vouched;
}

static inline void desk_own(struct lab_identity *identity)
{
	desk.own[desk.smime.own_count] = identity->certificate;
	desk.keys[desk.smime.own_count++] = identity;
}

/* Alice's and Bob's keys are of these kinds; Bob's is ours. */
static inline void desk_open(enum lab_key alice, enum lab_key bob)
{
	const struct lab_wish root = { .kind = LAB_P256, .name = "Root",
				       .authority = true };
	const struct lab_wish first = { .kind = alice, .name = "Alice",
					.address = "alice@example.org",
					.issuer = &desk.root };
	const struct lab_wish second = { .kind = bob, .name = "Bob",
					 .address = "bob@example.org",
					 .issuer = &desk.root };
	const struct lab_wish third = { .kind = LAB_P256, .name = "Other",
					.address = "alice@example.org",
					.issuer = &desk.other_root };

	memset(&desk, 0, sizeof(desk));
	desk.arena = arena_new(16 * 1024 * 1024);
	buf_init(&desk.why, 1024);
	buf_init(&desk.out, DESK_OUT_MAX);
	buf_init(&desk.blob, DESK_OUT_MAX);
	desk.root = lab_identity_make(&root);
	desk.other_root = lab_identity_make(&root);
	desk.alice = lab_identity_make(&first);
	desk.bob = lab_identity_make(&second);
	desk.other = lab_identity_make(&third);
	desk.authorities = X509_STORE_new();
	(void)X509_STORE_add_cert(desk.authorities, desk.root.certificate);
	desk.smime.own = desk.own;
	desk.smime.key = desk_key;
	desk.smime.state = desk_state;
	desk.smime.reads = desk_reads;
	desk.smime.vouch = desk_vouch;
	desk.smime.authorities = desk.authorities;
	desk_own(&desk.bob);
	desk_own(&desk.alice);
	desk.world.smime = &desk.smime;
	desk.world.now = clock_wall;
	desk.job.world = &desk.world;
	desk.job.arena = desk.arena;
	desk.job.why = &desk.why;
	desk.job.deadline = clock_now_ms() + 600000;
}

static inline void desk_close(void)
{
	arena_free(desk.arena);
	buf_free(&desk.why);
	buf_free(&desk.out);
	buf_free(&desk.blob);
	lab_identity_free(&desk.root);
	lab_identity_free(&desk.other_root);
	lab_identity_free(&desk.alice);
	lab_identity_free(&desk.bob);
	lab_identity_free(&desk.other);
	X509_STORE_free(desk.authorities);
}

static inline struct seal_key desk_seal_key(const struct lab_identity *of,
					    const char *address)
{
	struct seal_key key = { address, NULL, { NULL, 0 }, 0 };
	unsigned char *der = NULL;
	int len = i2d_X509(of->certificate, &der);

	if (len > 0) {
		key.blob.data = der;
		key.blob.len = (size_t)len;
		key.blob = arena_bytes(desk.arena, key.blob);
	}
	OPENSSL_free(der);
	return key;
}

/* Alice signs; the signature is in desk.blob. */
static inline int desk_sign(struct bytes text, const struct lab_identity *who)
{
	struct seal_key key = desk_seal_key(who, "alice@example.org");
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, text);
	struct sink to = sink_of_buf(&desk.blob);
	struct seal_signed done;

	buf_clear(&desk.blob);
	return scheme_smime.sign(&desk.job, &key, &from, &to, &done);
}

static inline int desk_verify(struct bytes text, struct bytes signature)
{
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, text);

	return scheme_smime.verify(&desk.job, &from, signature, &desk.facts);
}

static inline int desk_encrypt(struct bytes text,
			       const struct lab_identity *const *to,
			       size_t count)
{
	struct seal_key keys[4];
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, text);
	struct sink out = sink_of_buf(&desk.blob);
	size_t i;

	for (i = 0; i < count; i++)
		keys[i] = desk_seal_key(to[i], "bob@example.org");
	buf_clear(&desk.blob);
	return scheme_smime.encrypt(&desk.job, keys, count, &from, &out);
}

/* What comes out is in desk.out. */
static inline int desk_open_blob(struct bytes blob)
{
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, blob);
	struct sink out = sink_of_buf(&desk.out);

	buf_clear(&desk.out);
	return scheme_smime.open(&desk.job, &from, &out, &desk.facts);
}

/* OpenSSL's own object as octets in desk.blob. */
static inline void desk_blob_of(CMS_ContentInfo *cms)
{
	unsigned char *der = NULL;
	struct bytes out = { NULL, 0 };
	int len = i2d_CMS_ContentInfo(cms, &der);

	buf_clear(&desk.blob);
	if (len > 0) {
		out.data = der;
		out.len = (size_t)len;
		buf_add(&desk.blob, out);
	}
	OPENSSL_free(der);
}

#endif
