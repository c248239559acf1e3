/* test_saslprep.c - RFC 4013 section 3, and what is refused */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/smtp/saslprep.h"

static void test_examples(void **state)
{
	static const struct { const char *in, *out; int r; } cases[] = {
		{ "user", "user", 0 }, { "USER", "USER", 0 },
		{ "I\302\255X", "IX", 0 },	/* soft hyphen: nothing */
		{ "\302\252", "a", 0 },		/* feminine ordinal */
		{ "\342\205\250", "IX", 0 },	/* roman numeral nine */
		{ "a\302\240b", "a b", 0 },	/* no-break space */
		{ "\7", "", ERR_SYNTAX },	/* control */
		{ "\330\2471", "", ERR_SYNTAX },	/* bidi */
		{ "\377\376", "", ERR_SYNTAX },	/* no UTF-8 */
		{ "", "", 0 },
	};
	struct buf out;
	size_t i;

	(void)state;
	saslprep_prepare();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&out, 100);
		assert_int_equal(saslprep(bytes_of(cases[i].in), &out),
				 cases[i].r);
		if (cases[i].r == 0)
			assert_string_equal(buf_string(&out), cases[i].out);
		buf_free(&out);
	}
	buf_init(&out, 3);
	assert_int_equal(saslprep(bytes_of("long"), &out), ERR_LIMIT);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
