/* test_find_choose.c - which key is used, and what never takes its place */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/flow/find_inside.h"

#define ROOM 8

/* A candidate is written "source trust fingerprint first-seen", "!" in front:
 * it is not usable, "?": gpg does not say.  The wanted one is its fingerprint
 * and source. */
struct choose_case {
	const char *name;
	const char *candidates[ROOM];
	const char *wanted;		/* NULL: none is chosen */
};

static const struct choose_case cases[] = {
	{ "nothing", { NULL }, NULL },
	{ "one in DNS", { "openpgpkey dane A 0" }, "A openpgpkey" },
	{ "one that nobody vouches for", { "keyring none A 0" }, NULL },
	{ "a verified one before DNS",
	  { "openpgpkey dane A 0", "keyring web B 0" }, "B keyring" },
	{ "DNS before what turned up",
	  { "autocrypt seen A 5", "openpgpkey dane B 0" }, "B openpgpkey" },
	{ "DNS vouches for what turned up",
	  { "autocrypt seen A 5", "openpgpkey dane A 0" }, "A autocrypt" },
	{ "the ring's own before the same elsewhere",
	  { "openpgpkey dane A 0", "keyring none A 0" }, "A keyring" },
	{ "the one that is known longer",
	  { "seen seen A 200", "seen seen B 100", "autocrypt seen C 50" },
	  "C autocrypt" },
	{ "one that is known before one that is not",
	  { "seen seen A 0", "seen seen B 100" }, "B seen" },
	{ "one that cannot be used",
	  { "!keyring own A 0", "seen seen B 7" }, "B seen" },
	{ "the user's word before all",
	  { "contact own A 9", "keyring web B 1", "openpgpkey dane C 0" },
	  "A contact" },
	{ "one's own before what anybody said of the address",
	  { "contact own A 9", "own own B 0", "keyring web C 1" }, "B own" },
	{ "the first of one's own, which is the newest",
	  { "own own A 0", "own own B 0", "seen seen B 1" }, "A own" },
	{ "one's own that cannot be used",
	  { "!own own A 0", "seen seen B 7" }, "B seen" },
	{ "what the user refused, from wherever",
	  { "!keyring refused A 0", "openpgpkey dane A 0" }, NULL },
	{ "a ring that does not answer may have a better one",
	  { "?keyring none X 0", "openpgpkey dane A 0", "seen seen B 7" },
	  NULL },
	{ "but none that goes before the user's word",
	  { "?keyring none X 0", "contact own A 9" }, "A contact" },
	{ "what could not be read elsewhere hides nothing",
	  { "?openpgpkey none X 0", "seen seen B 7" }, "B seen" },
	{ "a refused one beside another",
	  { "!keyring refused A 0", "openpgpkey dane B 0" }, "B openpgpkey" },
};

static size_t word_of(const char *const *names, size_t count,
		      const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(names[i]) == len &&
		    strncmp(names[i], text, len) == 0)
			return i;
	fail_msg("%.*s is no word", (int)len, text);
	return count;
}

static void candidate(struct find *find, const char *text,
		      char print[2])
{
	struct found_key *found;
	size_t len;
	bool silent = text[0] == '?';
	bool usable = !silent && text[0] != '!';

	text += usable ? 0 : 1;
	len = strcspn(text, " ");
	found = find_add(find, &scheme_openpgp, (enum find_source)
			 word_of(find_source_name, FIND_SOURCES, text, len));
	text += len + 1;
	len = strcspn(text, " ");
	found->owner.trust = (enum seal_trust)
		word_of(seal_trust_name, SEAL_TRUSTS, text, len);
	text += len + 1;
	print[0] = text[0];
	print[1] = 0;
	found->owner.fingerprint = print;
	found->usable = usable;
	found->silent = silent;
	found->first_seen = strtoll(text + 2, NULL, 10);
	if (!usable)
		found->reason = "It cannot be used.";
}

static void test_cases(void **state)
{
	struct find_question question = { "a@example.org", FIND_WITHOUT_DNS,
					  NULL, 0, NULL };
	struct found_key found[ROOM];
	char prints[ROOM][2], got[64];
	size_t i, j, chosen;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct find find = { NULL, &question, found, 0, ROOM, NULL,
				     0 };

		for (j = 0; cases[i].candidates[j] != NULL; j++)
			candidate(&find, cases[i].candidates[j], prints[j]);
		find_choose(&find);
		chosen = 0;
		for (j = 0; j < find.count; j++) {
			chosen += found[j].chosen;
			assert_false(found[j].chosen && !found[j].usable);
			/* Who is passed over hears why, but for the chosen key
			 * from elsewhere. */
			if (chosen == 1 && !found[j].chosen &&
			    strcmp(found[j].owner.fingerprint,
				   found[0].owner.fingerprint) != 0)
				assert_non_null(found[j].reason);
		}
		if ((chosen == 1) != (cases[i].wanted != NULL))
			fail_msg("%s: %zu chosen", cases[i].name, chosen);
		if (chosen == 0)
			continue;
		/* The chosen one stands in front. */
		(void)snprintf(got, sizeof(got), "%s %s",
			       found[0].owner.fingerprint,
			       find_source_name[found[0].source]);
		if (strcmp(got, cases[i].wanted) != 0)
			fail_msg("%s: %s", cases[i].name, got);
		assert_ptr_equal(find_chosen(found, find.count,
					     &scheme_openpgp), &found[0]);
	}
}

static void test_room(void **state)
{
	struct find_question question = { "a@example.org", FIND_WITHOUT_DNS,
					  NULL, 0, NULL };
	struct found_key found[2];
	struct find find = { NULL, &question, found, 0, 2, NULL, 0 };

	(void)state;
	assert_non_null(find_add(&find, &scheme_openpgp, FIND_SEEN));
	assert_non_null(find_add(&find, &scheme_openpgp, FIND_SEEN));
	assert_null(find_add(&find, &scheme_openpgp, FIND_SEEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
