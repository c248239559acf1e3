/* test_attack_bytes.c - every octet that means something, and much that
 * parsers trip over, at every place of From
 *
 * Whatever it makes of the field and whoever signed it: a name is shown only
 * beside the address of whose it is, signed by that domain; and what is shown
 * does nothing on a screen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/memfile.h"
#include "tests/flow/desk.h"

#define ALICE	"alice@example.org"

static const char *const fields[] = {
	"From: Alice Harper <" ALICE ">\r\n",
	"From: Alice Harper <eve@evil.example>\r\n",
};
static const char *const signers[] = { "example.org", "evil.example" };

static const char *const pieces[] = {
	"\xE2\x80\xA8", "\xC2\x85", "\xE2\x80\xAE", "\xE2\x80\x8B", "\xC2\xAD",
	"\xEF\xBC\xA0", "\xEF\xBC\x9C", "\xEF\xBC\x9E", "\xE3\x80\x82",
	"\xEF\xBF\xBD", "\xC0\x80", "\xED\xA0\x80", "\r\n ", "\n", "\r\n",
	"\r ", "\r\n\r\n", "(x)", "(", "\"\"", "<>", ", ", ";", "\\\"",
	"@evil.example:", "<eve@evil.example>", "eve@evil.example,",
	ALICE ",", "<" ALICE ">", " =?utf-8?q?=00?= ", " =?utf-8?q?=0AX?= ",
	"=?utf-8?q?=22?=", "\x1b[2J", "%00", "&#0;",
};

static bool is_shown_safely(const char *shown)
{
	for (; *shown != 0; shown++)
		if ((unsigned char)*shown < 32 || *shown == 127)
			return false;
	return true;
}

/* Counts those that are Alice's, as they should be. */
static size_t sent(struct desk *desk, const char *field, size_t at,
		   const char *piece, const char *signer)
{
	const char *text = desk_print(desk, "%.*s%s%sTo: me@user.example\r\n"
				      "Subject: Hello\r\nDate: " DESK_DATE
				      "\r\n\r\nHello\r\n", (int)at, field,
				      piece, field + at);
	struct desk_answer answer = desk_check(desk, desk_sign(desk, signer,
							       text));
	bool hidden = desk_hides_name(&answer);

	if (!is_shown_safely(answer.shown_from) ||
	    (!hidden && (strcmp(answer.verdict, "genuine") != 0 ||
			 strcmp(answer.address, ALICE) != 0 ||
			 strcmp(signer, "example.org") != 0)))
		fail_msg("\"%s\" by %s: %s, %s", text, signer, answer.verdict,
			 answer.shown_from);
	return !hidden;
}

/* One place in a word is as good as another. */
static bool is_in_word(const char *field, size_t at)
{
	return at > 1 && byte_is_alpha((unsigned char)field[at - 2]) &&
	       byte_is_alpha((unsigned char)field[at - 1]) &&
	       byte_is_alpha((unsigned char)field[at]);
}

static void nobody_is_shown_for_another(void **state)
{
	size_t i, at, who, named = 0;
	char octet[2] = { 0, 0 };
	struct desk *desk;
	unsigned c;

	for (i = 0; i < 2; i++)
		for (at = 0; at <= strlen(fields[i]); at++) {
			if (is_in_word(fields[i], at))
				continue;
			desk = *state;
			for (who = 0; who < sizeof(pieces) / sizeof(*pieces);
			     who++)
				named += sent(desk, fields[i], at, pieces[who],
					      signers[who % 2]) +
					 sent(desk, fields[i], at, pieces[who],
					      signers[1 - who % 2]);
			for (c = 1; c < 256; c++) {
				if (byte_is_alpha((unsigned char)c) ||
				    byte_is_digit((unsigned char)c) ||
				    (c > 128 && c % 9 > 0))
					continue;
				octet[0] = (char)c;
				named += sent(desk, fields[i], at, octet,
					      signers[c % 2]);
			}
			assert_int_equal(desk_tear_down(state), 0);
			assert_int_equal(desk_set_up(state), 0);
		}
	assert_true(named > 100);	/* a blank or a sign more */
}

/* A NUL, which a C string cannot hold, in the whole header. */
static void a_nul_is_nowhere(void **state)
{
	struct desk *desk = *state;
	const char *mail = desk_sign(desk, "example.org", desk_print(desk,
		"%sTo: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE
		"\r\n\r\nHello\r\n", fields[0]));
	size_t len = strlen(mail), at;
	unsigned char *copy = arena_alloc(desk->arena, len + 1);
	struct bytes text = { copy, len + 1 };
	struct desk_answer answer;

	assert_non_null(copy);
	for (at = 0; at <= (size_t)(strstr(mail, "\r\n\r\n") - mail); at++) {
		memcpy(copy, mail, at);
		copy[at] = 0;
		memcpy(copy + at + 1, mail + at, len - at);
		answer = desk_check_bytes(desk, text);
		if (!desk_hides_name(&answer))
			fail_msg("NUL at %zu: %s", at, answer.verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(nobody_is_shown_for_another),
		DESK_TEST(a_nul_is_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
