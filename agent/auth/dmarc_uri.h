/* dmarc_uri.h - where a domain wants its DMARC reports
 *
 * RFC 9989 section 4.7 (rua, ruf), RFC 3986; the size limits of RFC 7489
 * section 6.2 are read and bind nobody (RFC 9989 ignores them).
 * Does not do: tell which are external, ask whether they agree
 * (dmarc_consent.h). */
#ifndef MAILSEAL_AUTH_DMARC_URI_H
#define MAILSEAL_AUTH_DMARC_URI_H

#include "agent/base/bytes.h"
#include "agent/verdict/finding.h"

struct arena;

/* The first DMARC_URIS_MAX of a list; what is no URI is left out, the others
 * stay.  How many. */
size_t dmarc_uris_parse(struct arena *arena, struct bytes list,
			struct dmarc_report_uri *out);

#endif
