/* store_desk.h - a store in a folder of its own for each test */
#ifndef MAILSEAL_TESTS_STORE_DESK_H
#define MAILSEAL_TESTS_STORE_DESK_H

#include "agent/base/arena.h"
#include "agent/store/store.h"
#include "tests/unit/store/folder.h"

static char folder[FOLDER_ROOM];
static struct store *store;
static struct arena *arena;

static inline int desk_make(void **test)
{
	(void)test;
	folder_make(folder);
	store = store_open(folder);
	arena = arena_new(4 * 1024 * 1024);
	return store == NULL || arena == NULL;
}

static inline int desk_take_away(void **test)
{
	(void)test;
	store_free(store);
	arena_free(arena);
	folder_remove(folder);
	return 0;
}

#define DESK_TEST(f) \
	cmocka_unit_test_setup_teardown(f, desk_make, desk_take_away)

#endif
