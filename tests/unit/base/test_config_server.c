/* test_config_server.c - URLs of submission servers, and where secrets are */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/config_server.h"

static void test_good(void **state)
{
	static const struct {
		const char *text, *host;
		enum config_start start;
		unsigned port;
	} cases[] = {
		{ "smtps://mail.example.org", "mail.example.org", CONFIG_TLS,
		  465 },
		{ "smtp://mail.example.org", "mail.example.org",
		  CONFIG_STARTTLS, 587 },
		{ "SMTPS://mail.example.org:8465/", "mail.example.org",
		  CONFIG_TLS, 8465 },
		{ "smtp://192.0.2.1:25", "192.0.2.1", CONFIG_STARTTLS, 25 },
		{ "smtps://[2001:db8::1]", "2001:db8::1", CONFIG_TLS, 465 },
		{ "smtps://[::1]:65535", "::1", CONFIG_TLS, 65535 },
		{ "smtps://m\303\274nchen.example", "m\303\274nchen.example",
		  CONFIG_TLS, 465 },
	};
	struct config_server server;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(config_server_parse(bytes_of(cases[i].text),
						&server));
		assert_string_equal(server.host, cases[i].host);
		assert_int_equal(server.start, cases[i].start);
		assert_int_equal(server.port, cases[i].port);
	}
}

static void test_bad(void **state)
{
	static const char *const cases[] = {
		"", "mail.example.org", "imap://x", "smtps:", "smtps://",
		"smtps://:465", "smtps://a:", "smtps://a:0", "smtps://a:65536",
		"smtps://a:x", "smtps://a:1:2", "smtps://2001:db8::1",
		"smtps://[::1", "smtps://[]:465", "smtps://[::1]x",
		"smtps://user@host", "smtps://a b", "smtps://a/path",
		"smtps://a\nb", "http://a",
	};
	struct config_server server;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_false(config_server_parse(bytes_of(cases[i]),
						 &server));
}

static void test_secrets(void **state)
{
	enum config_secret kind;
	struct bytes command;

	(void)state;
	assert_true(config_secret_parse(bytes_of("command: pass show a:b"),
					&kind, &command));
	assert_int_equal(kind, CONFIG_COMMAND);
	assert_true(bytes_is(command, "pass show a:b"));
	assert_true(config_secret_parse(bytes_of("secret-service"), &kind,
					&command));
	assert_int_equal(kind, CONFIG_SECRET_SERVICE);
	assert_true(config_secret_parse(bytes_of("ask"), &kind, &command));
	assert_int_equal(kind, CONFIG_ASK);
	assert_false(config_secret_parse(bytes_of("command:"), &kind,
					 &command));
	assert_false(config_secret_parse(bytes_of("command:  "), &kind,
					 &command));
	assert_false(config_secret_parse(bytes_of("hunter2"), &kind,
					 &command));
	assert_false(config_secret_parse(bytes_of(""), &kind, &command));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
