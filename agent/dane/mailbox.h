/* mailbox.h - where the keys of a mailbox stand in DNS
 *
 * RFC 7929 section 3 and RFC 8162 section 3: the first 28 octets of the SHA-256
 * of the local part, in hex, a label for the kind of key, and the domain. The
 * local part is hashed as it is written, without quotes: who keeps a zone may
 * publish it in lower case as well.
 * Does not do: ask, Unicode normalisation. */
#ifndef MAILSEAL_DANE_MAILBOX_H
#define MAILSEAL_DANE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/base/bytes.h"

#define MAILBOX_OWNER_MAX	254	/* with its NUL */
#define MAILBOX_DIGEST		28	/* octets of the hash that count */
#define MAILBOX_RECORD_MAX	8000	/* octets that are printed: more does
					 * not pass through DNS everywhere */

/* `address` is a normal one (mail/address.h); `label` is "_openpgpkey" or
 * "_smimecert".  False: it is too long for DNS, or no address. */
enum mailbox_case { MAILBOX_AS_WRITTEN, MAILBOX_LOWER };
bool mailbox_owner(const char *address, const char *label,
		   enum mailbox_case how, char to[MAILBOX_OWNER_MAX]);

/* Whether the local part has a capital letter (ASCII): then the name in lower
 * case is another one. */
bool mailbox_has_capitals(const char *address);

struct buf;

/* A record that every name server takes (RFC 3597 section 5): "owner. IN
 * TYPE61 \# 3 00ff01".  False: the record is over MAILBOX_RECORD_MAX. */
bool mailbox_print_generic(struct buf *to, const char *owner, unsigned type,
			   struct bytes rdata);

/* Hex in lower case, and base64 (RFC 4648), for the native forms. */
void mailbox_print_hex(struct buf *to, struct bytes bytes);
void mailbox_print_base64(struct buf *to, struct bytes bytes);

#endif
