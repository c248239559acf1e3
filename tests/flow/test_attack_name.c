/* test_attack_name.c - display names that lie
 *
 * Rows 14, 19, 20 and 23 of the attack list.  Every name is written in every
 * code that mail knows; what it says decides, not how it is written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/flow/desk.h"
#include "tests/flow/name_codes.h"

/* What reads as "Alice Harper", a contact's. */
static const char *const alices[] = {
	"Alice Harper", "alice harper", "ALICE HARPER", "aLiCe HaRpEr",
	/* white space */
	"  Alice   Harper ", "Alice\xC2\xA0Harper", "Alice\xE3\x80\x80Harper",
	"Alice\xE2\x80\x89Harper", "\xE2\x80\x83" "Alice Harper",
	"Alice\xE2\x80\xAFHarper", "Alice\xE1\x9A\x80Harper",
	"Alice\xE2\x81\x9FHarper",
	/* nothing that is seen */
	"Al\xE2\x80\x8Bice Harper", "Al\xE2\x80\x8Cice Harper",
	"Al\xE2\x80\x8Dice Harper", "Al\xC2\xADice Harper",
	"Al\xE2\x81\xA0ice Harper", "\xEF\xBB\xBF" "Alice Harper",
	"Alice\xE2\x80\x8B Harper", "Alice Harper\xE2\x80\x8B",
	"Al\xEF\xB8\x8Fice Harper", "Al\xEF\xB8\x80ice Harper",
	"Al\xCD\x8Fice Harper", "Al\xE1\xA0\x8Eice Harper",
	"Alice Harper\xF3\xA0\x80\xA0\xF3\xA0\x81\xA1",
	"Al\xF3\xA0\x84\x80ice Harper", "Alice\xE3\x85\xA4Harper",
	"Alice\xE1\x85\x9FHarper", "Alice\xEF\xBE\xA0Harper",
	"Alice\xE2\xA0\x80Harper\xE2\xA0\x80", "Al\xE2\x81\xA2ice Harper",
	"Al\xE2\x81\xA4ice Harper", "Al\xEF\xBF\xB9ice Harper",
	"Al\xE1\x9E\xB4ice Harper", "Al\xF0\x9D\x85\xB3ice Harper",
	/* look-alikes */
	"\xD0\x90lice Harper", "Al\xD1\x96" "ce Harper", "Alic\xD0\xB5 Harper",
	"Ali\xD1\x81\xD0\xB5 Harper", "\xCE\x91lice Harper",
	"Alice \xD0\x9D\xD0\xB0rper", "Alice Ha\xD0\xB3\xD1\x80" "er",
	"Alice Har\xD1\x80" "er", "\xEF\xBC\xA1\xEF\xBD\x8C\xEF\xBD\x89"
	"\xEF\xBD\x83\xEF\xBD\x85 \xEF\xBC\xA8\xEF\xBD\x81\xEF\xBD\x92"
	"\xEF\xBD\x90\xEF\xBD\x85\xEF\xBD\x92",
	"\xF0\x9D\x90\x80\xF0\x9D\x90\xA5\xF0\x9D\x90\xA2\xF0\x9D\x90\x9C"
	"\xF0\x9D\x90\x9E Harper", "\xE2\x93\x90\xE2\x93\x9B\xE2\x93\x98"
	"\xE2\x93\x92\xE2\x93\x94 Harper", "A1ice Harper", "AIice Harper",
	"A|ice Harper", "A\xE2\x85\xBCice Harper",
	"\xF0\x9D\x99\xB0lice Harper",
	"A\xD3\x8Fice Harper", "\xE1\x8E\xAAlice Harper",
	"Alice H\xC9\x91rper", "Alice H\xE2\x8D\xBArper",
	/* marks that stand on letters, or strike them */
	"A\xCC\xB2lice Harper", "Ali\xCC\x80" "ce Harper",
	"Al\xC3\xAD" "ce Harper", "Alice Harp\xC3\xA9r",
	"Alice H\xCC\xB8" "arper", "A\xE2\x83\x9D" "lice Harper",
	"Al\xC4\xB1" "ce Harper", "Alice Harper\xCC\xA3\xCC\xA3",
	/* signs around and between */
	"'Alice Harper'", "\xE2\x80\x9C" "Alice Harper\xE2\x80\x9D",
	"\xC2\xAB" "Alice Harper\xC2\xBB", "\"Alice Harper\"",
	"Alice Harper.", "Alice Harper,", "(Alice Harper)", "[Alice Harper]",
	"<Alice Harper>", "-Alice Harper-", "Alice Harper \xE2\x9C\x93",
	"\xF0\x9F\x98\x80 Alice Harper", "Alice Harper!", "*Alice Harper*",
	"Alice.Harper", "Alice_Harper", "alice-harper", "Harper, Alice",
	"HARPER,Alice", "Harper , Alice",
	"Alice Harper \xC2\xAE", "Alice Harper\xE2\x84\xA2",
};

