/* dkim_fetch.h - a signature's key: from DNS, or else from the archive
 *
 * RFC 6376 section 3.6.2 and 6.1.2.  Shared by DKIM signatures and ARC.
 * Does not do: verify; know what a missing key means to whom. */
#ifndef MAILSEAL_AUTH_DKIM_FETCH_H
#define MAILSEAL_AUTH_DKIM_FETCH_H

#include "agent/auth/dkim_archive.h"
#include "agent/auth/dkim_key.h"
#include "agent/verdict/finding.h"

/* A message may have arrived that much after its key was last seen: clocks
 * differ, and answers live for their TTL. */
#define DKIM_ARCHIVE_SLACK 3600

struct dkim_fetch {
	/* from the caller; all texts live as long as the request: */
	struct arena *arena;
	struct dns_request *request;
	const char *domain, *selector;
	enum dkim_algorithm algorithm;
	const struct dkim_archive *archive;	/* NULL: there is none */
	int64_t arrived;		/* the message */

	/* after dkim_fetch_await(): */
	struct dkim_key key;		/* dkim_fetch_clear() lets it go */
	enum result result;		/* PASS: the key is there */
	const char *code, *text;	/* else why not */
	enum dns_security dnssec;	/* of the record */
	const char *record;		/* its text; NULL: none, or none that
					 * can be kept */
	bool unavailable;		/* DNS says that there is none */
	int64_t archived;		/* the archive's: when it was last
					 * seen; 0: DNS has it */

	/* private: */
	struct dns_question *question;
	struct dkim_archived kept[DKIM_ARCHIVED_MAX];
	size_t kept_count, kept_tried;
};

void dkim_fetch_ask(struct dkim_fetch *fetch);

/* Whether the answer is there, without waiting. */
bool dkim_fetch_is_here(const struct dkim_fetch *fetch);

/* True: `key` is set, and `archived` tells whose it is. */
bool dkim_fetch_await(struct dkim_fetch *fetch);

/* When an archived key did not verify: the next one that may.  False: there
 * is none; the finding is "key-unavailable" again. */
bool dkim_fetch_next(struct dkim_fetch *fetch);

void dkim_fetch_clear(struct dkim_fetch *fetch);

#endif
