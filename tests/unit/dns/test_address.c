/* test_address.c - one address has many spellings */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/dns/address.h"

static const struct {
	const char *text;
	enum dns_address kind;
} cases[] = {
	{ "192.0.2.1", DNS_ADDRESS_FAR },
	{ "192.0.2.1@5353", DNS_ADDRESS_FAR },
	{ "2001:db8::1", DNS_ADDRESS_FAR },
	{ "fe80::1%eth0", DNS_ADDRESS_FAR },
	{ "fe80::1%eth0@53", DNS_ADDRESS_FAR },
	{ "::2", DNS_ADDRESS_FAR },
	{ "127.0.0.53", DNS_ADDRESS_STUB },
	{ "127.0.0.53@53", DNS_ADDRESS_STUB },
	{ "::ffff:127.0.0.53", DNS_ADDRESS_STUB },
	{ "0:0:0:0:0:ffff:7f00:35", DNS_ADDRESS_STUB },
	{ "::FFFF:7F00:0035@53", DNS_ADDRESS_STUB },
	{ "127.0.0.53%lo", DNS_ADDRESS_STUB },
	{ "127.0.0.54", DNS_ADDRESS_PROXY },
	{ "::ffff:127.0.0.54", DNS_ADDRESS_PROXY },
	{ "127.0.0.1", DNS_ADDRESS_OWN },
	{ "127.1.2.53", DNS_ADDRESS_OWN },
	{ "0.0.0.0", DNS_ADDRESS_OWN },
	{ "::1", DNS_ADDRESS_OWN },
	{ "::", DNS_ADDRESS_OWN },
	{ "::ffff:127.0.0.1", DNS_ADDRESS_OWN },
	{ "", DNS_ADDRESS_NONE },
	{ "localhost", DNS_ADDRESS_NONE },
	{ "127.053", DNS_ADDRESS_NONE },
	{ "127.0.0.053", DNS_ADDRESS_NONE },
	{ "192.0.2.1@0", DNS_ADDRESS_NONE },
	{ "192.0.2.1@70000", DNS_ADDRESS_NONE },
	{ "192.0.2.1@x", DNS_ADDRESS_NONE },
	{ "192.0.2.256", DNS_ADDRESS_NONE },
	{ "::ffff:127.0.0.53x", DNS_ADDRESS_NONE },
	{ "0000:0000:0000:0000:0000:0000:0000:00001", DNS_ADDRESS_NONE },
};

static void kinds(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (dns_address_kind(cases[i].text) != cases[i].kind)
			fail_msg("%s: %d", cases[i].text,
				 (int)dns_address_kind(cases[i].text));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kinds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
