/* dmarc_consent.h - does a foreign destination want these reports?
 *
 * RFC 9990 section 4 and RFC 7489 section 7.1: whoever publishes rua= or
 * ruf= of another organization could flood it; so that one says
 * "v=DMARC1" at DOMAIN._report._dmarc.HOST, or *._report._dmarc.HOST, and may
 * name another address of the same host in its place.
 * Asked when a report is to be written, and then alone: a question would tell
 * the destination that a message was read.
 * Does not do: write or send reports. */
#ifndef MAILSEAL_AUTH_DMARC_CONSENT_H
#define MAILSEAL_AUTH_DMARC_CONSENT_H

#include "agent/verdict/finding.h"

struct arena;

/* Asks for every external destination with a host, then awaits, and sets
 * `consent` and `instead`.  One without a host is denied.  Strings live in
 * `arena`. */
void dmarc_consent_find(struct arena *arena, struct dns_request *request,
			struct dmarc_finding *finding);

/* "given", "denied", "not-told"; NULL: not asked. */
const char *dmarc_consent_word(enum dmarc_consent consent);

#endif
