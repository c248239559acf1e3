/* test_parse_vcard.c - cards of three versions, whole and broken */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/contacts/taken.h"

#define HEAD "BEGIN:VCARD\r\nVERSION:"
#define TAIL "END:VCARD\r\n"

static void reads_version_3(void **state)
{
	(void)state;
	takes(HEAD "3.0\r\nN:Harper;Alice;;Dr.;\r\nFN:Alice Harper\\, PhD\r\n"
	      "EMAIL;TYPE=INTERNET,HOME:alice@example.org\r\n"
	      "item1.EMAIL;type=WORK:a@example.net\r\n"
	      "item1.X-ABLabel:work\r\n" TAIL, "vcard",
	      "alice@example.org|Alice Harper, PhD|1\n"
	      "a@example.net|Alice Harper, PhD|1\n", 0, 0);
}

static void reads_version_4(void **state)
{
	(void)state;
	takes(HEAD "4.0\r\nFN;ALTID=1:Bo\\nK\\;J\r\nFN;ALTID=1:Other\r\n"
	      "EMAIL;TYPE=\"x;y:z\";PREF=1:mailto:bo@example.org\r\n"
	      "email:\r\n" TAIL, "vcard", "bo@example.org|Bo K;J|1\n", 0, 0);
}

static void reads_version_21(void **state)
{
	(void)state;
	takes(HEAD "2.1\r\n"
	      "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller;J\r\n"
	      "EMAIL;INTERNET:j@example.org\r\n"
	      "EMAIL;X400:/c=de/o=x\r\n" TAIL
	      HEAD "2.1\r\n"
	      "FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Ren=E9 =\r\nK\r\n"
	      "EMAIL:r@example.org\r\n" TAIL
	      HEAD "2.1\r\nFN:\xC9va\r\nEMAIL:e@example.org\r\n" TAIL
	      HEAD "2.1\r\nFN;CHARSET=ISO-8859-15:Z\xB4\r\n"
	      "EMAIL:z@example.org\r\n" TAIL, "vcard",
	      "j@example.org|J M\xC3\xBCller|1\n"
	      "r@example.org|Ren\xC3\xA9 K|2\n"
	      "e@example.org|\xC3\x89va|3\n"
	      "z@example.org|Z\xC5\xBD|4\n", 0, 0);
}

static void unfolds(void **state)
{
	(void)state;
	takes(HEAD "3.0\nFN:Ali\n ce Har\n\tper\nEMAIL:a@exam\n ple.org\n"
	      TAIL HEAD "2.1\nFN:Bo\n Kay\nEMAIL:b@example.org\n" TAIL,
	      "vcard", "a@example.org|Alice Harper|1\n"
	      "b@example.org|Bo Kay|2\n", 0, 0);
}

static void takes_n_without_fn(void **state)
{
	(void)state;
	takes(HEAD "3.0\nN:O\\;Neil;Pat;;;\nFN:\nEMAIL:p@example.org\n" TAIL
	      HEAD "3.0\nN:Solo\nEMAIL:s@example.org\n" TAIL
	      HEAD "3.0\nEMAIL:x@example.org\n" TAIL, "vcard",
	      "p@example.org|Pat O;Neil|1\ns@example.org|Solo|2\n"
	      "x@example.org||3\n", 0, 0);
}

static void passes_over_the_agent(void **state)
{
	(void)state;
	takes(HEAD "2.1\nFN:Boss\nAGENT:\n"
	      HEAD "2.1\nFN:Aide\nEMAIL:aide@example.org\n" TAIL
	      "EMAIL:boss@example.org\n" TAIL, "vcard",
	      "boss@example.org|Boss|1\n", 0, 0);
}

static void counts_what_is_broken(void **state)
{
	(void)state;
	takes(HEAD "3.0\nFN:A\nEMAIL:nobody\nEMAIL:a@example.org\n" TAIL
	      HEAD "3.0\nFN:never ended\nEMAIL:n@example.org\n"
	      HEAD "2.1\nFN;CHARSET=KOI8-R:\xC1\nEMAIL:k@example.org\n" TAIL
	      TAIL "outside\n"
	      HEAD "3.0\nFN:B\nEMAIL:b@example.org\n" TAIL
	      HEAD "3.0\nFN:open\nEMAIL:o@example.org\n", "vcard",
	      "a@example.org|A|1\nb@example.org|B|2\n", 6, 4);
}

static void long_lines_are_passed_over(void **state)
{
	struct buf file, entries;
	size_t i;

	(void)state;
	buf_init(&file, CONTACTS_FILE_MAX);
	buf_init(&entries, TAKEN_MAX);
	buf_text(&file, HEAD "3.0\nFN:A\nPHOTO;ENCODING=b:");
	for (i = 0; i < 20000; i++)
		buf_text(&file, "AAAAAAAA\n ");
	buf_text(&file, "\nEMAIL:a@example.org\n");
	buf_text(&entries, "a@example.org|A|1\n");
	for (i = 2; i <= 65; i++) {
		buf_print(&file, "EMAIL:a%zu@example.org\n", i);
		if (i < 65)
			buf_print(&entries, "a%zu@example.org|A|1\n", i);
	}
	buf_text(&file, TAIL);
	takes(buf_string(&file), "vcard", buf_string(&entries), 1, 20069);
	buf_free(&file);
	buf_free(&entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_version_3),
		cmocka_unit_test(reads_version_4),
		cmocka_unit_test(reads_version_21),
		cmocka_unit_test(unfolds),
		cmocka_unit_test(takes_n_without_fn),
		cmocka_unit_test(passes_over_the_agent),
		cmocka_unit_test(counts_what_is_broken),
		cmocka_unit_test(long_lines_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
