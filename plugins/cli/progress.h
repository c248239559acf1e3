/* progress.h - a bar on a terminal; elsewhere nothing
 *
 * One line of standard error, drawn at most ten times a second, taken away
 * before anything else is printed. */
#ifndef MAILSEAL_CLI_PROGRESS_H
#define MAILSEAL_CLI_PROGRESS_H

struct progress;

/* `of`: how many there are, negative: not known.  NULL (no terminal, little
 * to do, no memory) is allowed below. */
struct progress *progress_new(long of);
void progress_free(struct progress *progress);	/* takes the bar away */

void progress_show(struct progress *progress, unsigned long done);
/* Before something is printed that goes to the same terminal. */
void progress_hide(struct progress *progress);

#endif
