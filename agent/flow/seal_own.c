/* seal_own.c - the user's own key for an address: to sign, or to read by */
#include "agent/flow/seal_own.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/openpgp.h"
#include "agent/crypto/smime.h"
#include "agent/mail/address.h"

#define DIGITS_MAX	64	/* of a SHA-256 */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 'A';
	return c >= 'A' && c <= 'F' ? c : -1;
}

const char *own_print(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, DIGITS_MAX + 1);
	size_t len = 0;
	int digit;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	for (; out != NULL && *text != 0; text++) {
		if (*text == ' ' || *text == ':')
			continue;
		digit = digit_of(*text);
		if (digit < 0 || len == DIGITS_MAX)
			return NULL;
		out[len++] = (char)digit;
	}
	return len < OWN_DIGITS_MIN ? NULL : out;
}

/* One that was named by its fingerprint may be of another address. */
static const char *address_of(const struct own_question *question,
			      const char *const *addresses, size_t count)
{
	size_t i;

	for (i = 0; question->address != NULL && i < count; i++)
		if (address_same(addresses[i], question->address))
			return question->address;
	return count > 0 ? addresses[0] : question->address;
}

/* --- S/MIME */

static bool starts(const char *print, const char *with)
{
	return print != NULL && strncmp(print, with, strlen(with)) == 0;
}

/* SHA-256 of the key, which is its name in the keeper (keys/protocol.h). */
static bool key_starts(X509 *x509, const char *with)
{
	static const char digits[17] = "0123456789ABCDEF";
	unsigned char *der = NULL, sum[EVP_MAX_MD_SIZE];
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	char print[DIGITS_MAX + 1] = "";
	size_t i;

	if (len > 0 && EVP_Digest(der, (size_t)len, sum, NULL, EVP_sha256(),
				  NULL) == 1)
		for (i = 0; i < DIGITS_MAX / 2; i++) {
			print[2 * i] = digits[sum[i] >> 4];
			print[2 * i + 1] = digits[sum[i] & 15];
		}
	OPENSSL_free(der);
	return starts(print, with);
}

/* Why it cannot be used; NULL: it can. */
static const char *smime_fault(struct seal_job *job, X509 *x509,
			       const struct certificate *facts,
			       enum own_use use)
{
	int64_t now = job->world->now();
	const char *algorithm = facts->algorithm == NULL ? "" :
							   facts->algorithm;
	bool rsa = strcmp(algorithm, "rsa") == 0 ||
		   (use == OWN_TO_SIGN && strcmp(algorithm, "rsa-pss") == 0);

	if (facts->until < now)
		return "its certificate has expired";
	if (facts->from > now)
		return "its certificate is not valid yet";
	if (use == OWN_TO_SIGN ? !certificate_may_sign(x509) :
				 !certificate_may_read(x509))
		return use == OWN_TO_SIGN ?
		       "its certificate is not one for signing mail" :
		       "its certificate is not one for encrypting mail";
	if (rsa && facts->key_bits < TRUST_STRONG_BITS)
		return "it is too short to be safe";
	if (!rsa && strncmp(algorithm, "ecdsa-", 6) != 0)
		return "this version of OpenSSL cannot use a key of its kind "
		       "for mail";
	return NULL;
}

static int smime_take(struct seal_job *job, X509 *x509,
		      const struct certificate *facts,
		      const struct own_question *question,
		      struct seal_key *out)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	struct bytes blob = { der, len > 0 ? (size_t)len : 0 };

	out->address = address_of(question, facts->addresses,
				  facts->address_count);
	out->fingerprint = facts->fingerprint;
	out->reads = SMIME_READS_GCM | SMIME_READS_OAEP;
	out->blob = arena_bytes(job->arena, blob);
	OPENSSL_free(der);
	return len <= 0 ? ERR_MEMORY : out->blob.data == NULL ? ERR_LIMIT : 1;
}

static bool smime_fits(X509 *x509, const struct certificate *facts,
		       const struct own_question *question)
{
	if (question->print != NULL)
		return starts(facts->fingerprint, question->print) ||
		       key_starts(x509, question->print);
	return question->address == NULL ||
	       certificate_has(facts, question->address);
}

/* Of several the newest. */
static int smime_find(struct seal_job *job,
		      const struct own_question *question,
		      struct seal_key *out, const char **reason)
{
	const struct smime_world *world = job->world->smime;
	struct certificate facts, best;
	X509 *found = NULL;
	const char *fault;
	size_t i;
	int r;

