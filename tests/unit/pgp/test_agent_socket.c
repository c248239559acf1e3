/* test_agent_socket.c - what gpgconf says, and what could be a path */
#include "tests/unit/pgp/gpg_home.h"

#include "agent/base/err.h"
#include "agent/pgp/agent_socket.h"

struct line_case {
	const char *line;
	const char *wanted;		/* NULL: ERR_SYNTAX */
};

static const struct line_case cases[] = {
	{ "/run/user/1000/gnupg/S.gpg-agent\n",
	  "/run/user/1000/gnupg/S.gpg-agent" },
	{ "/a%3ab%25/S", "/a:b%/S" },
	{ "", NULL },
	{ "\n", NULL },
	{ "S.gpg-agent\n", NULL },
	{ "/a%00b", NULL },
	{ "/a%4", NULL },
	{ "/a%", NULL },
	{ "/a%zz", NULL },
	{ "/a/path/that/is/too/long/for/the/room/that/there/is/for/it", NULL },
};

static void test_read(void **state)
{
	char out[40];
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = agent_socket_read(cases[i].line, out, sizeof(out));
		assert_int_equal(r, cases[i].wanted == NULL ? ERR_SYNTAX : 0);
		if (r == 0)
			assert_string_equal(out, cases[i].wanted);
	}
}

static void test_find(void **state)
{
	struct pgp_engine none = { "/nonexistent/gpg", gpg_home, NULL };
	char out[256];

	(void)state;
	assert_int_equal(agent_socket_find(&gpg_engine, out, sizeof(out)), 0);
	assert_non_null(strstr(out, "/S.gpg-agent"));
	assert_int_equal(agent_socket_find(&none, out, sizeof(out)), ERR_IO);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_read),
	cmocka_unit_test(test_find),
};

GPG_TESTS(tests, gpg_home_open, gpg_home_close)
