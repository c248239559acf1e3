/* test_death.c - what was in hand at a death outlives the agent, for a while */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "agent/store/death.h"
#include "agent/store/store.h"
#include "tests/unit/store/folder.h"

#define NOW 1700000000

struct list {
	char text[256];
	unsigned count;
};

static void take(void *ctx, const struct death *death)
{
	struct list *list = ctx;
	size_t len = strlen(list->text);

	list->count++;
	(void)snprintf(list->text + len, sizeof(list->text) - len,
		       "%u:%d:%u;", death->sum[0], (int)death->size,
		       death->count);
}

static void put(struct store *store, unsigned char sum, int64_t size,
		unsigned count, int64_t when)
{
	struct death death;

	memset(&death, sum, sizeof(death));
	death.size = size;
	death.count = count;
	death.when = when;
	assert_int_equal(death_put(store, &death), 0);
}

static void it_outlives_the_agent(void **state)
{
	char folder[FOLDER_ROOM];
	struct list list = { "", 0 };
	struct store *store;

	(void)state;
	folder_make(folder);
	store = store_open(folder);
	put(store, 1, 100, 1, NOW - 10);
	put(store, 2, 100, 1, NOW - 20);
	put(store, 1, 100, 2, NOW - 5);
	put(store, 1, 101, 1, NOW - DEATH_KEEP_S - 1);
	store_free(store);
	store = store_open(folder);
	assert_int_equal(death_each(store, NOW, take, &list), 0);
	assert_string_equal(list.text, "2:100:1;1:100:2;");
	/* What is too old is gone for good. */
	list.text[0] = 0;
	assert_int_equal(death_each(store, 0, take, &list), 0);
	assert_string_equal(list.text, "2:100:1;1:100:2;");
	store_free(store);
	folder_remove(folder);
}

static void there_is_a_limit(void **state)
{
	char folder[FOLDER_ROOM];
	struct list list = { "", 0 };
	struct store *store;
	unsigned i;

	(void)state;
	folder_make(folder);
	store = store_open(folder);
	for (i = 0; i < DEATH_MAX + 10; i++)
		put(store, 1, i, 1, NOW + i);
	assert_int_equal(death_each(store, NOW, take, &list), 0);
	assert_in_range(list.count, DEATH_MAX, DEATH_MAX + 1);
	store_free(store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_outlives_the_agent),
		cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
