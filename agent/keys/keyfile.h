/* keyfile.h - a private key at rest
 *
 * PKCS #8 (RFC 5958) encrypted by PBES2 (RFC 8018): scrypt (RFC 7914) and
 * AES-256-CBC, as PEM (RFC 7468); `openssl pkey` reads it.  What the key is
 * for stands inside, as the attribute keyUsage, so that nobody without the
 * passphrase can turn an opening key into a signing one.  A line before the
 * PEM holds a checksum that tells a damaged file from a wrong passphrase.
 * Does not do: open a file, ask anybody. */
#ifndef MAILSEAL_KEYS_KEYFILE_H
#define MAILSEAL_KEYS_KEYFILE_H

#include <openssl/types.h>

#include "agent/base/bytes.h"

struct buf;

#define KEYFILE_MAX		32768	/* bytes of a key file */
#define KEYFILE_RSA_MIN		2048	/* bits */
#define KEYFILE_RSA_MAX		8192
#define KEYFILE_PASSPHRASE_MAX	1024	/* bytes */

/* The encrypted key, ready to be opened. */
struct keyfile {
	unsigned char *der;
	size_t len;
};

/* Takes the text of a key file.  0; ERR_SYNTAX: damaged, or not such a file;
 * ERR_UNSUPPORTED: a private key that is not encrypted; ERR_MEMORY. */
int keyfile_read(struct bytes text, struct keyfile *out);
void keyfile_free(struct keyfile *file);

/* *key is the caller's; *usage: KEYS_FOR_... bits.  0; ERR_REFUSED: not with
 * this passphrase; ERR_SYNTAX: no key inside, or its halves do not fit;
 * ERR_UNSUPPORTED: a key we do not use; ERR_MEMORY: also when scrypt's
 * parameters ask for more than 32 MB. */
int keyfile_open(const struct keyfile *file, struct bytes passphrase,
		 EVP_PKEY **key, unsigned *usage);

/* The text of a new key file.  0; ERR_MEMORY. */
int keyfile_seal(EVP_PKEY *key, unsigned usage, struct bytes passphrase,
		 struct buf *text);

/* 0; ERR_UNSUPPORTED: neither RSA of KEYFILE_RSA_MIN to _MAX bits nor P-256
 * or P-384. */
int keyfile_accepts(EVP_PKEY *key);

#endif
