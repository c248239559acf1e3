/* arc.h - is the chain of a trusted forwarder whole, and what does it say?
 *
 * RFC 8617 section 5.2, on its way to Historic: verified, never made.  Only a
 * chain whose newest seal is that of a `trusted-sealer` is verified; nobody
 * else's word counts, so nobody else's keys are asked for.
 * Does not do: decide what the results are worth (check_believe.c). */
#ifndef MAILSEAL_AUTH_ARC_H
#define MAILSEAL_AUTH_ARC_H

#include "agent/auth/dkim.h"
#include "agent/verdict/finding.h"

struct authres;
struct patterns;

struct arc_check;

/* Reads the chain and asks for its keys.  `input` as dkim_start() gets it.
 * NULL: the arena is full. */
struct arc_check *arc_start(struct arena *arena, struct dns_request *request,
			    const struct dkim_input *input,
			    const struct patterns *sealers);

/* The results that trusted sealers sealed, the newest first (0), as far as
 * every sealer from the newest on is trusted; NULL: no more.  They are worth
 * something after arc_finish() said pass.  Unreadable ones have no results. */
const struct authres *arc_results(const struct arc_check *check, size_t nth);

/* Awaits the keys and verifies.  `believed` is left NULL. */
void arc_finish(struct arc_check *check, struct arc_finding *out);

#endif
