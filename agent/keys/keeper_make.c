/* keeper_make.c - a new key: made here or brought by a clerk, then sealed */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_key.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/pinentry.h"
#include "agent/keys/remote_key.h"

#define REPORT_ARENA	(64 * 1024)
#define PUBLIC_MAX	2048		/* bytes of a SubjectPublicKeyInfo */

/* The bytes of one datagram; they may be anything. */
static EVP_PKEY *key_of(const struct clerk_key *brought, size_t len)
{
	const unsigned char *at = brought->der;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	EVP_PKEY *key = NULL;

	if (len < offsetof(struct clerk_key, der) ||
	    brought->version != CLERK_KEY_VERSION || brought->usage == 0 ||
	    (brought->usage & ~(KEYS_FOR_SIGNING | KEYS_FOR_OPENING)) != 0 ||
	    brought->len != len - offsetof(struct clerk_key, der))
		return NULL;
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, brought->len);
	if (info != NULL && at == brought->der + brought->len)
		key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	if (key != NULL &&
	    (keyfile_accepts(key) < 0 || !operation_self_test(key))) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

bool make_take(struct keeper *keeper)
{
	struct job *job = &keeper->job;
	struct clerk_key *room = OPENSSL_secure_malloc(sizeof(*room));
	struct iovec part = { room, sizeof(*room) };
	struct msghdr message;
	ssize_t got = -1;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	if (room != NULL)
		got = recvmsg(job->clerk, &message,
			      MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got > 0 && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0)
		job->private = key_of(room, (size_t)got);
	if (job->private != NULL) {
		job->usage = room->usage;
		pinentry_wait(job->pinentry, clock_now_ms());
	}
	OPENSSL_secure_clear_free(room, sizeof(*room));
	if (job->private == NULL)
		job_fail(keeper, "NoKey", "No private key that can be used was "
			 "found there.");
	return job->private != NULL;
}

static const struct make_kind {
	const char *name;
	unsigned bits;			/* of RSA; else: */
	const char *curve;
} kinds[] = {
	{ "rsa3072", 3072, NULL }, { "rsa4096", 4096, NULL },
	{ "rsa2048", 2048, NULL },
	{ "p256", 0, "P-256" }, { "p384", 0, "P-384" },
};

const struct make_kind *make_kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static EVP_PKEY *generate(const struct make_kind *kind)
{
	return kind->bits > 0 ? EVP_RSA_gen(kind->bits) :
	       EVP_EC_gen(kind->curve);
}

/* Seals into the file, and has the key from then on.  0; ERR_IO; ... */
static int keep(struct keeper *keeper, EVP_PKEY *key, uint8_t *id)
{
	struct job *job = &keeper->job;
	struct keyfile file = { NULL, 0 };
	struct vault_key *kept;
	struct buf text;
	int r = remote_key_id(key, id);

	buf_init(&text, KEYFILE_MAX);
	if (r == 0)
		r = keyfile_seal(key, job->usage,
				 pinentry_secret(job->pinentry), &text);
	if (r == 0)
		r = descriptor_write(job->file, buf_bytes(&text));
	if (r == 0)
		r = keyfile_read(buf_bytes(&text), &file);
	if (r == 0)
		r = vault_add(keeper->vault, id, &file);
	if (r == 0) {
		kept = vault_find(keeper->vault, id);
		(void)EVP_PKEY_up_ref(key);
		r = vault_unlock(kept, key, job->usage, keeper_now());
	}
	/* Its certificate is signed next, without another question. */
	if (r == 0)
		vault_allow(kept, KEYS_FOR_SIGNING, keeper_now());
	keyfile_free(&file);
	buf_free(&text);
	return r;
}

void make_report(struct keeper *keeper, uint32_t id, EVP_PKEY *key,
		 const uint8_t *name, unsigned usage)
{
	struct arena *arena = arena_new(REPORT_ARENA);
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	char hex[2 * PUBLIC_MAX + 1];
	struct value *report;

	if (arena == NULL || len <= 0 || len > PUBLIC_MAX) {
		keeper->answers->fail(id, "Failed", "out of memory");
	} else {
		report = value_dict(arena);
		keeper_hex(name, KEYS_ID_SIZE, hex);
		value_put_text(arena, report, "key", hex);
		value_put_number(arena, report, "usage", usage);
		keeper_hex(der, (size_t)len, hex);
		value_put_text(arena, report, "public", hex);
		keeper->answers->report(id, report, NULL, 0);
	}
	OPENSSL_free(der);
	arena_free(arena);
}

void make_finish(struct keeper *keeper)
{
	struct job *job = &keeper->job;
	EVP_PKEY *key = job->private;
	uint8_t name[KEYS_ID_SIZE];
	unsigned usage = job->usage;
	uint32_t id = job->id;
	int r = ERR_MEMORY;

	job->private = NULL;
	if (key == NULL)
		key = generate(job->algorithm);
	if (key != NULL)
		r = keep(keeper, key, name);
	if (r == 0) {
		job_drop(keeper);
		make_report(keeper, id, key, name, usage);
	} else if (r == ERR_IO) {
		job_fail(keeper, "Failed", "The key's file could not be "
			 "written: is the disk full?");
	} else {
		job_fail(keeper, "Failed", r == ERR_LIMIT ?
			 "There are too many keys; remove some." :
			 "The key could not be sealed: out of memory.");
	}
	EVP_PKEY_free(key);
}
