/* test_parse.c - which format a file is of, and the bounds of all */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/err.h"
#include "tests/unit/contacts/taken.h"

static int parse(struct bytes file, struct contacts_parsed *parsed)
{
	struct buf taken;
	int r;

	buf_init(&taken, TAKEN_MAX);
	r = contacts_parse(file, taken_add, &taken, parsed);
	buf_free(&taken);
	return r;
}

static void finds_the_format(void **state)
{
	(void)state;
	takes("alias a a@example.org\n", "mutt", "a@example.org||1\n", 0, 0);
	takes("# written by abook\n\n[format]\nprogram=abook\n\n[0]\n"
	      "name=A\nemail=a@example.org\n", "abook",
	      "a@example.org|A|1\n", 0, 0);
	takes("begin:vcard\r\nEMAIL:a@example.org\r\nFN:A\r\nend:vcard\r\n",
	      "vcard", "a@example.org|A|1\n", 0, 0);
	takes("\xEF\xBB\xBF" "BEGIN:VCARD\nEMAIL:a@example.org\nEND:VCARD\n",
	      "vcard", "a@example.org||1\n", 0, 0);
	takes("set sort=threads\nsource ~/more\nalias a a@example.org\n",
	      "mutt", "a@example.org||1\n", 0, 0);
}

static void an_empty_file_is_an_empty_book(void **state)
{
	struct contacts_parsed parsed;

	(void)state;
	assert_int_equal(parse(bytes_of(""), &parsed), 0);
	assert_int_equal(parsed.entries, 0);
	assert_null(parsed.format);
	assert_int_equal(parse(bytes_of("\n  \n# nothing\n"), &parsed), 0);
	assert_int_equal(parsed.entries, 0);
}

static void refuses_what_is_no_book(void **state)
{
	static const unsigned char zero[] = "alias a a@example.org\n\0";
	struct bytes with_nul = { zero, sizeof(zero) };
	struct contacts_parsed parsed;

	(void)state;
	assert_int_equal(parse(bytes_of("Subject: hello\n\nText\n"), &parsed),
			 ERR_SYNTAX);
	assert_int_equal(parse(bytes_of("aliases are here\n"), &parsed),
			 ERR_SYNTAX);
	assert_int_equal(parse(bytes_of("[section]\na=b\n"), &parsed),
			 ERR_SYNTAX);
	assert_int_equal(parse(with_nul, &parsed), ERR_SYNTAX);
}

static void bounds_the_file(void **state)
{
	unsigned char *data = calloc(1, CONTACTS_FILE_MAX + 1);
	struct bytes file = { data, CONTACTS_FILE_MAX + 1 };
	struct contacts_parsed parsed;

	(void)state;
	assert_non_null(data);
	assert_int_equal(parse(file, &parsed), ERR_LIMIT);
	free(data);
}

static void bounds_the_entries(void **state)
{
	struct contacts_parsed parsed;
	struct buf file;
	size_t i;

	(void)state;
	buf_init(&file, CONTACTS_FILE_MAX);
	for (i = 0; i < CONTACTS_MAX; i++)
		buf_print(&file, "alias a a%zu@example.org\n", i);
	assert_int_equal(parse(buf_bytes(&file), &parsed), 0);
	assert_int_equal(parsed.entries, CONTACTS_MAX);
	buf_text(&file, "alias b b@example.org\n");
	assert_false(file.full);
	assert_int_equal(parse(buf_bytes(&file), &parsed), ERR_LIMIT);
	buf_free(&file);
}

static void bounds_and_checks_the_name(void **state)
{
	struct buf file;
	size_t i;

	(void)state;
	takes("[0]\nname=\xFF\xFE\nemail=a@example.org\n"
	      "[1]\nname=B\x1B[1m\nemail=b@example.org\n"
	      "[2]\nname=C\nemail=c@example.org\n", "abook",
	      "c@example.org|C|3\n", 2, 3);
	buf_init(&file, CONTACTS_FILE_MAX);
	buf_text(&file, "[0]\nname=");
	for (i = 0; i < 513; i++)
		buf_byte(&file, 'n');
	buf_text(&file, "\nemail=a@example.org\n");
	takes(buf_string(&file), "abook", "", 1, 3);
	buf_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_format),
		cmocka_unit_test(an_empty_file_is_an_empty_book),
		cmocka_unit_test(refuses_what_is_no_book),
		cmocka_unit_test(bounds_the_file),
		cmocka_unit_test(bounds_the_entries),
		cmocka_unit_test(bounds_and_checks_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
