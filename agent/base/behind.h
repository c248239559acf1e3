/* behind.h - a sink that is written to while the next piece is made
 *
 * What is written goes into one of two rooms, and out of it into the sink by a
 * thread of its own, in order.  The thread starts once a room is full: what is
 * short never has one, and where there is none, the writer writes.
 * The sink is that thread's until behind_end() or behind_free(). */
#ifndef MAILSEAL_BASE_BEHIND_H
#define MAILSEAL_BASE_BEHIND_H

#include "agent/base/stream.h"

#define BEHIND_ROOM	(4 * STREAM_PIECE)	/* octets; there are two */

struct behind;

/* `to` is copied; what it writes to must live.  NULL: no memory. */
struct behind *behind_new(const struct sink *to);
void behind_free(struct behind *behind);	/* wipes; NULL is allowed */

/* Answers what the sink answered to something earlier. */
struct sink behind_sink(struct behind *behind);

/* Once, behind the last piece: all of it is in the sink.  0; the first error
 * of the sink, which then got nothing more. */
int behind_end(struct behind *behind);

#endif
