/* test_author.c - who From says it is from (the identity attacks) */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/author.h"
#include "agent/mail/message.h"
#include "tests/unit/arena.h"

struct row {
	const char *head;		/* without the empty line */
	enum author_state state;
	const char *address;		/* NULL: none */
	const char *name;		/* NULL: none */
	bool unreadable;
};

/* Readable names. */
static const struct row good[] = {
	{ "From: alice@example.org", AUTHOR_ONE, "alice@example.org", NULL,
	  false },
	{ "From: Alice Harper <alice@Example.ORG>", AUTHOR_ONE,
	  "alice@example.org", "Alice Harper", false },
	{ "fROM: \"Harper, Alice\"\r\n\t<alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "Harper, Alice", false },
	{ "From: \"Alice\r\n\tHarper\" <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "Alice Harper", false },
	{ "From: =?utf-8?q?J=C3=B6rg?= <j@example.org>", AUTHOR_ONE,
	  "j@example.org", "J\xc3\xb6rg", false },
	{ "From: =?UTF-8*de?B?SsO2?=\r\n =?utf-8?b?cmc=?= X <j@example.org>",
	  AUTHOR_ONE, "j@example.org", "J\xc3\xb6rg X", false },
	{ "From: =?utf-8?B?SsO2?= =?utf-8?B?cg==?=\r\n =?utf-8?B?Zw==?= "
	  "<j@example.org>", AUTHOR_ONE, "j@example.org", "J\xc3\xb6rg",
	  false },
	{ "From: =?utf-8?q?=C3?= =?utf-8?q?=A9?= <j@example.org>",
	  AUTHOR_ONE, "j@example.org", "\xc3\xa9", false },
	{ "From: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <y@example.jp>",
	  AUTHOR_ONE, "y@example.jp", "\xe5\xb1\xb1\xe7\x94\xb0", false },
	{ "From: =?gb2312?B?1tDOxA==?= <z@example.cn>", AUTHOR_ONE,
	  "z@example.cn", "\xe4\xb8\xad\xe6\x96\x87", false },
	{ "From: J\xc3\xb6rg <j@b\xc3\xbc""cher.example>", AUTHOR_ONE,
	  "j@xn--bcher-kva.example", "J\xc3\xb6rg", false },
	{ "From: J.R.R. Tolkien <j@example.org>", AUTHOR_ONE,
	  "j@example.org", "J.R.R. Tolkien", false },
	{ "From: \"\" <j@example.org>", AUTHOR_ONE, "j@example.org", NULL,
	  false },
	/* 14: an address in the name is for name_find_addresses() */
	{ "From: \"ceo@legit.example\" <x@evil.example>", AUTHOR_ONE,
	  "x@evil.example", "ceo@legit.example", false },
	{ "From: =?utf-8?q?ceo=40legit.example?= <x@evil.example>",
	  AUTHOR_ONE, "x@evil.example", "ceo@legit.example", false },
	{ "From: =?utf-8?B?Y2Vv77ygbGVnaXQ=?= <x@evil.example>",
	  AUTHOR_ONE, "x@evil.example", "ceo\xef\xbc\xa0legit", true },
	/* U+200D is made visible, not alarmed about */
	{ "From: =?utf-8?q?A=E2=80=8DB?= <x@example.org>", AUTHOR_ONE,
	  "x@example.org", "A\xe2\x80\x8d""B", false },
};

/* Names on which readers differ, or that nobody can read. */
static const struct row unreadable[] = {
	{ "From: alice@example.org (Alice)", AUTHOR_ONE, "alice@example.org",
	  NULL, true },
	{ "From: alice@example.org (alice@example.org)", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: Alice (the one) <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "Alice", false },
	{ "From: alice@example.org <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: Alice (the) Harper <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "Alice Harper", true },
	{ "From: \"=?utf-8?q?Alice?=\" <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "=?utf-8?q?Alice?=", true },
	{ "From: \"=?utf-8?q?A?=\" =?utf-8?q?B?= <alice@example.org>",
	  AUTHOR_ONE, "alice@example.org", NULL, true },
	{ "From: =?x-none?q?Alice?= <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: =?utf-8?q?A=FF?= <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: =?utf-8?b?A?= <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: =?us-ascii?q?=E9?= <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: =?iso-8859-1?q?L=92O?= <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", "L\xe2\x80\x99O", true },
	/* an '@' that belongs to no address */
	{ "From: \"Sales @Acme\" <a@example.org>", AUTHOR_ONE,
	  "a@example.org", "Sales @Acme", true },
	{ "From: \"a@example.org @\" <a@example.org>", AUTHOR_ONE,
	  "a@example.org", "a@example.org @", true },
	{ "From: \"Al (a@example.org)\" <a@example.org>", AUTHOR_ONE,
	  "a@example.org", "Al (a@example.org)", false },
	{ "From: Caf\xe9 <alice@example.org>", AUTHOR_ONE,
	  "alice@example.org", NULL, true },
	{ "From: =?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3F=3D?= <alice@example.org>",
	  AUTHOR_ONE, "alice@example.org", "=?utf-8?q?a?=", true },
};

static const struct row bad[] = {
	/* 9: repeated */
	{ "From: a@x.example\nFrom: b@y.example", AUTHOR_REPEATED, NULL,
	  NULL, false },
	{ "From: a@x.example\nFROM: a@x.example", AUTHOR_REPEATED, NULL,
	  NULL, false },
	/* 10: lines that only some read as From */
	{ " From: a@x.example\nFrom: b@y.example", AUTHOR_REPEATED, NULL,
	  NULL, false },
	{ "From : a@x.example\nFrom: b@y.example", AUTHOR_REPEATED, NULL,
	  NULL, false },
	{ "From : a@x.example", AUTHOR_REPEATED, NULL, NULL, false },
	{ "Subject: x\n From: a@x.example\nFrom: b@y.example",
	  AUTHOR_REPEATED, NULL, NULL, false },
	/* 11: nothing stands in for it */
	{ "Sender: a@x.example\nResent-From: b@y.example", AUTHOR_MISSING,
	  NULL, NULL, false },
	{ "From:\nTo: a@x.example", AUTHOR_AMBIGUOUS, NULL, NULL, false },
	{ "From: <>\nTo: a@x.example", AUTHOR_AMBIGUOUS, NULL, NULL, false },
	/* 12: several */
	{ "From: a@x.example, b@y.example", AUTHOR_SEVERAL, NULL, NULL,
	  false },
	{ "From: a@x.example, b@x.example", AUTHOR_SEVERAL, NULL, NULL,
	  false },
	/* 13: an encoded address */
	{ "From: =?utf-8?B?YWxpY2VAZXhhbXBsZS5vcmc=?=", AUTHOR_AMBIGUOUS,
	  NULL, NULL, false },
	{ "From: <=?utf-8?B?YWxpY2U=?=@example.org>", AUTHOR_AMBIGUOUS,
	  "=?utf-8?B?YWxpY2U=?=@example.org", NULL, false },
	{ "From: =?utf-8?q?ceo@legit.example?= <x@evil.example>",
	  AUTHOR_AMBIGUOUS, NULL, NULL, false },
	/* 14: only some see the address in the name */
	{ "From: \"=?utf-8?q?ceo=40legit.example?=\" <x@evil.example>",
	  AUTHOR_AMBIGUOUS, "x@evil.example",
	  "=?utf-8?q?ceo=40legit.example?=", true },
	{ "From: x@evil.example (ceo@legit.example)", AUTHOR_AMBIGUOUS,
	  "x@evil.example", NULL, true },
	{ "From: ceo@legit.example <x@evil.example>", AUTHOR_AMBIGUOUS, NULL,
	  NULL, false },
	/* 17, 22, 43: no unique reading */
	{ "From: <a@legit.example>b@evil.example", AUTHOR_AMBIGUOUS, NULL,
	  NULL, false },
	{ "From: <a@legit.example> <b@evil.example>", AUTHOR_AMBIGUOUS, NULL,
	  NULL, false },
	{ "From: Alice@gm@ail.example", AUTHOR_AMBIGUOUS, NULL, NULL, false },
	{ "From: user@example.net>", AUTHOR_AMBIGUOUS, NULL, NULL, false },
	{ "From: \"user\\\" <a@example.net>", AUTHOR_AMBIGUOUS, NULL, NULL,
	  false },
	{ "From: a@[192.0.2.1]", AUTHOR_AMBIGUOUS, NULL, NULL, false },
	/* 18: groups */
	{ "From: \"alice@legit.example\": eve@evil.example;", AUTHOR_GROUP,
	  NULL, NULL, false },
	{ "From: alice: eve@evil.example;", AUTHOR_GROUP, NULL, NULL, false },
	{ "From: nobody:;", AUTHOR_GROUP, NULL, NULL, false },
	{ "From: alice@legit.example: eve@evil.example;", AUTHOR_AMBIGUOUS,
	  NULL, NULL, false },
	/* 19, 20: what hides or turns */
	{ "From: a\xe2\x80\x8b@x.example", AUTHOR_AMBIGUOUS, NULL, NULL,
	  false },
	{ "From: \"a\xe2\x80\xae@x\" <b@y.example>", AUTHOR_CONTROL,
	  "b@y.example", NULL, false },
	{ "From: =?utf-8?q?a=E2=80=AEb?= <b@y.example>", AUTHOR_CONTROL,
	  "b@y.example", NULL, false },
	{ "From: =?utf-8?q?ceo=40legit.example=00?= <b@y.example>",
	  AUTHOR_CONTROL, "b@y.example", NULL, false },
	{ "From: =?utf-8?q?ceo=0A=0A?= <b@y.example>", AUTHOR_CONTROL,
	  "b@y.example", NULL, false },
	{ "From: =?utf-8?q?ceo=C2=85?= <b@y.example>", AUTHOR_CONTROL,
	  "b@y.example", NULL, false },
	{ "From: b@y.example (\xd8\x9c)", AUTHOR_CONTROL, "b@y.example",
	  NULL, false },
	{ "From: A\x1b[2J <b@y.example>", AUTHOR_CONTROL, NULL, NULL, false },
};

static struct author read_head(const char *head, size_t len)
{
	struct message *message;
	struct author author;
	size_t size = len + 8;
	char *text = arena_alloc(arena, size);

	assert_non_null(text);
	memcpy(text, head, len);
	memcpy(text + len, "\n\nHello\n", 8);
	assert_int_equal(message_parse(arena, (struct bytes){
		(unsigned char *)text, size }, &message), 0);
	assert_int_equal(author_read(arena, message, &author), 0);
	return author;
}

static void text_equal(const char *is, const char *should)
{
	if (should == NULL)
		assert_null(is);
	else
		assert_string_equal(is == NULL ? "(none)" : is, should);
}

static void look_at(const struct row *row)
{
	struct author author = read_head(row->head, strlen(row->head));

	assert_int_equal(author.state, row->state);
	text_equal(author.address, row->address);
	if (row->name != NULL || !row->unreadable)
		text_equal(author.name, row->name);
	assert_int_equal(author.name_unreadable, row->unreadable);
	assert_int_equal(author.text == NULL, author.state == AUTHOR_ONE);
	if (author.state == AUTHOR_ONE) {
		assert_non_null(author.local);
		assert_non_null(author.domain);
	}
}

static void names_are_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		print_message("good %zu\n", i);
		look_at(&good[i]);
	}
}

static void names_that_readers_differ_on(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++) {
		print_message("unreadable %zu\n", i);
		look_at(&unreadable[i]);
	}
}

static void attacks_are_named(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		print_message("bad %zu\n", i);
		look_at(&bad[i]);
	}
}