/* As seen by the four senders that an attacker may be. */
static const struct sender {
	const char *address;
	const char *signer;		/* NULL: nobody signs */
	const char *with_name;		/* verdict for a contact's name */
	const char *plain;		/* verdict for any other name */
} senders[] = {
	{ "eve@evil.example", "evil.example", "suspicious", "authenticated" },
	{ "eve@evil.example", NULL, "spoofed", "spoofed" },
	{ "eve@example.net", NULL, "spoofed", "suspicious" },
	{ "eve@nothing.example", NULL, "suspicious", "unverified" },
};

#define SENDERS	(sizeof(senders) / sizeof(senders[0]))

/* NULL: the code cannot write this name. */
static const char *written(struct desk *desk, const char *name, unsigned code,
			   const struct sender *sender)
{
	const char *phrase = name_in_code(desk, name, code), *message;

	if (phrase == NULL)
		return NULL;
	message = desk_print(desk, "From: %s <%s>\r\nTo: me@user.example\r\n"
			     "Subject: Hello\r\nDate: " DESK_DATE "\r\n\r\n"
			     "Hello\r\n", phrase, sender->address);
	return sender->signer == NULL ? message :
	       desk_sign(desk, sender->signer, message);
}

/* Of a broken code that programs differ on, a warning may be all. */
static void wants(struct desk *desk, const char *name, unsigned code,
		  const struct sender *sender, const char *verdict,
		  size_t *wrong)
{
	const char *message = written(desk, name, code, sender);
	struct desk_answer answer;

	if (message == NULL)
		return;
	answer = desk_check(desk, message);
	if (desk_hides_name(&answer) &&
	    (strcmp(answer.verdict, verdict) == 0 ||
	     (strcmp(answer.code, "from-unusable") == 0 &&
	      code >= NAME_CODES_SOUND)))
		return;
	++*wrong;
	print_message("\"%s\" as %s, from %s: %s, %s, %s\n", name,
		      name_code_word(code), sender->address, answer.verdict,
		      answer.display, answer.code);
}

static void wants_all(struct desk *desk, const char *const *names,
		      size_t count, const struct sender *sender,
		      const char *verdict)
{
	size_t i, wrong = 0;
	unsigned code;

	for (i = 0; i < count; i++)
		for (code = 0; code < NAME_CODES; code++)
			wants(desk, names[i], code, sender, verdict, &wrong);
	assert_int_equal(wrong, 0);
}

#define COUNT(list)	(sizeof(list) / sizeof((list)[0]))

static void a_contacts_name_is_not_anybodys(void **state)
{
	size_t i;

	for (i = 0; i < SENDERS; i++)
		wants_all(*state, alices, COUNT(alices), &senders[i],
			  senders[i].with_name);
}

