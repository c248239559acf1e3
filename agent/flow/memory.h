/* memory.h - what a check may ask of the store, and what it leaves there
 *
 * Design 8: a message is judged when it is first seen; a later look has the
 * arrival time and the keys of then.  The store is the front's; the reader
 * fills this in with questions to it, tests with a script.  A check without
 * a memory (NULL in struct world) is a first look.
 * Every function may wait, but not beyond the deadline of the request.
 *
 * What a check leaves is the dictionary `keep` of check_message()'s report:
 * it is for the store alone and taken off before the report goes to anybody.
 *
 *   "id"		text	the message's (identity.h)
 *   "arrived"		number	seconds since 1970: border, first_seen or now
 *   "final"		truth	no temporary error is behind the verdict; only
 *				then is the judgement kept as one
 *   "verdict"	text	the word; the store finds the worst by it
 *   "facts"		text	facts_text.h, for recall
 *   "address"	text	From's
 *   "message_ids" list of texts: all that a program could take for its own
 *   "keys"		list of	{ "domain", "selector", "text", "dnssec" }:
 *				keys that DNS had now and with which a
 *				signature verified; archived ones never
 *   "signatures"	list of	{ "sum", "body" }: of each signature whose b=
 *				verified, SHA-256 of b= and of the canonical
 *				body it stood over, each 64 hex digits
 *   "autocrypt"	text	the key that the Autocrypt field brings, in
 *				hex, of mail that the domain stands behind,
 *				field included; absent else
 * Does not do: keep; decide. */
#ifndef MAILSEAL_FLOW_MEMORY_H
#define MAILSEAL_FLOW_MEMORY_H

#include <stdint.h>

#include "agent/auth/dkim_archive.h"

struct memory {
	/* find NULL: there is no archive. */
	struct dkim_archive archive;
	/* When the message of this id was first seen: 1 and *when; 0: never
	 * before; negative: it cannot be told now.  NULL: it is not known. */
	int (*first_seen)(void *ctx, const char *id, int64_t *when);
	/* What was found out about the message of this id before: 1, *facts
	 * (in `arena`) and when; 0: nothing that may be used; negative: it
	 * cannot be told now.  NULL: nothing is recalled. */
	int (*recall)(void *ctx, struct arena *arena, const char *id,
		      struct bytes *facts, int64_t *judged);
	/* Whether the same b= was seen over another body (a replay): 1, 0, or
	 * negative.  The sums as in `keep`.  NULL: it is not known. */
	int (*replayed)(void *ctx, const char *sum, const char *body);
	void *ctx;
};

#endif
