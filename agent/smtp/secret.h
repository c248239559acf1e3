/* secret.h - a password from a pipe, and memory that is wiped
 *
 * A secret's buffer has all its room from the start, so that growing leaves no
 * copy behind; it is locked in memory and left out of cores where the system
 * allows. */
#ifndef MAILSEAL_SMTP_SECRET_H
#define MAILSEAL_SMTP_SECRET_H

#include <stdint.h>

#include "agent/base/buf.h"

#define SECRET_MAX 16384	/* bytes; tokens are the long ones */

/* A buffer for secrets, to be given back with secret_free() alone.  0 or
 * ERR_MEMORY. */
int secret_init(struct buf *secret, size_t max);
void secret_free(struct buf *secret);	/* wipes; again does nothing */

/* The first line of what comes out of `fd`, without its line end, until
 * `deadline` (clock_now_ms).  0; ERR_TIMEOUT; ERR_GONE: nothing came before
 * the end; ERR_LIMIT; ERR_SYNTAX: a NUL in it; ERR_IO.  `fd` stays the
 * caller's. */
int secret_read(int fd, int64_t deadline, struct buf *secret);

/* Whether `text` shows the secret: as it is, or inside a run of base64. */
bool secret_shows(const struct buf *secret, struct bytes text);

#endif
