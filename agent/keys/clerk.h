/* clerk.h - a process for one job with files of keys and certificates
 *
 * PKCS #12 (RFC 7292), PEM (RFC 7468) and certificates (RFC 5280) come from
 * anywhere, and their parsers had their holes; so each file is read in a
 * process of its own, which is thrown away.  It reads a key and hands it to
 * the keeper; or writes a certificate or a request (RFC 2986) that the keeper
 * signs.
 * Does not do: keep anything, lock itself in. */
#ifndef MAILSEAL_KEYS_CLERK_H
#define MAILSEAL_KEYS_CLERK_H

#include "agent/keys/keeper.h"

/* What OpenSSL would load later.  0; ERR_UNSUPPORTED. */
int clerk_prepare(void);

/* Serves one frame of the front and ends.  0; ERR_GONE; ERR_PROTOCOL. */
int clerk_run(const struct keeper_answers *answers, int front);

#endif
