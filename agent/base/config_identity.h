/* config_identity.h - whose account it is: addresses, and keys by fingerprint
 *
 * Does not do: parse addresses as mail has them (mail/address.h), find keys. */
#ifndef MAILSEAL_BASE_CONFIG_IDENTITY_H
#define MAILSEAL_BASE_CONFIG_IDENTITY_H

#include <stdbool.h>

#include "agent/base/bytes.h"

/* An address alone, without a name or brackets. */
bool config_address_fits(struct bytes text);
/* The first digits of a fingerprint, 8 to 64, as programs write them: with 0x,
 * blanks and colons. */
bool config_print_fits(struct bytes text);

#endif
