/* test_silence.c - whose silence counts for whom */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "agent/dns/silence.h"
#include "agent/mail/domain.h"

static struct silence silence;

static void a_domain_is_remembered(void **test)
{
	(void)test;
	memset(&silence, 0, sizeof(silence));
	silence_note(&silence, "s1._domainkey.mail.example.org", 1000);
	assert_true(silence_holds(&silence, "example.org", 999));
	assert_true(silence_holds(&silence, "_dmarc.example.org", 999));
	assert_true(silence_holds(&silence, "a.b.example.org", 999));
	assert_false(silence_holds(&silence, "example.org", 1000));
	assert_false(silence_holds(&silence, "example.net", 999));
	assert_false(silence_holds(&silence, "badexample.org", 999));
	assert_false(silence_holds(&silence, "org", 999));
}

/* Under a public suffix, everybody is somebody else. */
static void suffixes_are_not_shared(void **test)
{
	(void)test;
	memset(&silence, 0, sizeof(silence));
	silence_note(&silence, "_dmarc.one.co.uk", 1000);
	assert_true(silence_holds(&silence, "www.one.co.uk", 0));
	assert_false(silence_holds(&silence, "two.co.uk", 0));
	silence_note(&silence, "1.2.0.192.in-addr.arpa", 1000);
	assert_true(silence_holds(&silence, "1.2.0.192.in-addr.arpa", 0));
	assert_false(silence_holds(&silence, "2.2.0.192.in-addr.arpa", 0));
}

static void the_oldest_is_forgotten(void **test)
{
	char name[64];
	unsigned i;

	(void)test;
	memset(&silence, 0, sizeof(silence));
	for (i = 0; i <= SILENCE_MAX; i++) {
		(void)snprintf(name, sizeof(name), "d%u.org", i);
		silence_note(&silence, name, 1000);
	}
	assert_false(silence_holds(&silence, "d0.org", 0));
	assert_true(silence_holds(&silence, "d1.org", 0));
	assert_true(silence_holds(&silence, name, 0));
}

static int prepare(void **test)
{
	(void)test;
	domain_prepare();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_is_remembered),
		cmocka_unit_test(suffixes_are_not_shared),
		cmocka_unit_test(the_oldest_is_forgotten),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
