/* spf_ip.c - reading and comparing */
#include "agent/auth/spf_ip.h"

#include <arpa/inet.h>

bool spf_ip_parse(struct bytes text, struct spf_ip *out)
{
	static const unsigned char mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF
	};
	char copy[INET6_ADDRSTRLEN + 1];

	memset(out, 0, sizeof(*out));
	if (text.len == 0 || text.len >= sizeof(copy) || bytes_has(text, 0))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = 0;
	if (inet_pton(AF_INET, copy, out->octets) == 1)
		return true;
	if (inet_pton(AF_INET6, copy, out->octets) != 1)
		return false;
	out->v6 = memcmp(out->octets, mapped, sizeof(mapped)) != 0;
	if (!out->v6)
		memmove(out->octets, out->octets + 12, 4);
	return true;
}

bool spf_ip_within(const struct spf_ip *ip, const struct spf_ip *prefix,
		   unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	unsigned char mask = (unsigned char)(0xFF00U >> rest);

	if (ip->v6 != prefix->v6 ||
	    memcmp(ip->octets, prefix->octets, whole) != 0)
		return false;
	return rest == 0 || ((ip->octets[whole] ^ prefix->octets[whole]) &
			     mask) == 0;
}
