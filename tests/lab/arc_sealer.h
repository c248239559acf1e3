/* arc_sealer.h - seals messages for tests, well or badly (RFC 8617) */
#ifndef MAILSEAL_TESTS_ARC_SEALER_H
#define MAILSEAL_TESTS_ARC_SEALER_H

#include "tests/lab/dkim_signer.h"

/* NULL and 0 are the sensible default everywhere but for `key`. */
struct arc_seal_options {
	const struct dkim_lab_key *key;
	unsigned instance;		/* i=; 1 */
	const char *domain;		/* d=; "lists.example" */
	const char *cv;			/* more tags of the seal; "cv=none" for
					 * the first, else "cv=pass" */
	const char *results;		/* behind "i=1; "; says dmarc=pass
					 * header.from=example.org */
	const char *fields;		/* h= of the message signature;
					 * "from:to:subject:date" */
	const char *extra;		/* more tags of the message signature */
};

/* The message with one more set of ARC fields on top; sets with lower
 * instances must be in it, the newest on top.  free() it. */
char *arc_seal(const char *message, const struct arc_seal_options *options);

#endif
