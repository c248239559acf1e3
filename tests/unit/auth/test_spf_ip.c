/* test_spf_ip.c - addresses and prefixes */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/spf_ip.h"

static struct spf_ip ip(const char *text)
{
	struct spf_ip out;

	if (!spf_ip_parse(bytes_of(text), &out))
		fail_msg("no address: \"%s\"", text);
	return out;
}

static void what_is_an_address(void **state)
{
	static const char *const wrong[] = {
		"", "192.0.2", "192.0.2.256", "192.0.2.01", "0xc0000207",
		"192.0.2.7 ", " 192.0.2.7", "192.0.2.7/24", "::1%lo", "1::2::3",
		"2001:db8::g", "[::1]", "::ffff:192.0.2",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"
	};
	struct spf_ip out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (spf_ip_parse(bytes_of(wrong[i]), &out))
			fail_msg("an address: \"%s\"", wrong[i]);
	assert_false(spf_ip_parse((struct bytes){
		(const unsigned char *)"192.0.2.7\0", 10 }, &out));
	assert_false(ip("192.0.2.7").v6);
	assert_true(ip("2001:DB8::7").v6);
	assert_true(ip("::192.0.2.7").v6);	/* compatible, not mapped */
}

static void a_mapped_address_is_the_old_kind(void **state)
{
	struct spf_ip mapped = ip("::ffff:192.0.2.7"), plain = ip("192.0.2.7");

	(void)state;
	assert_false(mapped.v6);
	assert_true(spf_ip_within(&mapped, &plain, 32));
}

static void prefixes(void **state)
{
	static const struct {
		const char *address, *prefix;
		unsigned bits;
		bool within;
	} cases[] = {
		{ "192.0.2.7", "192.0.2.7", 32, true },
		{ "192.0.2.7", "192.0.2.6", 32, false },
		{ "192.0.2.7", "192.0.2.6", 31, true },
		{ "192.0.2.7", "192.0.2.8", 28, true },
		{ "192.0.2.7", "192.0.2.8", 29, false },
		{ "192.0.2.7", "203.0.113.1", 0, true },
		{ "192.0.2.7", "192.1.0.0", 15, true },
		{ "192.0.2.7", "192.1.0.0", 16, false },
		{ "2001:db8::7", "2001:db8::7", 128, true },
		{ "2001:db8::7", "2001:db8::6", 127, true },
		{ "2001:db8::7", "2001:db8::6", 128, false },
		{ "2001:db8::7", "::", 0, true },
		{ "2001:db8::7", "2001:db8:8000::", 32, true },
		{ "2001:db8::7", "2001:db8:8000::", 33, false },
		{ "192.0.2.7", "::", 0, false },
		{ "2001:db8::7", "0.0.0.0", 0, false },
	};
	struct spf_ip address, prefix;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		address = ip(cases[i].address);
		prefix = ip(cases[i].prefix);
		if (spf_ip_within(&address, &prefix, cases[i].bits) !=
		    cases[i].within)
			fail_msg("%s in %s/%u", cases[i].address,
				 cases[i].prefix, cases[i].bits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_an_address),
		cmocka_unit_test(a_mapped_address_is_the_old_kind),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
