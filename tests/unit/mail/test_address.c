/* test_address.c - mailbox lists, RFC 5322 section 3.4 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/address.h"
#include "tests/unit/arena.h"

struct row {
	const char *text;
	size_t count;		/* 0: ERR_SYNTAX */
	const char *name;	/* of the first; NULL: none */
	const char *address;	/* its normal form; NULL: none */
};

static const struct row rows[] = {
	{ "alice@example.org", 1, NULL, "alice@example.org" },
	{ "Alice@Example.ORG", 1, NULL, "Alice@example.org" },
	{ "<alice@example.org>", 1, NULL, "alice@example.org" },
	{ "Alice <alice@example.org>", 1, "Alice", "alice@example.org" },
	{ "  Alice\t Harper<alice@example.org> ", 1, "Alice Harper",
	  "alice@example.org" },
	{ "\"Harper, Alice\" <a@b.example>", 1, "Harper, Alice",
	  "a@b.example" },
	{ "\"a \\\"q\\\" \\\\ b\" <a@b.example>", 1, "a \"q\" \\ b",
	  "a@b.example" },
	{ "\"\" <a@b.example>", 1, NULL, "a@b.example" },
	{ "J.R.R. Tolkien <a@b.example>", 1, "J.R.R. Tolkien",
	  "a@b.example" },
	{ "paypal.com <a@b.example>", 1, "paypal.com", "a@b.example" },
	{ "\"Alice\"Smith <a@b.example>", 1, "AliceSmith", "a@b.example" },
	{ "Alice (of (nested\\)) words) Smith <a@b.example>", 1,
	  "Alice Smith", "a@b.example" },
	{ "a@b.example (Alice)", 1, NULL, "a@b.example" },
	{ "(x) a (y) @ (z) b.example (w)", 1, NULL, "a@b.example" },
	{ "=?utf-8?q?A?= <a@b.example>", 1, "=?utf-8?q?A?=", "a@b.example" },
	{ "<@x.example,@y.example:a@b.example>", 1, NULL, "a@b.example" },
	{ "<@x.example, , @y.example : a@b.example>", 1, NULL,
	  "a@b.example" },
	{ "\"alice\"@example.org", 1, NULL, "alice@example.org" },
	{ "\"a@x.example \"@b.example", 1, NULL,
	  "\"a@x.example \"@b.example" },
	{ "\"a\\\"\\\\b\"@b.example", 1, NULL, "\"a\\\"\\\\b\"@b.example" },
	{ "\".a\"@b.example", 1, NULL, "\".a\"@b.example" },
	{ "a@[192.0.2.1]", 1, NULL, NULL },
	{ "j\xc3\xb6rg@b\xc3\xbc""cher.example", 1, NULL,
	  "j\xc3\xb6rg@xn--bcher-kva.example" },
	{ "a\xe2\x80\x8b@b.example", 1, NULL, NULL },	/* U+200B */
	{ "a\xef\xbc\xa0@b.example", 1, NULL, NULL },	/* U+FF20 */
	{ "a\xc2\xa0@b.example", 1, NULL, NULL },	/* U+00A0 */
	{ "a\xff@b.example", 1, NULL, NULL },
	{ "a@b..example", 0, NULL, NULL },
	{ "a@b.example.", 0, NULL, NULL },
	{ "a@b_c.example", 1, NULL, NULL },
	{ "a@x.example, b@y.example", 2, NULL, "a@x.example" },
	{ "Friends: a@x.example, B <b@y.example>;", 2, NULL, "a@x.example" },
	{ "", 0, NULL, NULL },
	{ "Alice", 0, NULL, NULL },
	{ "Alice alice@example.org", 0, NULL, NULL },
	{ "a@b.example>", 0, NULL, NULL },
	{ "<a@b.example", 0, NULL, NULL },
	{ "<a@b.example> c", 0, NULL, NULL },
	{ "<a@legit.example>b@evil.example", 0, NULL, NULL },
	{ "a@gm@ail.example", 0, NULL, NULL },
	{ "a@b.example,", 0, NULL, NULL },
	{ ".a@b.example", 0, NULL, NULL },
	{ "a.@b.example", 0, NULL, NULL },
	{ "a..b@c.example", 0, NULL, NULL },
	{ "@b.example", 0, NULL, NULL },
	{ "\"\"@b.example", 0, NULL, NULL },
	{ "a@", 0, NULL, NULL },
	{ "a@b.example (open", 0, NULL, NULL },
	{ "a@b.example (\\", 0, NULL, NULL },
	{ "\"open <a@b.example>", 0, NULL, NULL },
	{ "\"open\\", 0, NULL, NULL },
	{ "a@[192.0.2.1", 0, NULL, NULL },
	{ "G: H: a@b.example;;", 0, NULL, NULL },
	{ "G: a@b.example", 0, NULL, NULL },
	{ "<>", 0, NULL, NULL },
	{ ".A <a@b.example>", 0, NULL, NULL },
};

