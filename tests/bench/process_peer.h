/* process_peer.h - a peer that is a program of another language
 *
 * It is started with the messages and the records in a file (as
 * tests/flow/peer_dkimpy.py takes them), and reads from standard input how
 * many messages to verify; it answers with the milliseconds of CPU time that
 * these took, or with "failed" and why. */
#ifndef MAILSEAL_TESTS_PROCESS_PEER_H
#define MAILSEAL_TESTS_PROCESS_PEER_H

#include "tests/bench/letters.h"

struct process_peer;

/* NULL: `probe` says that it is not here. */
struct process_peer *process_peer_new(const char *probe, const char *run,
				      const char *what,
				      const struct letters *letters,
				      const char *key_record);
double process_peer_many(void *ctx, size_t count);
void process_peer_free(struct process_peer *peer);	/* NULL is allowed */

#endif
