/* openpgp_armor_write.h - ASCII armor made
 *
 * RFC 4880 section 6.2: lines of 76 characters, each with LF behind it, and
 * the check value.  Works on pieces of any size.
 * Does not do: armor headers, CRLF (whoever makes a mail of it does). */
#ifndef MAILSEAL_CRYPTO_OPENPGP_ARMOR_WRITE_H
#define MAILSEAL_CRYPTO_OPENPGP_ARMOR_WRITE_H

#include "agent/crypto/openpgp_armor.h"

struct armor_writer;
struct sink;

/* `to` is copied; what it writes to must live.  NULL: no memory. */
struct armor_writer *armor_writer_new(const struct sink *to,
				      enum armor_kind kind);
void armor_writer_free(struct armor_writer *writer);	/* NULL is allowed */

/* Takes what the armor is around. */
struct sink armor_writer_sink(struct armor_writer *writer);

/* Once, behind the last piece.  0; ERR_SYNTAX: there was none; what the sink
 * answered. */
int armor_writer_end(struct armor_writer *writer);

#endif
