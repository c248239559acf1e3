/* test_silence.c - whose silence counts for whom */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "agent/dns/silence.h"

static struct silence silence;

static void a_name_is_remembered(void **test)
{
	(void)test;
	memset(&silence, 0, sizeof(silence));
	silence_note(&silence, "s1._domainkey.mail.example.org", 1000);
	assert_true(silence_holds(&silence, "s1._domainkey.mail.example.org",
				  999));
	assert_true(silence_holds(&silence, "s1._DOMAINKEY.mail.example.org",
				  0));
	assert_false(silence_holds(&silence, "s1._domainkey.mail.example.org",
				   1000));
}

/* One dead selector or sub-domain silences nobody else. */
static void it_is_that_name_alone(void **test)
{
	(void)test;
	memset(&silence, 0, sizeof(silence));
	silence_note(&silence, "s1._domainkey.lame.example.org", 1000);
	assert_false(silence_holds(&silence, "s2._domainkey.lame.example.org",
				   0));
	assert_false(silence_holds(&silence, "lame.example.org", 0));
	assert_false(silence_holds(&silence, "_dmarc.example.org", 0));
	assert_false(silence_holds(&silence, "example.org", 0));
	assert_false(silence_holds(&silence, "", 0));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_remembered),
		cmocka_unit_test(it_is_that_name_alone),
		cmocka_unit_test(the_oldest_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
