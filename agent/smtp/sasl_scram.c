/* sasl_scram.c - SCRAM-SHA-256, with and without channel binding
 *
 * RFC 5802, 7677; channel binding by RFC 5056 and 9266.  The password is
 * never sent, and the server must prove that it knows it as well. */
#include "agent/smtp/sasl.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/err.h"
#include "agent/smtp/base64.h"
#include "agent/smtp/saslprep.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/wire.h"

#define HASH		32
#define NONCE_BYTES	18
#define SALT_MAX	1024
#define ROUNDS_MIN	4096	/* RFC 7677 section 4 */
#define ROUNDS_MAX	5000000	/* some seconds; more is an attack on us */

static int fault(struct sasl *sasl, int err, const char *what)
{
	(void)snprintf(sasl->why, sizeof(sasl->why), "%s", what);
	return err;
}

/* The gs2-header, RFC 5802 section 7. */
static void header_add(const struct sasl *sasl, struct buf *to)
{
	if (sasl->mechanism->binds)
		buf_print(to, "p=%s,,", sasl->login->binding->name);
	else if (sasl->login->binding != NULL && !sasl->plus_offered)
		buf_text(to, "y,,");
	else
		buf_text(to, "n,,");
}

static int user_add(struct sasl *sasl, struct buf *to)
{
	struct buf user;
	size_t i;
	int r;

	buf_init(&user, SASL_NONCE_MAX);
	r = saslprep(bytes_of(sasl->login->user), &user);
	for (i = 0; r == 0 && i < user.len; i++)
		if (user.data[i] == ',')
			buf_text(to, "=2C");
		else if (user.data[i] == '=')
			buf_text(to, "=3D");
		else
			buf_byte(to, user.data[i]);
	buf_free(&user);
	if (r < 0)
		return fault(sasl, r, "the account's user holds a character "
			     "that no user name may hold");
	return 0;
}

static int scram_start(struct sasl *sasl, struct buf *out)
{
	unsigned char random[NONCE_BYTES];
	struct bytes bytes = { random, sizeof(random) };
	struct buf nonce;
	int r;

	if (RAND_bytes(random, sizeof(random)) != 1)
		return fault(sasl, ERR_UNSUPPORTED, "there is no randomness");
	buf_init(&nonce, SASL_NONCE_MAX - 1);
	base64_print(&nonce, bytes);
	(void)snprintf(sasl->nonce, sizeof(sasl->nonce), "%s",
		       buf_string(&nonce));
	buf_free(&nonce);
	buf_text(&sasl->first, "n=");
	r = user_add(sasl, &sasl->first);
	if (r < 0)
		return r;
	buf_print(&sasl->first, ",r=%s", sasl->nonce);
	header_add(sasl, out);
	buf_add(out, buf_bytes(&sasl->first));
	return out->full || sasl->first.full ? ERR_LIMIT : 0;
}

struct server_first {
	struct bytes nonce;
	struct buf salt;
	int rounds;
};

/* "r=", "s=", "i=" in this order (section 7); extensions behind are left. */
static int attribute(struct bytes *rest, char name, struct bytes *value)
{
	struct bytes one;

	(void)bytes_cut(*rest, ',', &one, rest);
	if (one.len < 3 || one.data[0] != (unsigned char)name ||
	    one.data[1] != '=')
		return ERR_SYNTAX;
	*value = bytes_slice(one, 2, one.len);
	return 0;
}

static int server_first_parse(struct sasl *sasl, struct bytes challenge,
			      struct server_first *out)
{
	struct bytes salt, rounds;
	long long number;

	if (attribute(&challenge, 'r', &out->nonce) < 0 ||
	    attribute(&challenge, 's', &salt) < 0 ||
	    attribute(&challenge, 'i', &rounds) < 0 ||
	    base64_parse(salt, &out->salt) < 0)
		return fault(sasl, ERR_SYNTAX, "the server's challenge is no "
			     "SCRAM");
	if (!bytes_starts(out->nonce, sasl->nonce) ||
	    out->nonce.len <= strlen(sasl->nonce) ||
	    out->nonce.len >= SASL_NONCE_MAX)
		return fault(sasl, ERR_SYNTAX, "the server's nonce does not "
			     "continue ours");
	number = bytes_number(rounds);
	if (number < ROUNDS_MIN || number > ROUNDS_MAX)
		return fault(sasl, ERR_REFUSED, "the server's number of hash "
			     "rounds is not between 4096 and 5000000");
	out->rounds = (int)number;
	return 0;
}

static bool hmac(const unsigned char *key, struct bytes text,
		 unsigned char *out)
{
	unsigned len = HASH;

	return HMAC(EVP_sha256(), key, HASH, text.data, text.len, out,
		    &len) != NULL && len == HASH;
}

/* "c=...,r=..." (channel binding data behind the header). */
static void final_begin(const struct sasl *sasl,
			const struct server_first *server, struct buf *to)
{
	struct buf binding;

	buf_init(&binding, SASL_NONCE_MAX);
	header_add(sasl, &binding);
	if (sasl->mechanism->binds)
		buf_add(&binding, (struct bytes){ sasl->login->binding->data,
						  sasl->login->binding->len });
	buf_text(to, "c=");
	base64_print(to, buf_bytes(&binding));
	buf_text(to, ",r=");
	buf_add(to, server->nonce);
	buf_free(&binding);
}