/* 23: whoever is nobody's double is told apart by the address alone. */
static void other_names_are_no_alarm(void **state)
{
	static const char *const names[] = {
		"Alice", "Harper", "Alice B. Harper", "Alicia Harper",
		"Alice Harper-Lee", "Dr. Alice Harper", "Zoe", "Bob Lind",
		"J\xC3\xBCrgen Maier", "\xE5\xB1\xB1\xE7\x94\xB0",
		"A B", "", "!", "Sales & Marketing", "Node.js Weekly",
		"3.5 million", "C++ Users", "Alice Harper and Bo Lind",
		"\xD0\x90\xD0\xBD\xD0\xBD\xD0\xB0", "\xF0\x9F\x8E\x89",
	};
	size_t i;

	for (i = 0; i < SENDERS; i++)
		wants_all(*state, names, COUNT(names), &senders[i],
			  senders[i].plain);
}

/* 14: a contact's address, or that of a domain which asks for distrust */
static const char *const forged_addresses[] = {
	"alice@example.org", "Alice Harper <alice@example.org>",
	"Alice (alice@example.org)", "alice@EXAMPLE.org via List",
	"'alice@example.org'", "mail from alice@example.org!",
	"alice @ example.org", "alice@ example.org", "alice @example.org",
	"alice\xEF\xBC\xA0" "example.org", "alice\xEF\xB9\xAB" "example.org",
	"alice@example\xE3\x80\x82org", "alice@example\xEF\xBC\x8Eorg",
	"alice@example\xE2\x80\xA4org", "alice@example\xEF\xBD\xA1org",
	"al\xE2\x80\x8Bice@exam\xC2\xADple.org",
	"alice\xE2\x80\x8D@\xE2\x80\x8D" "example.org",
	"\xEF\xBD\x81lice@\xEF\xBD\x85xample.org",
	"alice@example.org\xE2\x80\x8B", "\xE2\x9C\x89 alice@example.org",
	"\xE2\x80\x9C" "alice@example.org\xE2\x80\x9D",
	"mailto:alice@example.org", "alice@example.org, bo@example.net",
	"alice@example.org@evil.example", "x@y@alice@example.org",
	"jm@b\xC3\xBC" "cher.example", "jm@xn--bcher-kva.example",
	"bo@example.net", "alice@work.example",
	"anybody@example.com", "someone@mail.example.com",
	"example.com", "www.example.com", "https://example.org/login",
	"Example.Org Support", "support example.com", "example.org-team",
	"\xE5\xB1\xB1" "alice@example.org\xE3\x81\xAE",
	/* behind many */
	"a@a.com b@a.com c@a.com d@a.com e@a.com f@a.com g@a.com h@a.com "
	"i@a.com j@a.com k@a.com l@a.com m@a.com n@a.com alice@example.org",
};

static void an_address_in_the_name_is_checked(void **state)
{
	wants_all(*state, forged_addresses, COUNT(forged_addresses),
		  &senders[0], "spoofed");
	wants_all(*state, forged_addresses, COUNT(forged_addresses),
		  &senders[3], "spoofed");
}

/* Any other address there is suspicious, not forged. */
static void any_address_in_the_name_is_suspicious(void **state)
{
	static const char *const names[] = {
		"someone@example.net", "x@nothing.example", "a@b.c.d.org",
		"paypal.com", "www.nothing.net", "eve@evil.example.com.net",
		"alice@\xD0\xB5xample.org", "alice@exam\xC4\xB1ple.org",
		"ceo@ex\xC3\xA1mple.org",
	};

	wants_all(*state, names, COUNT(names), &senders[0], "suspicious");
}

/* The sender's own address and domain are no lie. */
static void ones_own_address_is_no_alarm(void **state)
{
	static const char *const names[] = {
		"eve@evil.example", "Eve <eve@evil.example>",
		"EVE@Evil.Example", "Eve (eve@evil.example)",
		"eve\xEF\xBC\xA0" "evil.example",
	};

	wants_all(*state, names, COUNT(names), &senders[0], "authenticated");
}

