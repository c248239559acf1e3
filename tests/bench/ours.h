/* ours.h - the reader's own code, in process: DKIM alone, and a whole check */
#ifndef MAILSEAL_TESTS_OURS_H
#define MAILSEAL_TESTS_OURS_H

#include "tests/bench/letters.h"

struct ours;

struct ours *ours_new(const struct letters *letters, const char *key_record);
void ours_free(struct ours *ours);

/* Parses the message, asks for the key, verifies. */
void ours_dkim(void *ctx, size_t nth);
/* DKIM, SPF, DMARC, contacts, verdict and report. */
void ours_check(void *ctx, size_t nth);

#endif
