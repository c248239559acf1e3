/* clock.h - what time it is, handed in so that a test can say otherwise
 *
 * Two clocks: the wall's, for dates in mail and signatures, and one that
 * never jumps, for deadlines. */
#ifndef MAILSEAL_BASE_CLOCK_H
#define MAILSEAL_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds on CLOCK_MONOTONIC: the unit of every deadline. */
int64_t clock_now_ms(void);

/* Seconds since 1970-01-01 UTC. */
int64_t clock_wall(void);

#endif
