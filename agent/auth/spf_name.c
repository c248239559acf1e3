/* spf_name.c - which names SPF asks for, and which answers are its own */
#include "agent/auth/spf_check.h"
#include "agent/base/arena.h"
#include "agent/mail/domain.h"

bool spf_is_name(const char *name)
{
	size_t label = 0, i;

	for (i = 0; name[i] != 0; i++) {
		if (i == DOMAIN_MAX || (unsigned char)name[i] >= 0x80)
			return false;
		if (name[i] != '.') {
			if (++label > LABEL_MAX)
				return false;
			continue;
		}
		if (label == 0)
			return false;
		label = 0;
	}
	return label > 0;
}

enum dns_type spf_address_type(const struct spf_check *check)
{
	return check->macros.ip.v6 ? DNS_AAAA : DNS_A;
}

const char *spf_reverse_name(struct spf_check *check)
{
	static const char hex[] = "0123456789abcdef";
	const struct spf_ip *ip = &check->macros.ip;
	char name[80];
	size_t used = 0, i;

	if (!ip->v6)
		return arena_print(check->arena, "%u.%u.%u.%u.in-addr.arpa",
				   ip->octets[3], ip->octets[2],
				   ip->octets[1], ip->octets[0]);
	for (i = sizeof(ip->octets); i > 0; i--) {
		name[used++] = hex[ip->octets[i - 1] & 15];
		name[used++] = '.';
		name[used++] = hex[ip->octets[i - 1] >> 4];
		name[used++] = '.';
	}
	name[used] = 0;
	return arena_print(check->arena, "%sip6.arpa", name);
}

size_t spf_records_in(struct spf_check *check,
		      const struct dns_answer *answer, struct bytes *text)
{
	struct bytes one;
	size_t found = 0, i;

	for (i = 0; i < answer->record_count; i++) {
		one = dns_txt(check->request, answer->records[i]);
		if (one.data == NULL || !spf_record_is_one(one))
			continue;
		*text = one;
		found++;
	}
	return found;
}
