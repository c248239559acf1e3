/* run.h - one operation of gpg's, and what passes through it
 *
 * GPGME 1.18 moves 4 kB at once, and writes out each octet in hexadecimal for
 * a log that nobody keeps, which takes longer than the cipher.  So it is given
 * this loop in the place of its own: it moves the beginning of each stream, by
 * which is known whose pipe is whose, and its end; what is between goes from
 * pipe to pipe.
 * Does not do: look at what passes, keep time (request.h does). */
#ifndef MAILSEAL_PGP_RUN_H
#define MAILSEAL_PGP_RUN_H

#include <gpgme.h>

struct pgp_run;

/* NULL: no memory. */
struct pgp_run *pgp_run_new(void);
void pgp_run_free(struct pgp_run *run);	/* wipes; NULL is allowed */

/* As pgp_context() makes it; the run's own.  NULL: there is no run. */
gpgme_ctx_t pgp_run_context(struct pgp_run *run);

/* What gpg reads from `fd`, or writes to it, which stays the caller's; two at
 * most.  The run's own.  NULL: no memory, or no run. */
gpgme_data_t pgp_run_in(struct pgp_run *run, int fd);
gpgme_data_t pgp_run_out(struct pgp_run *run, int fd);

/* An operation was started by gpgme_op_..._start(), which answered `started`:
 * until it is at its end, and what came of it. */
gpgme_error_t pgp_run_wait(struct pgp_run *run, gpgme_error_t started);

#endif