/* 15: the last addr-spec counts, and it is told. */
static void a_route_is_told(void **state)
{
	const char *head = "From: <@legit.example,@x.example:u@evil.example>";
	struct author author = read_head(head, strlen(head));

	(void)state;
	assert_int_equal(author.state, AUTHOR_AMBIGUOUS);
	assert_string_equal(author.address, "u@evil.example");
	assert_true(author.odd_route);
}

/* 16: cut at the last unquoted '@', shown as it is. */
static void a_quoted_local_part_is_told(void **state)
{
	const char *head = "From: \"legit@legit.example\\ \"@evil.example";
	struct author author = read_head(head, strlen(head));

	(void)state;
	assert_int_equal(author.state, AUTHOR_ONE);
	assert_string_equal(author.domain, "evil.example");
	assert_string_equal(author.address,
			    "\"legit@legit.example \"@evil.example");
	assert_string_equal(author.local, "legit@legit.example ");
	assert_true(author.odd_local);
}

/* 21: an address of look-alikes is another address, as A-labels. */
static void look_alikes_come_as_alabels(void **state)
{
	const char *head = "From: a@\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0l"
			   ".example";
	struct author author = read_head(head, strlen(head));

	(void)state;
	assert_int_equal(author.state, AUTHOR_ONE);
	assert_int_equal(strncmp(author.domain, "xn--", 4), 0);
}

