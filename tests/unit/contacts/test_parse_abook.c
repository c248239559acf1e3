/* test_parse_abook.c - abook's sections */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/contacts/taken.h"

static void reads_persons(void **state)
{
	(void)state;
	takes("# abook addressbook file\n\n"
	      "[format]\nprogram=abook\nversion=0.6.1\n\n\n"
	      "[0]\nname=Alice Harper\nemail=alice@example.org,a@example.net\n"
	      "phone=1 = 2\nnick=al\n\n"
	      "[1]\nemail= bo@example.org , ,\nname=Bo\n\n"
	      "[2]\nname=No Address\n\n"
	      "[3]\r\nname=C\r\nemail=c@example.org\r\n", "abook",
	      "alice@example.org|Alice Harper|1\na@example.net|Alice Harper|1\n"
	      "bo@example.org|Bo|2\nc@example.org|C|3\n", 0, 0);
}

static void counts_what_is_broken(void **state)
{
	(void)state;
	takes("[0]\nname=A\nemail=nobody,a@example.org\n"
	      "[one]\nname=B\nemail=b@example.org\n"
	      "[2]\nname\nemail=c@example.org\n", "abook",
	      "a@example.org|A|1\nc@example.org||2\n", 3, 3);
}

static void believes_numbered_sections_only(void **state)
{
	(void)state;
	takes("[format]\nname=F\nemail=f@example.org\n[0]\nname=A\n"
	      "email=a@example.org\n", "abook", "a@example.org|A|1\n", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_persons),
		cmocka_unit_test(counts_what_is_broken),
		cmocka_unit_test(believes_numbered_sections_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
