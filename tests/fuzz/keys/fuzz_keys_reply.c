/* fuzz_keys_reply.c - what a keeper gone bad could answer
 *
 * Through the socket and the provider: a signature asked for with a key that
 * is not there, and a content key. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "agent/base/channel.h"
#include "agent/keys/link.h"
#include "agent/keys/remote_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(EVP_PKEY *key)
{
	unsigned char digest[32] = { 0 }, out[256];
	size_t len = sizeof(out);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);

	(void)EVP_PKEY_sign_init(context);
	(void)EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
	(void)EVP_PKEY_sign(context, out, &len, digest, sizeof(digest));
	(void)EVP_PKEY_decrypt_init(context);
	len = sizeof(out);
	remote_key_expect(key, 32);
	(void)EVP_PKEY_decrypt(context, out, &len, out, sizeof(out));
	if (len > sizeof(out))
		abort();
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static EVP_PKEY *public;
	struct keys_reply reply;
	struct keys_link *link = keys_link_new();
	EVP_PKEY *key = NULL;
	int ends[2];

	if (public == NULL)
		public = EVP_RSA_gen(2048);
	if (channel_pair(ends) < 0)
		abort();
	keys_link_attach(link, ends[0]);
	memset(&reply, 0, sizeof(reply));
	memcpy(&reply, data, size < sizeof(reply) ? size : sizeof(reply));
	/* A whole reply to the first question, the bytes as they are to the
	 * second; then the other side hangs up. */
	reply.version = KEYS_VERSION;
	reply.id = 1;
	(void)send(ends[1], &reply, sizeof(reply), MSG_NOSIGNAL);
	(void)send(ends[1], data, size, MSG_NOSIGNAL);
	(void)shutdown(ends[1], SHUT_WR);
	if (remote_key_new(link, public, &key) == 0)
		use(key);
	EVP_PKEY_free(key);
	(void)close(ends[1]);
	keys_link_free(link);
	return 0;
}
