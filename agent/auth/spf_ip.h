/* spf_ip.h - addresses and prefixes (RFC 7208 section 5.6) */
#ifndef MAILSEAL_AUTH_SPF_IP_H
#define MAILSEAL_AUTH_SPF_IP_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct spf_ip {
	bool v6;
	unsigned char octets[16];	/* 4 of them for IPv4 */
};

/* "192.0.2.1" or "2001:db8::1"; an IPv4-mapped address is IPv4. */
bool spf_ip_parse(struct bytes text, struct spf_ip *out);
/* Whether the first `bits` are the same; families differ: false. */
bool spf_ip_within(const struct spf_ip *ip, const struct spf_ip *prefix,
		   unsigned bits);

#endif
