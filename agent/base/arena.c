/* arena.c - blocks that grow, one list, one free */
#include "agent/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_FIRST	4096
#define PRINT_ROOM	512	/* most of what is printed fits */
#define BLOCK_MOST	65536	/* larger wishes get a block of their own */

struct block {
	struct block *next;		/* arena::blocks */
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char room[];
};

struct arena {
	struct block *blocks;		/* the newest first */
	size_t cap;
	size_t used;
	size_t next_size;
};

struct arena *arena_new(size_t cap)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (arena == NULL)
		return NULL;
	arena->cap = cap;
	arena->next_size = BLOCK_FIRST;
	return arena;
}

void arena_free(struct arena *arena)
{
	struct block *block, *next;

	if (arena == NULL)
		return;
	for (block = arena->blocks; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *block_add(struct arena *arena, size_t size)
{
	struct block *block;
	size_t room = arena->next_size;

	if (room < size)
		room = size;
	block = malloc(sizeof(*block) + room);
	if (block == NULL)
		return NULL;
	block->size = room;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	if (arena->next_size < BLOCK_MOST)
		arena->next_size *= 2;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->blocks;
	unsigned char *out;

	if (size > arena->cap || size > SIZE_MAX / 2)
		return NULL;
	if (size == 0)
		size = 1;
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (size > arena->cap - arena->used)
		return NULL;
	if (block == NULL || block->size - block->used < size)
		block = block_add(arena, size);
	if (block == NULL)
		return NULL;
	out = block->room + block->used;
	block->used += size;
	arena->used += size;
	memset(out, 0, size);
	return out;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(arena, total);
}

struct bytes arena_bytes(struct arena *arena, struct bytes from)
{
	unsigned char *copy = arena_alloc(arena, from.len);
	struct bytes out = { NULL, 0 };

	if (copy == NULL)
		return out;
	if (from.len > 0)
		memcpy(copy, from.data, from.len);
	out.data = copy;
	out.len = from.len;
	return out;
}

char *arena_text(struct arena *arena, struct bytes from)
{
	char *copy;

	if (from.len >= SIZE_MAX / 2 || bytes_has(from, 0))
		return NULL;
	copy = arena_alloc(arena, from.len + 1);
	if (copy != NULL && from.len > 0)
		memcpy(copy, from.data, from.len);
	return copy;
}

char *arena_vprint(struct arena *arena, const char *format, va_list args)
{
	char room[PRINT_ROOM];
	va_list again;
	char *out = NULL;
	int len;

	va_copy(again, args);
	len = vsnprintf(room, sizeof(room), format, args);
	if (len >= 0)
		out = arena_alloc(arena, (size_t)len + 1);
	if (out != NULL && (size_t)len < sizeof(room))
		memcpy(out, room, (size_t)len + 1);
	else if (out != NULL)
		(void)vsnprintf(out, (size_t)len + 1, format, again);
	va_end(again);
	return out;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *out;

	va_start(args, format);
	out = arena_vprint(arena, format, args);
	va_end(args);
	return out;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
