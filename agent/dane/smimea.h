/* smimea.h - SMIMEA: certificates of a mailbox in DNS (RFC 8162)
 *
 * The record is a TLSA record (tlsa.h) at another name.  What stands in a
 * DNSSEC-secure answer counts, and nothing else; that it was secure is for the
 * caller to know.
 * Does not do: ask, read certificates, walk a path. */
#ifndef MAILSEAL_DANE_SMIMEA_H
#define MAILSEAL_DANE_SMIMEA_H

#include "agent/dane/mailbox.h"

struct buf;

#define SMIMEA_LABEL	"_smimecert"
#define SMIMEA_TYPE	53

/* A whole end entity certificate that the record brings (usage 1 or 3,
 * selector 0, matching 0), DER; empty: it brings none. */
struct bytes smimea_certificate(struct bytes rdata);

enum smimea_says {
	SMIMEA_NOTHING,		/* of this certificate */
	SMIMEA_NAMES,		/* DANE-EE: it is the mailbox's */
	SMIMEA_NARROWS		/* PKIX-EE: it is, if a path vouches too */
};

/* What the records say of this end entity certificate, given with its
 * subjectPublicKeyInfo, both DER: the strongest.  Records that name
 * authorities (usages 0 and 2) need a path and say nothing here. */
enum smimea_says smimea_judge(const struct bytes *records, size_t count,
			      struct bytes certificate, struct bytes key);

/* Wire rdata of "3 0 0" with this certificate. */
void smimea_put(struct buf *to, struct bytes certificate);
/* "owner. IN SMIMEA 3 0 0 30..."; false: over MAILBOX_RECORD_MAX. */
bool smimea_print(struct buf *to, const char *owner,
		  struct bytes certificate);

#endif
