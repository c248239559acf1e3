/* workers.h - many cheap threads, fair by caller
 *
 * A job runs from start to end in one thread and may wait there.  Callers
 * that have jobs waiting take turns, and one caller may start a job only
 * while its running ones are under three quarters of the threads that the
 * others leave: whoever comes new finds a thread. */
#ifndef MAILSEAL_BASE_WORKERS_H
#define MAILSEAL_BASE_WORKERS_H

#include <stddef.h>
#include <stdint.h>

#define WORKERS_QUEUE_MAX 8192	/* jobs that wait, of all callers */

struct workers;

/* Threads are started when they are first needed.  NULL: no memory. */
struct workers *workers_new(unsigned count, size_t stack);

/* Never blocks.  0; ERR_LIMIT: the queue is full; ERR_MEMORY. */
int workers_add(struct workers *workers, uint32_t caller,
		void (*work)(void *ctx), void *ctx);

/* Runs everything that was added, also what still waits, then ends the
 * threads.  NULL allowed. */
void workers_free(struct workers *workers);

#endif
