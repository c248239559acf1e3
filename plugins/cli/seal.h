/* seal.h - what mailseal open and protect share */
#ifndef MAILSEAL_CLI_SEAL_H
#define MAILSEAL_CLI_SEAL_H

#include <stdint.h>

#include "proto/mailseal.h"

/* The message as a descriptor that the agent takes; NULL or "-" is standard
 * input.  Negative: said what is wrong; *close_it: whether to close it. */
int seal_message(const char *path, bool *close_it);

/* Waits for the answer; on a terminal something moves meanwhile. */
void seal_wait(struct mailseal *mailseal, struct mailseal_pending *pending,
	       const char *doing);

/* Copies the content to standard output and closes it; `size`: how much it
 * has to be, negative: not known.  0; an exit status, and said why. */
int seal_copy(int content, int64_t size);

/* Where the person is, for pinentry: tty, term, display. */
#define SEAL_PLACES 3
void seal_places(struct mailseal_option options[SEAL_PLACES]);

#endif