static void look_at(const struct row *row)
{
	struct mailbox_list list;
	int r = address_list_parse(arena, bytes_of(row->text), &list);
	const char *normal;

	assert_int_equal(r, row->count == 0 ? ERR_SYNTAX : 0);
	if (r < 0)
		return;
	assert_int_equal(list.count, row->count);
	assert_true(bytes_equal(list.mailboxes[0].name,
				bytes_of(row->name)));
	normal = address_normal(arena, &list.mailboxes[0]);
	if (row->address == NULL)
		assert_null(normal);
	else
		assert_string_equal(normal, row->address);
}

static void every_row_reads_so(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("row %zu\n", i);
		look_at(&rows[i]);
	}
}

static struct mailbox first(const char *text)
{
	struct mailbox_list list;

	assert_int_equal(address_list_parse(arena, bytes_of(text), &list), 0);
	return list.mailboxes[0];
}

static void what_is_odd_is_told(void **state)
{
	(void)state;
	assert_true(first("<@x.example:a@b.example>").has_route);
	assert_false(first("<a@b.example>").has_route);
	assert_true(first("\"a\"@b.example").local_quoted);
	assert_true(first("\"A\" \"B\" <a@b.example>").name_quoted);
	assert_false(first("\"A\" B <a@b.example>").name_quoted);
	assert_false(first("\"A\". <a@b.example>").name_quoted);
	assert_true(first("\"=?x\" =?y?= <a@b.example>").name_mixed);
	assert_false(first("\"=?x\" <a@b.example>").name_mixed);
	assert_false(first("\"x\" =?y?= <a@b.example>").name_mixed);
	assert_true(first("G: a@b.example;").in_group);
	assert_false(first("a@b.example, G:;").in_group);
}

static void groups_are_counted(void **state)
{
	struct mailbox_list list;

	(void)state;
	assert_int_equal(address_list_parse(arena, bytes_of(
		"A: ;, b@x.example, \"C\" D: e@x.example,;"), &list), 0);
	assert_int_equal(list.groups, 2);
	assert_int_equal(list.count, 2);
	assert_int_equal(address_list_parse(arena, bytes_of("Nobody:;"),
					    &list), 0);
	assert_int_equal(list.groups, 1);
	assert_int_equal(list.count, 0);
}

/* "a@b," `count` times, then "a@b". */
static struct bytes many(size_t count)
{
	struct bytes out = { NULL, 4 * count + 3 };
	char *text = arena_alloc(arena, out.len);
	size_t i;

	assert_non_null(text);
	for (i = 0; i < out.len; i++)
		text[i] = "a@b,"[i % 4];
	out.data = (unsigned char *)text;
	return out;
}

static void limits_hold(void **state)
{
	struct arena *small = arena_new(64);
	struct mailbox_list list;
	char deep[64];

	(void)state;
	assert_int_equal(address_list_parse(arena, many(ADDRESS_LIST_MAX - 1),
					    &list), 0);
	assert_int_equal(list.count, ADDRESS_LIST_MAX);
	assert_int_equal(address_list_parse(arena, many(ADDRESS_LIST_MAX),
					    &list), ERR_LIMIT);
	assert_int_equal(address_list_parse(small, bytes_of("a@b.example"),
					    &list), ERR_LIMIT);
	arena_free(small);
	memset(deep, '(', sizeof(deep));
	memset(deep + 32, ')', 32);
	assert_int_equal(address_list_parse(arena, (struct bytes){
		(unsigned char *)deep, sizeof(deep) }, &list), ERR_SYNTAX);
}

static void a_local_part_has_64_octets(void **state)
{
	char text[80];
	struct mailbox mailbox;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 64, "@b.example", 11);
	assert_int_equal(address_parse(arena, bytes_of(text), &mailbox), 0);
	memset(text, 'a', 65);
	memcpy(text + 65, "@b.example", 11);
	assert_int_equal(address_parse(arena, bytes_of(text), &mailbox),
			 ERR_SYNTAX);
}

static void one_address_and_nothing_else(void **state)
{
	static const char *const wrong[] = {
		"", "a", "a@", "@b", " a@b", "a@b ", "a @b", "<a@b>",
		"a@b@c", "a(x)@b", "a@b,c@d", "a@b(x)", "a@@b",
	};
	struct mailbox mailbox;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(address_parse(arena, bytes_of(wrong[i]),
					       &mailbox), ERR_SYNTAX);
	assert_int_equal(address_parse(arena, bytes_of("\"a@b\"@c.example"),
				       &mailbox), 0);
	assert_true(bytes_is(mailbox.local, "a@b"));
	assert_true(bytes_is(mailbox.domain, "c.example"));
	assert_int_equal(address_parse(arena, (struct bytes){
		(const unsigned char *)"a\0@b", 4 }, &mailbox), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_reads_so),
		cmocka_unit_test(what_is_odd_is_told),
		cmocka_unit_test(groups_are_counted),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(a_local_part_has_64_octets),
		cmocka_unit_test(one_address_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
