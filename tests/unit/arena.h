/* arena.h - an arena for all tests of a file; behind cmocka.h */
#ifndef TESTS_UNIT_ARENA_H
#define TESTS_UNIT_ARENA_H

#include "agent/base/arena.h"

static struct arena *arena;

static int arena_up(void **state)
{
	(void)state;
	arena = arena_new(64 * 1024 * 1024);
	return arena == NULL;
}

static int arena_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#endif
