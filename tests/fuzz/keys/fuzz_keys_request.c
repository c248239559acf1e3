/* fuzz_keys_request.c - what a reader gone bad could say to the keeper
 *
 * Whatever fits the table of verbs is answered, whatever does not is not
 * looked at; every reply fits what an asker takes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "agent/keys/remote_key.h"
#include "agent/keys/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vault *vault_of(EVP_PKEY *rsa, EVP_PKEY *p256)
{
	EVP_PKEY *const keys[] = { rsa, p256 };
	struct vault *vault = vault_new();
	struct keyfile file = { NULL, 0 };
	uint8_t id[KEYS_ID_SIZE] = { 0 };
	uint8_t i;

	for (i = 0; i < 2; i++) {
		/* A name that an input can hit. */
		(void)remote_key_id(keys[i], id);
		if (vault_add(vault, id, &file) < 0 ||
		    vault_unlock(vault_find(vault, id), keys[i], 3, 0) < 0)
			abort();
		memset(vault_find(vault, id)->id, i, KEYS_ID_SIZE);
	}
	return vault;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vault *vault;
	struct keys_request request;
	struct keys_reply reply;

	if (vault == NULL)
		vault = vault_of(EVP_RSA_gen(2048), EVP_EC_gen("P-256"));
	/* An input may leave the rest out: most of a request is room. */
	memset(&request, 0, sizeof(request));
	if (size > sizeof(request))
		return 0;
	memcpy(&request, data, size);
	if (!keys_request_fits(&request, sizeof(request)))
		return 0;
	vault_answer(vault, &request, &reply, 1);
	if (!keys_reply_fits(&reply, sizeof(reply)) || reply.id != request.id)
		abort();
	return 0;
}
