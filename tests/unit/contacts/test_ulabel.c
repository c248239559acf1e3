/* test_ulabel.c - A-labels decoded to be looked at */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/contacts/ulabel.h"

static void reads(const char *domain, const char *seen)
{
	struct buf to;

	buf_init(&to, 4096);
	ulabels_add(&to, domain);
	assert_string_equal(buf_string(&to), seen);
	assert_false(to.full);
	buf_free(&to);
}

static void decodes(void **state)
{
	(void)state;
	reads("xn--bcher-kva.example", "b\xC3\xBC" "cher.example");
	reads("a.XN--MNCHEN-3YA.b", "a.M\xC3\xBCNCHEN.b");
	reads("xn--r8jz45g", "\xE4\xBE\x8B\xE3\x81\x88");
	reads("xn--n3h.xn--n3h", "\xE2\x98\x83.\xE2\x98\x83");
	reads("xn--80ak6aa92e.example",
	      "\xD0\xB0\xD1\x80\xD1\x80\xD3\x8F\xD0\xB5.example");
	reads("xn--ab-ck50a", "a\xF0\x9D\x84\x9E" "b");
}

static void leaves_the_rest_alone(void **state)
{
	(void)state;
	reads("", "");
	reads("example.org", "example.org");
	reads("xn", "xn");
	reads("xn--99999999.example", "xn--99999999.example");
	reads("xn--a!", "xn--a!");
	reads("xn--zzzzzzzzzzzzzzzzz", "xn--zzzzzzzzzzzzzzzzz");
	reads("[192.0.2.1]", "[192.0.2.1]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(leaves_the_rest_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
