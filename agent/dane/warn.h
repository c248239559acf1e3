/* warn.h - what is about to break at a server that is well today
 *
 * Signatures and certificates near their end, and a key that can only be
 * changed by breaking DANE (RFC 7671 section 8.4 wants the next one published
 * beforehand).  Pure. */
#ifndef MAILSEAL_DANE_WARN_H
#define MAILSEAL_DANE_WARN_H

#include "agent/dane/report.h"

#define WARN_MAX		8
#define WARN_CERTIFICATE_DAYS	14	/* or a quarter of its life */
#define WARN_SIGNATURE_PART	8	/* an eighth of its life is left */

struct arena;

struct dane_warning {
	const char *code;	/* "certificate-expired", "certificate-expires",
				 * "signatures-expire", "no-next-key",
				 * "unusable-record" */
	const char *text;	/* a sentence */
};

/* How many were put into `out`. `now`: seconds since 1970. */
size_t dane_warn(struct arena *arena, const struct dane_report *report,
		 int64_t now, struct dane_warning out[WARN_MAX]);

#endif
