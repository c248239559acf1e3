/* signed.h - inside dns: how long the signatures of an answer are good
 *
 * RFC 4034 section 3.1: expiration and inception of the RRSIG records in the
 * answer and authority sections of a packet.  Those of the keys above are not
 * in it. */
#ifndef MAILSEAL_DNS_SIGNED_H
#define MAILSEAL_DNS_SIGNED_H

#include "agent/dns/dns.h"

/* Fills signed_from and signed_until; leaves them 0 where no signature can be
 * read. */
void signed_read(const void *packet, size_t len, struct dns_answer *answer);

#endif
