/* test_parse_mutt.c - alias lines as people and Mutt itself write them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/contacts/taken.h"

static void reads_names(void **state)
{
	(void)state;
	takes("alias al Alice Harper <alice@example.org>\n"
	      "alias bo \"Bo, Jr.\" <bo@example.org>\n"
	      "alias ca ca@example.org (Carl Old)\n"
	      "alias de <de@example.org>\n"
	      "alias ev J\xC3\xBCrgen <ev@example.org>\n", "mutt",
	      "alice@example.org|Alice Harper|1\n"
	      "bo@example.org|Bo, Jr.|2\n"
	      "ca@example.org|Carl Old|3\n"
	      "de@example.org||4\n"
	      "ev@example.org|J\xC3\xBCrgen|5\n", 0, 0);
}

static void reads_several_addresses(void **state)
{
	(void)state;
	takes("alias two \"A\" <a@example.org>, \"B\" <b@example.org>\n"
	      "alias one \"C\" <c@example.org>, \"C\" <c@example.net>\n"
	      "alias grp Team: d@example.org, e@example.org;\n", "mutt",
	      "a@example.org|A|1\nb@example.org|B|2\n"
	      "c@example.org|C|3\nc@example.net|C|3\n"
	      "d@example.org||4\ne@example.org||5\n", 0, 0);
}

static void reads_groups_and_keys(void **state)
{
	(void)state;
	takes("alias -group work -group all al A <a@example.org>\n"
	      "alias -- -key B <b@example.org>\n"
	      "  alias\tquoted\tC <c@example.org>\n", "mutt",
	      "a@example.org|A|1\nb@example.org|B|2\nc@example.org|C|3\n",
	      0, 0);
}

static void undoes_escapes(void **state)
{
	(void)state;
	/* Mutt writes one more backslash before each of \ " ' ` $. */
	takes("alias a \\\"Al \\\\\\\"Ace\\\\\\\" H\\\" <a@example.org>\n"
	      /* by hand */
	      "alias b \"Bo \\\"Bee\\\" K\" <b@example.org>\n"
	      "alias c \\\"Cost #\\$5\\\" <c@example.org>\n", "mutt",
	      "a@example.org|Al \"Ace\" H|1\n"
	      "b@example.org|Bo \"Bee\" K|2\n"
	      "c@example.org|Cost #$5|3\n", 0, 0);
}

static void joins_lines_and_drops_comments(void **state)
{
	(void)state;
	takes("# alias no no@example.org\n"
	      "alias a A \\\r\n <a@example.org> # tags:friend\r\n"
	      "alias b \"B #1\" <b@example.org>\n"
	      "alias c \\\n\\\n C <c@example.org>\\", "mutt",
	      "a@example.org|A|1\nb@example.org|B #1|2\n"
	      "c@example.org|C|3\n", 0, 0);
}

static void passes_over_other_commands(void **state)
{
	(void)state;
	takes("unalias *\nset from=x@example.org\n`date`\n"
	      "alias all al, bo\n"
	      "alias al `id`@example.org <a@example.org>\n"
	      "alias bo B <b@example.org>\n", "mutt",
	      "b@example.org|B|1\n", 1, 5);
}

static void counts_what_is_broken(void **state)
{
	(void)state;
	takes("alias\n"
	      "alias x\n"
	      "alias \\\n y \\\n A <a@>\n"
	      "alias z A <a@example.org> trailing\n"
	      "alias ok O <o@example.org>\n"
	      "alias lit O <o@[192.0.2.1]>\n", "mutt",
	      "o@example.org|O|1\n", 5, 1);
}

static void normalises_addresses(void **state)
{
	(void)state;
	takes("alias a A <Alice@EXAMPLE.org>\n"
	      "alias b B <b@b\xC3\xBC" "cher.example>\n"
	      "alias c C <\"c\"@example.org>\n", "mutt",
	      "Alice@example.org|A|1\nb@xn--bcher-kva.example|B|2\n"
	      "c@example.org|C|3\n", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names),
		cmocka_unit_test(reads_several_addresses),
		cmocka_unit_test(reads_groups_and_keys),
		cmocka_unit_test(undoes_escapes),
		cmocka_unit_test(joins_lines_and_drops_comments),
		cmocka_unit_test(passes_over_other_commands),
		cmocka_unit_test(counts_what_is_broken),
		cmocka_unit_test(normalises_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
