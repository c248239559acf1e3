/* archive.h - DKIM keys that stood in DNS (design 8, "keys rotate")
 *
 * Only keys with which a signature verified; asked for when DNS has them no
 * more. */
#ifndef MAILSEAL_STORE_ARCHIVE_H
#define MAILSEAL_STORE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

#define ARCHIVE_NAME_MAX	253
#define ARCHIVE_TEXT_MAX	8192	/* bytes of a record */
#define ARCHIVE_PER_SELECTOR	8	/* the newest are kept */
#define ARCHIVE_KEYS_MAX	100000

struct archived_key {
	const char *domain, *selector;	/* A-labels, lower case */
	const char *text;		/* the TXT record, joined */
	bool secure;			/* DNSSEC, when it was seen */
	int64_t first_seen, last_seen;	/* seconds since 1970 */
};

/* Writes, or moves last_seen of the same text on, by not less than
 * RECENT_SECONDS.  0; ERR_SYNTAX; ERR_IO. */
#define RECENT_SECONDS		30
int archive_put(struct store *store, const struct archived_key *key);

/* Those of one selector, the one seen last first; strings in `arena`.  How
 * many; ERR_LIMIT, ERR_IO. */
int archive_find(struct store *store, const char *domain,
		 const char *selector, struct arena *arena,
		 struct archived_key *out, size_t room);

#endif
