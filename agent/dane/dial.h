/* dial.h - inside dane: a TCP connection to one of several addresses
 *
 * RFC 8305, simply: the next address is tried after a quarter of a second or
 * when one fails; the first that answers is taken.  No call of this floor
 * waits but through dial_wait(). */
#ifndef MAILSEAL_DANE_DIAL_H
#define MAILSEAL_DANE_DIAL_H

#include "agent/dane/locate.h"

#define DIAL_NEXT_MS 250	/* RFC 8305 section 5 */

/* Who may end a wait. */
struct dial_patience {
	int64_t deadline;	/* clock_now_ms() */
	int cancel_fd;		/* readable: give up; -1: none */
};

/* `events` as of poll(2). 0: there; ERR_TIMEOUT; ERR_REFUSED: cancelled. */
int dial_wait(int fd, short events, const struct dial_patience *patience);

/* A connected socket that never blocks and closes on exec, *which says to
 * what; or ERR_GONE: nobody is there, *error has the last errno; ERR_TIMEOUT;
 * ERR_REFUSED; ERR_IO. */
int dial(const struct dane_address *addresses, size_t count, uint16_t port,
	 const struct dial_patience *patience, size_t *which, int *error);

#endif
