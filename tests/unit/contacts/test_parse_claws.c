/* test_parse_claws.c - Claws Mail's address books, whole and damaged */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/base/err.h"
#include "tests/unit/contacts/taken.h"

#define HEAD	"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n"
#define ALICE	"<person uid=\"1\" first-name=\"\" last-name=\"\" " \
		"nick-name=\"\" cn=\"Alice &amp; Harper\" >\n" \
		"<address-list>\n<address uid=\"2\" alias=\"\" " \
		"email=\"Alice@Example.org\" remarks=\"\" />\n" \
		"<address uid=\"3\" email=\"a.harper@example.org\" />\n" \
		"</address-list>\n</person>\n"

#define HARPERS	"Alice@example.org|Alice & Harper|1\n" \
		"a.harper@example.org|Alice & Harper|1\n"

static int result_of(const char *file)
{
	struct contacts_parsed parsed;
	struct buf taken;
	int r;

	buf_init(&taken, TAKEN_MAX);
	r = contacts_parse(bytes_of(file), taken_add, &taken, &parsed);
	buf_free(&taken);
	return r;
}

static void people_and_their_addresses(void **state)
{
	(void)state;
	takes(HEAD "<address-book name=\"Personal address\" >\n" ALICE
	      "<person cn=\"\" first-name=\"Bob\" last-name=\"Stone\">"
	      "<address-list><address email=\"bob@stone.example\"/>"
	      "<address email=\"\"/></address-list></person>"
	      "</address-book>\n", "claws",
	      HARPERS "bob@stone.example|Bob Stone|2\n", 0, 0);
}

static void the_index_is_an_empty_book(void **state)
{
	(void)state;
	takes(HEAD "<addressbook><book_list><book name=\"x\" "
	      "file=\"addrbook-000001.xml\"/></book_list></addressbook>",
	      "claws", "", 0, 0);
}

static void other_xml_is_no_book(void **state)
{
	(void)state;
	assert_int_equal(result_of(HEAD "<html><person cn=\"x\"><address "
				   "email=\"a@b.example\"/></person></html>"),
			 ERR_SYNTAX);
	assert_int_equal(result_of(HEAD), ERR_SYNTAX);
	assert_int_equal(result_of(HEAD "<address-book"), ERR_SYNTAX);
}

static void what_stands_before_the_damage_counts(void **state)
{
	(void)state;
	takes(HEAD "<address-book>\n" ALICE "<person cn=\"x", "claws",
	      HARPERS, 1, 9);
	takes(HEAD "<address-book>\n" ALICE "<person cn=\"x\">\n<address "
	      "email=\"no address\"/></person></address-book>", "claws",
	      HARPERS, 1, 10);
}

/* A DTD is not read, so its entities are not known. */
static void entities_of_strangers_are_no_memory(void **state)
{
	(void)state;
	takes(HEAD "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
	      "\"&a;&a;&a;&a;\">]>\n<address-book>\n" ALICE
	      "<person cn=\"&b;&b;\"/></address-book>", "claws", HARPERS, 1,
	      10);
}

static void depth_has_a_limit(void **state)
{
	static char text[4000] = HEAD "<address-book>";
	size_t len = strlen(text);
	int i;

	(void)state;
	for (i = 0; i < 200; i++, len += 7)
		memcpy(text + len, "<group>", 8);
	assert_int_equal(result_of(text), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_and_their_addresses),
		cmocka_unit_test(the_index_is_an_empty_book),
		cmocka_unit_test(other_xml_is_no_book),
		cmocka_unit_test(what_stands_before_the_damage_counts),
		cmocka_unit_test(entities_of_strangers_are_no_memory),
		cmocka_unit_test(depth_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
