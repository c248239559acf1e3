/* test_learned.c - contacts that no address book holds */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/store/learned.h"
#include "tests/unit/store/store_desk.h"

static int put(const char *address, const char *name, const char *source)
{
	struct learned learned = { address, name, source, 42 };

	return learned_put(store, &learned);
}

struct list {
	char text[512];
	int stop;
};

static int take(void *ctx, const struct learned *learned)
{
	struct list *list = ctx;
	size_t len = strlen(list->text);

	(void)snprintf(list->text + len, sizeof(list->text) - len,
		       "%s|%s|%s|%d;", learned->address, learned->name,
		       learned->source, (int)learned->seen);
	return list->stop;
}

static void they_are_listed(void **test)
{
	struct list list = { "", 0 };

	(void)test;
	assert_int_equal(put("bob@example.org", "", "written-to"), 0);
	assert_int_equal(put("alice@example.org", "Alice", "user"), 0);
	assert_int_equal(learned_each(store, take, &list), 0);
	assert_string_equal(list.text, "alice@example.org|Alice|user|42;"
			    "bob@example.org||written-to|42;");
	list.text[0] = 0;
	list.stop = -7;
	assert_int_equal(learned_each(store, take, &list), -7);
	assert_string_equal(list.text, "alice@example.org|Alice|user|42;");
}

static void only_the_user_changes_one(void **test)
{
	struct list list = { "", 0 };

	(void)test;
	assert_int_equal(put("a@example.org", "A", "user"), 0);
	assert_int_equal(put("a@example.org", "Other", "written-to"), 0);
	assert_int_equal(learned_each(store, take, &list), 0);
	assert_string_equal(list.text, "a@example.org|A|user|42;");
	assert_int_equal(put("a@example.org", "Anna", "user"), 0);
	list.text[0] = 0;
	assert_int_equal(learned_each(store, take, &list), 0);
	assert_string_equal(list.text, "a@example.org|Anna|user|42;");
	assert_int_equal(learned_forget(store, "a@example.org"), 1);
	assert_int_equal(learned_forget(store, "a@example.org"), 0);
}

static void what_cannot_be_is_refused(void **test)
{
	(void)test;
	assert_int_equal(put("", "", "user"), ERR_SYNTAX);
	assert_int_equal(put("a@b", "\xC0", "user"), ERR_SYNTAX);
	assert_int_equal(put("a@b", NULL, "user"), ERR_SYNTAX);
	assert_int_equal(put("\x80@b", "", "user"), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(they_are_listed),
		DESK_TEST(only_the_user_changes_one),
		DESK_TEST(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
