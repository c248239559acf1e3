/* test_addressee.c - whom a message was meant for */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/flow/addressee.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

static const char *const mine[] = { "me@user.example", "Me@B\xC3\xBC"
				    "cher.example", "not an address" };

static void to_and_cc_tell(void **state)
{
	static const struct {
		const char *head;
		bool other;
	} rows[] = {
		{ "To: me@user.example\n", false },
		{ "To: \"Me\" <ME@User.Example>\n", false },
		{ "To: a@b.org, c@d.org,\n me@user.example\n", false },
		{ "To: a@b.org\nCc: me@user.example\n", false },
		{ "To: me+shop@user.example\n", false },
		{ "To: me@xn--bcher-kva.example\n", false },
		{ "To: a@b.org\nTo: me@user.example\n", false },
		{ "To: group: a@b.org, me@user.example;\n", false },
		{ "To: a@b.org\nResent-To: me@user.example\n", false },
		{ "To: a@b.org\nList-Id: <x.org>\n", false },
		{ "To: (broken\n", false },
		{ "To: a@b.org\n", true },
		{ "To: undisclosed-recipients:;\n", true },
		{ "Subject: x\n", true },
		{ "To:\n", true },
		{ "To: you@user.example, me@user.example.org\n", true },
		{ "To: xme@user.example\n", true },
		{ "To: \"me@user.example\" <a@b.org>\n", true },
		{ "Delivered-To: me@user.example\nTo: a@b.org\n", true },
		{ "X-To: me@user.example\nTo : me@user.example\n", true },
	};
	const struct patterns own = { mine, 3 }, nobody = { NULL, 0 };
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct message *message;
	const char *text;
	size_t i;

	(void)state;
	assert_non_null(arena);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text = arena_print(arena, "%s\nx\n", rows[i].head);
		assert_int_equal(message_parse(arena, bytes_of(text),
					       &message), 0);
		if (addressee_is_other(arena, message, &own) != rows[i].other)
			fail_msg("row %zu", i);
		assert_false(addressee_is_other(arena, message, &nobody));
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_and_cc_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
