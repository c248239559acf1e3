/* dkim_archive.h - keys that stood in DNS once
 *
 * Keys rotate, mail stays (design 8).  When DNS says that a key is gone
 * (NXDOMAIN, or no TXT there), dkim.h asks here, and here only then: a key
 * that DNS still has, has revoked (empty p=) or does not tell now (bogus,
 * silent) is never looked up.  An archived key is used for mail that had
 * arrived while it was still in DNS: after that its owner may have given the
 * private half away.  A finding made with one says so (`key_archived`, code
 * "key-archived"); it is never a silent pass.
 * Does not do: keep anything; whoever has a store fills this in. */
#ifndef MAILSEAL_AUTH_DKIM_ARCHIVE_H
#define MAILSEAL_AUTH_DKIM_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/dns/dns.h"

struct arena;

#define DKIM_ARCHIVED_MAX 4	/* keys of one selector looked at */

struct dkim_archived {
	const char *text;		/* the TXT record, joined; in `arena` */
	enum dns_security dnssec;	/* SECURE or INSECURE, when it was
					 * seen; others are not used */
	int64_t first_seen, last_seen;	/* in DNS; seconds since 1970 */
};

struct dkim_archive {
	/* Up to `room` keys of selector._domainkey.domain (A-labels, lower
	 * case), the one seen last first.  May wait, but not beyond the
	 * deadline of the request.  How many; negative: it cannot be told
	 * now, a temporary error. */
	int (*find)(void *ctx, struct arena *arena, const char *domain,
		    const char *selector, struct dkim_archived *out,
		    size_t room);
	void *ctx;
};

#endif