	memset(&best, 0, sizeof(best));
	for (i = 0; world != NULL && i < world->own_count; i++) {
		r = smime_own_read(world, job->arena, i, &facts);
		if (r < 0)
			return r;
		if (!smime_fits(world->own[i], &facts, question))
			continue;
		fault = smime_fault(job, world->own[i], &facts,
				    question->use);
		if (fault != NULL)
			*reason = fault;
		if (fault != NULL || (found != NULL &&
				      facts.from <= best.from))
			continue;
		found = world->own[i];
		best = facts;
	}
	return found == NULL ? 0 :
	       smime_take(job, found, &best, question, out);
}

bool own_is_smime(struct seal_job *job, const char *print)
{
	const struct smime_world *world = job->world->smime;
	char whole[CERTIFICATE_PRINT];
	size_t i;

	for (i = 0; world != NULL && i < world->own_count; i++)
		if ((certificate_print_of(world->own[i], whole) == 0 &&
		     starts(whole, print)) ||
		    key_starts(world->own[i], print))
			return true;
	return false;
}

/* --- OpenPGP */

static const char *openpgp_fault(const struct openpgp_key *key,
				 enum own_use use)
{
	if (key->revoked)
		return "it was revoked";
	if (key->expired)
		return "it has expired; gpg --quick-set-expire renews it";
	if (key->disabled)
		return "it is disabled in GnuPG";
	if (use == OWN_TO_SIGN && !key->can_sign)
		return "it cannot sign";
	if (use == OWN_TO_READ && !key->can_encrypt)
		return "nothing can be encrypted to it";
	return NULL;
}

/* gpg knows a key by its whole fingerprint, or by the end of it. */
static int openpgp_by_digits(struct seal_job *job, const char *print,
			     struct openpgp_key *keys)
{
	int count = openpgp_keys_find(job, NULL, print, OPENPGP_SECRET, keys,
				      OPENPGP_FOUND_MAX), i, fit = 0;

	if (count != 0)
		return count;
	count = openpgp_keys_find(job, NULL, NULL, OPENPGP_SECRET, keys,
				  OPENPGP_FOUND_MAX);
	for (i = 0; i < count; i++)
		if (starts(keys[i].owner.fingerprint, print))
			keys[fit++] = keys[i];
	return count < 0 ? count : fit;
}

static int openpgp_find(struct seal_job *job,
			const struct own_question *question,
			struct seal_key *out, const char **reason)
{
	struct openpgp_key *keys = arena_array(job->arena, OPENPGP_FOUND_MAX,
					       sizeof(*keys));
	const struct openpgp_key *best = NULL;
	const char *fault;
	int count, i;

	if (keys == NULL)
		return ERR_LIMIT;
	count = question->print != NULL ?
		openpgp_by_digits(job, question->print, keys) :
		openpgp_keys_find(job, question->address, NULL,
				  OPENPGP_SECRET, keys, OPENPGP_FOUND_MAX);
	for (i = 0; i < count; i++) {
		fault = openpgp_fault(&keys[i], question->use);
		if (fault != NULL)
			*reason = fault;
		else if (best == NULL ||
			 keys[i].created_at > best->created_at)
			best = &keys[i];
	}
	if (best == NULL)
		return count < 0 ? count : 0;
	out->address = address_of(question, best->owner.addresses,
				  best->owner.address_count);
	out->fingerprint = best->owner.fingerprint;
	return 1;
}

/* Where there is no gpg, there is no key. */
static int openpgp_look(struct seal_job *job,
			const struct own_question *question,
			struct seal_key *out, const char **reason)
{
	struct seal_job quiet = *job;
	struct buf why;
	int r;

	if (job->world->openpgp == NULL)
		return 0;
	buf_init(&why, 1024);
	quiet.why = &why;
	r = openpgp_find(&quiet, question, out, reason);
	if (r == ERR_REFUSED || r == ERR_GONE || r == ERR_UNSUPPORTED) {
		*reason = arena_text(job->arena, buf_bytes(&why));
		r = r == ERR_UNSUPPORTED ? 0 : ERR_GONE;
	} else if (r < 0 && job->why != NULL && job->why->len == 0) {
		buf_add(job->why, buf_bytes(&why));
	}
	buf_free(&why);
	return r;
}

int own_find(struct seal_job *job, const struct own_question *question,
	     struct seal_key *out, const char **reason)
{
	memset(out, 0, sizeof(*out));
	*reason = NULL;
	return question->scheme == &scheme_smime ?
	       smime_find(job, question, out, reason) :
	       openpgp_look(job, question, out, reason);
}
