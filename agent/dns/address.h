/* address.h - what kind of address a name server has
 *
 * By its bytes: one address has many spellings, and IPv4 ones are written as
 * IPv6 too. */
#ifndef MAILSEAL_DNS_ADDRESS_H
#define MAILSEAL_DNS_ADDRESS_H

enum dns_address {
	DNS_ADDRESS_NONE,	/* it is no address */
	DNS_ADDRESS_FAR,
	DNS_ADDRESS_OWN,	/* of this host: 127.0.0.0/8, ::1, 0.0.0.0 */
	DNS_ADDRESS_STUB,	/* 127.0.0.53, of systemd-resolved: it breaks
				 * proofs that a name does not exist */
	DNS_ADDRESS_PROXY	/* 127.0.0.54, of the same: it passes them on */
};

/* "ADDRESS", "ADDRESS%SCOPE", "ADDRESS@PORT"; numeric alone. */
enum dns_address dns_address_kind(const char *text);

#endif