struct keys {
	unsigned char salted[HASH], client[HASH], stored[HASH], server[HASH],
		signature[HASH];
};

/* The proof into `proof`, the server's signature into sasl. */
static int keys_make(struct sasl *sasl, struct keys *keys, struct bytes all,
		     unsigned char *proof)
{
	size_t i;

	if (!hmac(keys->salted, bytes_of("Client Key"), keys->client) ||
	    EVP_Digest(keys->client, HASH, keys->stored, NULL, EVP_sha256(),
		       NULL) != 1 ||
	    !hmac(keys->stored, all, keys->signature) ||
	    !hmac(keys->salted, bytes_of("Server Key"), keys->server) ||
	    !hmac(keys->server, all, sasl->server_signature))
		return ERR_MEMORY;
	for (i = 0; i < HASH; i++)
		proof[i] = keys->client[i] ^ keys->signature[i];
	return 0;
}

static int salted_make(struct sasl *sasl, const struct server_first *server,
		       struct keys *keys)
{
	struct buf password;
	int r = secret_init(&password, SECRET_MAX);

	if (r == 0)
		r = saslprep(buf_bytes(sasl->login->secret), &password);
	if (r == 0 &&
	    PKCS5_PBKDF2_HMAC((const char *)password.data, (int)password.len,
			      server->salt.data, (int)server->salt.len,
			      server->rounds, EVP_sha256(), HASH,
			      keys->salted) != 1)
		r = ERR_MEMORY;
	secret_free(&password);
	if (r < 0)
		return fault(sasl, r, "the password holds a character that no "
			     "password may hold");
	return 0;
}

static int scram_answer(struct sasl *sasl, struct bytes challenge,
			struct buf *out)
{
	struct server_first server;
	unsigned char proof[HASH];
	struct keys keys;
	struct buf all, final;
	int r;

	memset(&server, 0, sizeof(server));
	buf_init(&server.salt, SALT_MAX);
	buf_init(&all, SECRET_MAX * 2);
	buf_init(&final, SASL_NONCE_MAX * 4);
	r = server_first_parse(sasl, challenge, &server);
	if (r < 0)
		goto out;
	final_begin(sasl, &server, &final);
	buf_add(&all, buf_bytes(&sasl->first));
	buf_byte(&all, ',');
	buf_add(&all, challenge);
	buf_byte(&all, ',');
	buf_add(&all, buf_bytes(&final));
	r = ERR_LIMIT;
	if (all.full || final.full)
		goto out;
	r = salted_make(sasl, &server, &keys);
	if (r == 0)
		r = keys_make(sasl, &keys, buf_bytes(&all), proof);
	if (r < 0)
		goto out;
	buf_add(out, buf_bytes(&final));
	buf_text(out, ",p=");
	base64_print(out, (struct bytes){ proof, sizeof(proof) });
	r = out->full ? ERR_LIMIT : 0;
out:
	explicit_bzero(&keys, sizeof(keys));
	explicit_bzero(proof, sizeof(proof));
	buf_free(&server.salt);
	buf_free(&all);
	buf_free(&final);
	return r;
}

/* server-final-message: the server's proof, or its error. */
static int scram_verify(struct sasl *sasl, struct bytes challenge)
{
	struct bytes value, one;
	struct buf signature;
	int r = ERR_REFUSED;

	(void)bytes_cut(challenge, ',', &one, &challenge);
	if (bytes_starts(one, "e=") && one.len < 60) {
		(void)snprintf(sasl->why, sizeof(sasl->why),
			       "the server says \"%.*s\"", (int)one.len - 2,
			       (const char *)one.data + 2);
		return ERR_REFUSED;
	}
	buf_init(&signature, HASH);
	value = bytes_slice(one, 2, one.len);
	if (bytes_starts(one, "v=") &&
	    base64_parse(value, &signature) == 0 && signature.len == HASH &&
	    CRYPTO_memcmp(signature.data, sasl->server_signature, HASH) == 0)
		r = 0;
	buf_free(&signature);
	if (r < 0)
		return fault(sasl, r, "the server could not prove that it "
			     "knows the password");
	sasl->proven = true;
	return 0;
}

static int scram_step(struct sasl *sasl, struct bytes challenge,
		      struct buf *out)
{
	if (sasl->steps == 1)
		return scram_answer(sasl, challenge, out);
	if (sasl->steps == 2)
		return scram_verify(sasl, challenge);
	return fault(sasl, ERR_SYNTAX, "the server asked for more than the "
		     "login has");
}

const struct sasl_mechanism sasl_scram_plus = {
	"SCRAM-SHA-256-PLUS", true, true, scram_start, scram_step
};
const struct sasl_mechanism sasl_scram = {
	"SCRAM-SHA-256", false, true, scram_start, scram_step
};
