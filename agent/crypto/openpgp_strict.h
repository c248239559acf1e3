/* openpgp_strict.h - an OpenPGP object that has passed for what it must be
 *
 * Armor undone (openpgp_armor.h), packets walked (openpgp_packet.h): what is
 * read here is binary, and so far as it was read of the right shape.  The end
 * comes only behind a whole object. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_STRICT_H
#define MAILSEAL_CRYPTO_OPENPGP_STRICT_H

#include "agent/base/stream.h"
#include "agent/crypto/openpgp_packet.h"

struct buf;
struct openpgp_strict;

/* `from` is copied; what it reads must live.  NULL: no memory. */
struct openpgp_strict *openpgp_strict_new(const struct source *from,
					  enum packet_shape shape);
void openpgp_strict_free(struct openpgp_strict *strict);  /* NULL allowed */

/* Reads ERR_SYNTAX where openpgp_strict_fault() tells more. */
struct source openpgp_strict_source(struct openpgp_strict *strict);
enum packet_fault openpgp_strict_fault(const struct openpgp_strict *strict);
/* What was seen so far. */
const struct packet_walk *
openpgp_strict_walk(const struct openpgp_strict *strict);

/* Octets that were read of it, armor and all. */
uint64_t openpgp_strict_size(const struct openpgp_strict *strict);

/* Reads what is left, so that the fault is one of the whole.  0; ERR_*. */
int openpgp_strict_finish(struct openpgp_strict *strict);

/* All of a small object at once, into `to`.  0; ERR_SYNTAX with the fault in
 * *fault; ERR_LIMIT: it is over the buffer's; ERR_MEMORY. */
int openpgp_strict_read(struct bytes object, enum packet_shape shape,
			struct buf *to, enum packet_fault *fault);

#endif
