/* raw.h - what verification cannot do without: SHA-256 and the signature
 *
 * Over canonical bytes that are ready, with OpenSSL's contexts made once. */
#ifndef MAILSEAL_TESTS_RAW_H
#define MAILSEAL_TESTS_RAW_H

#include "tests/bench/letters.h"

struct raw;

/* Prepares every letter; `p`: what the key's record holds. */
struct raw *raw_new(const struct letters *letters, enum dkim_lab_kind kind,
		    const char *p);
void raw_free(struct raw *raw);

/* One letter: hashes the body and the header, verifies the signature. */
void raw_run(void *ctx, size_t nth);

#endif