static struct desk_answer from_alice(struct desk *desk, const char *name,
				     unsigned code)
{
	static const struct sender alice = { "alice@example.org",
					     "example.org", NULL, NULL };
	const char *message = written(desk, name, code, &alice);

	assert_non_null(message);
	return desk_check(desk, message);
}

/* 19, 20: a proved contact may write what it wants, and it harms nobody. */
static void what_is_shown_is_harmless(void **state)
{
	static const struct {
		const char *name, *shown;	/* without the address */
	} rows[] = {
		{ "Alice", "Alice" },
		{ "Alice <b>x</b>", "Alice \xE2\x80\xB9" "b\xE2\x80\xBAx"
		  "\xE2\x80\xB9/b\xE2\x80\xBA" },
		{ "A & B", "A \xEF\xBC\x86 B" },
		{ "Al\xE2\x80\x8Bice", "\"Al[U+200B]ice\"" },
		{ "Al\xE2\x80\x8Dice", "\"Al[U+200D]ice\"" },
		{ "Al\xF3\xA0\x81\xA1ice", "\"Al[U+E0061]ice\"" },
		{ "Al\xEE\x80\x80ice", "Al\xEF\xBF\xBDice" },
		{ "a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81" "b",
		  "a\xCC\x81\xCC\x81" "b" },
		{ "  A   B  ", "A B" },
		{ "Harper, Alice", "\"Harper, Alice\"" },
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		answer = from_alice(desk, rows[i].name, 3);
		assert_string_equal(answer.verdict, "genuine");
		assert_string_equal(answer.shown_from, desk_print(desk,
				"%s <alice@example.org>", rows[i].shown));
	}
}

/* A contact's name that holds another's address is not shown. */
static void a_contact_cannot_lend_its_name(void **state)
{
	static const char *const names[] = {
		"Bo Lind", "bo@example.net", "Alice (bo@example.net)",
		"ceo@example.com", "example.com", "Alice Harper @Acme",
		"alice@example\xC2\xB7org", "sales@acme",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	unsigned code;

	for (i = 0; i < COUNT(names); i++)
		for (code = 0; code < NAME_CODES; code++) {
			if (name_in_code(desk, names[i], code) == NULL)
				continue;
			answer = from_alice(desk, names[i], code);
			if (desk_hides_name(&answer))
				continue;
			wrong++;
			print_message("%s as %s: %s\n", names[i],
				      name_code_word(code), answer.shown_from);
		}
	assert_int_equal(wrong, 0);
}

/* Of one person all addresses may stand in the name. */
static void a_contacts_own_addresses_are_fine(void **state)
{
	static const char *const names[] = {
		"alice@example.org", "alice@work.example", "example.org",
		"Alice Harper, example.org", "Alice <alice@work.example>",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		answer = from_alice(desk, names[i], 3);
		assert_string_equal(answer.verdict, "genuine");
	}
}

static void long_names_are_cut(void **state)
{
	static char name[3000];
	struct desk *desk = *state;
	struct desk_answer answer;

	memset(name, 'x', sizeof(name) - 1);
	answer = from_alice(desk, name, 1);
	assert_string_equal(answer.verdict, "genuine");
	assert_in_range(strlen(answer.shown_from), 1, 200);
	assert_non_null(strstr(answer.shown_from, "\xE2\x80\xA6"
			       " <alice@example.org>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_contacts_name_is_not_anybodys),
		DESK_TEST(other_names_are_no_alarm),
		DESK_TEST(an_address_in_the_name_is_checked),
		DESK_TEST(any_address_in_the_name_is_suspicious),
		DESK_TEST(ones_own_address_is_no_alarm),
		DESK_TEST(what_is_shown_is_harmless),
		DESK_TEST(a_contact_cannot_lend_its_name),
		DESK_TEST(a_contacts_own_addresses_are_fine),
		DESK_TEST(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
