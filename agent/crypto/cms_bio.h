/* cms_bio.h - sources and sinks as OpenSSL's BIOs */
#ifndef MAILSEAL_CRYPTO_CMS_BIO_H
#define MAILSEAL_CRYPTO_CMS_BIO_H

#include <openssl/types.h>
#include <stddef.h>

#include "agent/base/bytes.h"

struct sink;

/* What a BIO reads from: at most `size` octets, 0 at the end, ERR_*.  The
 * first error stays in `failed`. */
struct cms_input {
	int (*read)(void *ctx, unsigned char *room, size_t size);
	void *ctx;
	int failed;
};

/* Both are freed by BIO_free(), which leaves what they stand on alone.  NULL:
 * no memory. */
BIO *cms_bio_input(struct cms_input *input);

struct cms_output {
	const struct sink *to;
	int failed;			/* what the sink answered first */
};
BIO *cms_bio_output(struct cms_output *output);

/* Writes all of it. 0; ERR_MEMORY: a BIO refused. */
int cms_bio_write(BIO *bio, struct bytes piece);

#endif
