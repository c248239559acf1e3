/* openpgpkey.h - OPENPGPKEY: the OpenPGP key of a mailbox in DNS (RFC 7929)
 *
 * The record is one transferable public key, binary.  It counts in a
 * DNSSEC-secure answer and nowhere else; that is for the caller to know.
 * Does not do: ask, read keys. */
#ifndef MAILSEAL_DANE_OPENPGPKEY_H
#define MAILSEAL_DANE_OPENPGPKEY_H

#include "agent/dane/mailbox.h"

struct buf;

#define OPENPGPKEY_LABEL	"_openpgpkey"
#define OPENPGPKEY_TYPE		61

/* What may be such a key at all: the first byte of a public key packet, and
 * not empty. */
bool openpgpkey_fits(struct bytes rdata);

/* "owner. IN OPENPGPKEY mQ..."; false: over MAILBOX_RECORD_MAX. */
bool openpgpkey_print(struct buf *to, const char *owner, struct bytes key);

#endif
