/* cms_algorithm.h - algorithms of a CMS object, as they stand in its frame
 *
 * RFC 5652 section 10.1 (AlgorithmIdentifier), RFC 5084 section 3.2 (the
 * parameters of AES-GCM).  What cannot be read is left out.
 * Does not do: know one of them. */
#ifndef MAILSEAL_CRYPTO_CMS_ALGORITHM_H
#define MAILSEAL_CRYPTO_CMS_ALGORITHM_H

#include "agent/base/bytes.h"

struct cms_walk_facts;

/* SET OF the digests of a SignedData: sets digests. */
void cms_digests_read(struct bytes set, struct cms_walk_facts *out);

/* The algorithm of a content: sets cipher, and of an AuthEnvelopedData
 * tag_len. */
void cms_cipher_read(struct bytes algorithm, struct cms_walk_facts *out);

#endif
