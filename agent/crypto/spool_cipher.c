/* spool_cipher.c - a key of its own for each spool, a nonce for each chunk */
#include "agent/crypto/spool_cipher.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/base/spool.h"

#define KEY	32
#define NONCE	12

struct gcm {
	EVP_CIPHER_CTX *seal;
	EVP_CIPHER_CTX *open;
};

static void nonce_of(uint64_t nth, unsigned char nonce[NONCE])
{
	size_t i;

	for (i = 0; i < NONCE; i++) {
		nonce[NONCE - 1 - i] = (unsigned char)(nth & 0xff);
		nth >>= 8;
	}
}

static int gcm_seal(void *ctx, uint64_t nth, struct bytes from,
		    unsigned char *to, unsigned char *tag)
{
	struct gcm *gcm = ctx;
	unsigned char nonce[NONCE];
	int len = 0, rest = 0;

	nonce_of(nth, nonce);
	if (from.len > SPOOL_CHUNK ||
	    EVP_EncryptInit_ex2(gcm->seal, NULL, NULL, nonce, NULL) != 1 ||
	    EVP_EncryptUpdate(gcm->seal, to, &len, from.data,
			      (int)from.len) != 1 ||
	    EVP_EncryptFinal_ex(gcm->seal, to + len, &rest) != 1 ||
	    EVP_CIPHER_CTX_ctrl(gcm->seal, EVP_CTRL_AEAD_GET_TAG, SPOOL_TAG,
				tag) != 1)
		return ERR_IO;
	return 0;
}

static int gcm_open(void *ctx, uint64_t nth, struct bytes from,
		    const unsigned char *tag, unsigned char *to)
{
	unsigned char nonce[NONCE], copy[SPOOL_TAG];
	struct gcm *gcm = ctx;
	int len = 0, rest = 0;

	nonce_of(nth, nonce);
	memcpy(copy, tag, sizeof(copy));
	if (from.len > SPOOL_CHUNK ||
	    EVP_DecryptInit_ex2(gcm->open, NULL, NULL, nonce, NULL) != 1 ||
	    EVP_DecryptUpdate(gcm->open, to, &len, from.data,
			      (int)from.len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(gcm->open, EVP_CTRL_AEAD_SET_TAG, SPOOL_TAG,
				copy) != 1 ||
	    EVP_DecryptFinal_ex(gcm->open, to + len, &rest) != 1)
		return ERR_IO;
	return 0;
}

static void gcm_free(void *ctx)
{
	struct gcm *gcm = ctx;

	if (gcm == NULL)
		return;
	EVP_CIPHER_CTX_free(gcm->seal);		/* these wipe the key */
	EVP_CIPHER_CTX_free(gcm->open);
	free(gcm);
}

static struct gcm *gcm_new(void)
{
	unsigned char key[KEY];
	struct gcm *gcm = calloc(1, sizeof(*gcm));

	if (gcm == NULL)
		return NULL;
	gcm->seal = EVP_CIPHER_CTX_new();
	gcm->open = EVP_CIPHER_CTX_new();
	if (gcm->seal == NULL || gcm->open == NULL ||
	    RAND_priv_bytes(key, sizeof(key)) != 1 ||
	    EVP_EncryptInit_ex2(gcm->seal, EVP_aes_256_gcm(), key, NULL,
				NULL) != 1 ||
	    EVP_DecryptInit_ex2(gcm->open, EVP_aes_256_gcm(), key, NULL,
				NULL) != 1) {
		gcm_free(gcm);
		gcm = NULL;
	}
	explicit_bzero(key, sizeof(key));
	return gcm;
}

struct spool *spool_sealed_new(int file)
{
	struct spool_cipher cipher = { gcm_seal, gcm_open, gcm_free, NULL };

	cipher.ctx = gcm_new();
	if (cipher.ctx == NULL) {
		if (file >= 0)
			(void)close(file);
		return NULL;
	}
	return spool_new(file, &cipher);
}
