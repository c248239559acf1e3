/* test_account.c - accounts out of the settings */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/account.h"

static void test_read(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct value *settings = value_dict(arena), *list, *dict, *all;
	const struct account *account;
	struct accounts accounts;

	(void)state;
	list = value_put_list(arena, settings, "accounts");
	dict = value_put_dict(arena, list, NULL);
	value_put_text(arena, dict, "name", "home");
	all = value_put_list(arena, dict, "addresses");
	value_put_text(arena, all, NULL, "Alice@M\303\274nchen.example");
	value_put_text(arena, all, NULL, "no address");
	value_put_text(arena, dict, "host", "mail.m\303\274nchen.example");
	value_put_number(arena, dict, "port", 465);
	value_put_number(arena, dict, "auth", SASL_OAUTH);
	value_put_truth(arena, dict, "has_password", true);
	dict = value_put_dict(arena, list, NULL);
	value_put_text(arena, dict, "name", "bare");
	(void)value_put_list(arena, dict, "addresses");
	value_put_text(arena, dict, "host", "2001:db8::1");
	assert_int_equal(accounts_read(arena, settings, &accounts), 0);
	assert_int_equal(accounts.count, 2);
	account = account_of_name(&accounts, "home");
	assert_non_null(account);
	assert_int_equal(account->address_count, 1);
	assert_string_equal(account->host, "mail.xn--mnchen-3ya.example");
	assert_string_equal(account->user, "Alice@xn--mnchen-3ya.example");
	assert_int_equal(account->way, SASL_OAUTH);
	assert_int_equal(account->encrypt, ACCOUNT_ENCRYPT_NEVER);
	assert_true(account->has_password);
	assert_ptr_equal(account_of_address(&accounts,
			 "alice@xn--mnchen-3ya.example"), account);
	assert_null(account_of_address(&accounts, "bob@x.example"));
	assert_null(account_of_name(&accounts, "work"));
	account = account_of_name(&accounts, "bare");
	assert_string_equal(account->host, "2001:db8::1");
	assert_int_equal(account->port, 0);
	assert_null(account->user);
	arena_free(arena);
}

static void test_bad(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct value *settings = value_dict(arena), *list, *dict;
	struct accounts accounts;

	(void)state;
	assert_int_equal(accounts_read(arena, settings, &accounts),
			 ERR_PROTOCOL);
	list = value_put_list(arena, settings, "accounts");
	assert_int_equal(accounts_read(arena, settings, &accounts), 0);
	assert_int_equal(accounts.count, 0);
	dict = value_put_dict(arena, list, NULL);
	assert_int_equal(accounts_read(arena, settings, &accounts),
			 ERR_PROTOCOL);
	/* A policy that is none is not "never". */
	value_put_text(arena, dict, "name", "home");
	(void)value_put_list(arena, dict, "addresses");
	value_put_number(arena, dict, "encrypt", 99);
	assert_int_equal(accounts_read(arena, settings, &accounts),
			 ERR_PROTOCOL);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
