/* seen.h - which ids may have been seen, for two processes at once
 *
 * A Bloom filter in a memfd: one process writes, another maps it read only,
 * so that "never seen" costs neither a question nor a wait.  An id is the
 * beginning of a SHA-256 sum, which is as good as random.  "May have been"
 * means: ask.  With 100,000 ids one of 10,000 new ones is asked for in vain.
 * Does not do: forget. */
#ifndef MAILSEAL_BASE_SEEN_H
#define MAILSEAL_BASE_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#define SEEN_ID		16	/* bytes of an id that are looked at */

struct seen;

/* The writer's, empty and not complete.  NULL: no memory, or the system
 * cannot. */
struct seen *seen_new(void);
/* To be handed to the reader; stays the writer's.  It cannot be written
 * through it. */
int seen_fd(const struct seen *seen);
void seen_add(struct seen *seen, const unsigned char *id);
/* From now on every id is in it: before, nothing is said to be new. */
void seen_complete(struct seen *seen);

/* The reader's; takes the descriptor over.  NULL: it is none of these. */
struct seen *seen_open(int fd);
/* False: never seen, for sure.  NULL is allowed. */
bool seen_may_have(const struct seen *seen, const unsigned char *id);

void seen_free(struct seen *seen);	/* NULL is allowed */

#endif
