/* fuzz_keyfile.c - key files as they should not be */
#include <stdint.h>

#include <openssl/evp.h>

#include "agent/keys/keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keyfile file;
	EVP_PKEY *key = NULL;
	unsigned usage;

	if (keyfile_read((struct bytes){ data, size }, &file) == 0)
		(void)keyfile_open(&file, bytes_of("x"), &key, &usage);
	EVP_PKEY_free(key);
	keyfile_free(&file);
	return 0;
}
