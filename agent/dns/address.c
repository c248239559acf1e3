/* address.c - reading it, and knowing the loopback ones */
#include "agent/dns/address.h"

#include <arpa/inet.h>

#include "agent/base/bytes.h"

static enum dns_address kind_of_v4(const unsigned char ip[4])
{
	static const unsigned char resolved[3] = { 127, 0, 0 };

	if (memcmp(ip, resolved, sizeof(resolved)) == 0 && ip[3] == 53)
		return DNS_ADDRESS_STUB;
	if (memcmp(ip, resolved, sizeof(resolved)) == 0 && ip[3] == 54)
		return DNS_ADDRESS_PROXY;
	return ip[0] == 127 || ip[0] == 0 ? DNS_ADDRESS_OWN : DNS_ADDRESS_FAR;
}

enum dns_address dns_address_kind(const char *text)
{
	static const unsigned char mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255
	};
	static const unsigned char zero[15] = { 0 };
	struct bytes whole = bytes_of(text), ip, port;
	unsigned char raw[sizeof(struct in6_addr)];
	char plain[INET6_ADDRSTRLEN];
	long long number;

	if (bytes_cut(whole, '@', &ip, &port)) {
		number = bytes_number(port);
		if (number < 1 || number > 65535)
			return DNS_ADDRESS_NONE;
	}
	(void)bytes_cut(ip, '%', &ip, &port);	/* a scope */
	if (ip.len == 0 || ip.len >= sizeof(plain))
		return DNS_ADDRESS_NONE;
	memcpy(plain, ip.data, ip.len);
	plain[ip.len] = 0;
	if (inet_pton(AF_INET, plain, raw) == 1)
		return kind_of_v4(raw);
	if (inet_pton(AF_INET6, plain, raw) != 1)
		return DNS_ADDRESS_NONE;
	if (memcmp(raw, mapped, sizeof(mapped)) == 0)
		return kind_of_v4(raw + sizeof(mapped));
	return memcmp(raw, zero, sizeof(zero)) == 0 && raw[15] <= 1 ?
	       DNS_ADDRESS_OWN : DNS_ADDRESS_FAR;
}
