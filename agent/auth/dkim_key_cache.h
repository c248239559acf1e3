/* dkim_key_cache.h - keys that were decoded already
 *
 * A store of mail holds the same few keys again and again; decoding one takes
 * half as long as the verification.  Bounded, shared by all threads, keyed by
 * the whole record and the algorithm, so that an answer can stand for itself
 * alone.  Does not do: know names or TTLs; whoever asks has the record. */
#ifndef MAILSEAL_AUTH_DKIM_KEY_CACHE_H
#define MAILSEAL_AUTH_DKIM_KEY_CACHE_H

#include "agent/auth/dkim_key.h"

#define DKIM_CACHE_KEYS		32
#define DKIM_CACHE_RECORD_MAX	1024	/* longer records are not kept */

/* dkim_key_parse(), of records seen lately without decoding them again. */
int dkim_key_cached(struct arena *arena, struct bytes record,
		    enum dkim_algorithm algorithm, struct dkim_key *out,
		    const char **code, const char **text);

/* true: *out holds a reference of its own, for dkim_key_clear(). */
bool dkim_key_cache_find(struct bytes record, enum dkim_algorithm algorithm,
			 struct dkim_key *out);

/* Lets all of them go. */
void dkim_key_cache_clear(void);

#endif
