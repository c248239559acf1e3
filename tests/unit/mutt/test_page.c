/* test_page.c - what passes into the pager, however it comes */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/mutt/page.h"

#define GOOD	PAGE_BELIEVED "\n"
#define NOT	"mailseal: This is not the sender's signature.\n"
#define SIGNER	PAGE_SIGNER "mallory@free.example, alice@example.org.\n"

#define MUTT	"0123456789abcdef"
#define FIRST	"mailseal: opened by " MUTT " first\n"
#define AGAIN	"mailseal: opened by " MUTT " again\n"

/* `text` in pieces of that size comes out as `wanted`; what it says of an
 * opening. */
static enum opened_note says(const char *from, const char *text, size_t piece,
			     const char *wanted)
{
	struct page page = { .from = from, .name = MUTT };
	size_t len = strlen(text), at, some, size = 0;
	char *out = NULL;

	page.to = open_memstream(&out, &size);
	assert_non_null(page.to);
	for (at = 0; at < len; at += some) {
		some = len - at < piece ? len - at : piece;
		page_put(&page, text + at, some);
	}
	page_end(&page);
	(void)fclose(page.to);
	assert_string_equal(out, wanted);
	free(out);
	return page.opened;
}

static void passes(const char *from, const char *text, size_t piece,
		   const char *wanted)
{
	(void)says(from, text, piece, wanted);
}

static void openings_are_ours_to_know(void **state)
{
	static const char *const others[] = {
		"mailseal: opened by " MUTT "\n",
		"mailseal: opened by " MUTT " third\n",
		"mailseal: opened by " MUTT " first",
		"mailseal: opened by 0123456789abcdee first\n",
		"mailseal: opened by  first\n", " " FIRST, "> " AGAIN,
		"mailseal: opened by " MUTT " first \n"
	};
	size_t i, piece;

	(void)state;
	for (piece = 1; piece < 120; piece += 7) {
		assert_int_equal(says("", "a\n" FIRST "b\n", piece,
					"a\nb\n"), OPENED_FIRST);
		assert_int_equal(says("", AGAIN, piece, ""), OPENED_AGAIN);
		assert_int_equal(says("", AGAIN FIRST AGAIN "\n", piece,
					"\n"), OPENED_FIRST);
		assert_int_equal(says("a@b", GOOD FIRST, piece, GOOD),
				 OPENED_FIRST);
		for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			assert_int_equal(says("", others[i], piece,
						others[i]), OPENED_NONE);
	}
}

static void the_signer_is_compared(void **state)
{
	static const char *const theirs[] = {
		"eve@evil.example", "", "example.org", "alice@example.or",
		"xalice@example.org", "mallory@free.example, alice@example.org"
	};
	size_t i, piece;

	(void)state;
	for (piece = 1; piece < 200; piece += 7) {
		passes("alice@example.org", "a\n" GOOD SIGNER "b\n", piece,
		       "a\n" GOOD SIGNER "b\n");
		passes("Mallory@free.example", GOOD SIGNER, piece,
		       GOOD SIGNER);
		for (i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
			passes(theirs[i], "a\n" GOOD SIGNER "b", piece,
			       "a\n" NOT SIGNER "b");
	}
	/* of nobody, cut, twice */
	/* By OpenPGP nothing stands in front. */
	passes("alice@example.org", "a\n" SIGNER, 9, "a\n" SIGNER);
	passes("eve@evil.example", "a\n" SIGNER, 9, "a\n" NOT SIGNER);
	passes("", SIGNER, 9, NOT SIGNER);
	passes("", GOOD PAGE_SIGNER ".\n", 9, NOT PAGE_SIGNER ".\n");
	passes("a@b", GOOD PAGE_SIGNER, 9, NOT PAGE_SIGNER);
	passes("a@b", GOOD GOOD SIGNER, 9, GOOD NOT SIGNER);
}

static void all_else_passes(void **state)
{
	char *huge = calloc(1, 5 * PAGE_LINE);
	size_t piece;

	(void)state;
	assert_non_null(huge);
	memset(huge, 'x', 3 * PAGE_LINE);
	memcpy(huge + 3 * PAGE_LINE, "\n" GOOD "y\n\nz", 28);
	huge[4 * PAGE_LINE] = 0;
	for (piece = 1; piece < 2 * PAGE_LINE; piece = piece * 3 + 1) {
		passes("a@b", huge, piece, huge);
		passes("a@b", GOOD, piece, GOOD);
		passes("a@b", PAGE_BELIEVED, piece, PAGE_BELIEVED);
		passes("a@b", " " GOOD " " SIGNER, piece,
		       " " GOOD " " SIGNER);
		passes("a@b", GOOD "\n", piece, GOOD "\n");
		passes("a@b", "", piece, "");
	}
	/* behind it a line that is too long */
	memcpy(huge, GOOD, strlen(GOOD));
	for (piece = 1; piece < 6 * PAGE_LINE; piece = piece * 3 + 1)
		passes("a@b", huge, piece, huge);
	free(huge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openings_are_ours_to_know),
		cmocka_unit_test(the_signer_is_compared),
		cmocka_unit_test(all_else_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