static void a_nul_is_no_address(void **state)
{
	static const char in_name[] = "From: A\0B <a@b.example>";
	static const char in_address[] = "From: a@b.example\0.evil.example";

	(void)state;
	assert_int_equal(read_head(in_name, sizeof(in_name) - 1).state,
			 AUTHOR_CONTROL);
	assert_int_equal(read_head(in_address, sizeof(in_address) - 1).state,
			 AUTHOR_CONTROL);
}

static void lengths_have_limits(void **state)
{
	static char head[40000];
	struct author author;

	(void)state;
	memset(head, 'a', sizeof(head));
	memcpy(head, "From: ", 6);
	memcpy(head + 5000, " <a@b.example>", 14);
	author = read_head(head, 5014);
	assert_int_equal(author.state, AUTHOR_ONE);
	assert_true(author.name_unreadable);
	memset(head + 5000, 'a', 14);
	memcpy(head + 20000, " <a@b.example>", 14);
	assert_int_equal(read_head(head, 20014).state, AUTHOR_AMBIGUOUS);
}

static void a_full_arena_is_an_error(void **state)
{
	static const char text[] = "From: Alice <alice@example.org>\n\nx\n";
	struct message *message;
	struct author author;
	struct arena *small;
	size_t cap;
	int r = ERR_LIMIT;

	(void)state;
	assert_int_equal(message_parse(arena, bytes_of(text), &message), 0);
	for (cap = 16; cap < 4096 && r == ERR_LIMIT; cap += 16) {
		small = arena_new(cap);
		assert_non_null(small);
		r = author_read(small, message, &author);
		if (r == 0 && author.state == AUTHOR_ONE)
			assert_string_equal(author.address,
					    "alice@example.org");
		else if (r == 0)	/* never a name, never nobody */
			assert_int_equal(author.state, AUTHOR_AMBIGUOUS);
		if (r == 0 && author.state != AUTHOR_ONE)
			r = ERR_LIMIT;
		arena_free(small);
	}
	assert_int_equal(r, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(names_that_readers_differ_on),
		cmocka_unit_test(attacks_are_named),
		cmocka_unit_test(a_route_is_told),
		cmocka_unit_test(a_quoted_local_part_is_told),
		cmocka_unit_test(look_alikes_come_as_alabels),
		cmocka_unit_test(a_nul_is_no_address),
		cmocka_unit_test(lengths_have_limits),
		cmocka_unit_test(a_full_arena_is_an_error),
	};

	author_prepare();
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
