/* arena.h - the memory of one request, let go in one call
 *
 * Everything that a request makes lives here.  An arena has a cap, so that
 * no input decides how much memory is used.  Not for threads: one arena
 * belongs to one worker at a time. */
#ifndef MAILSEAL_BASE_ARENA_H
#define MAILSEAL_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "agent/base/bytes.h"

struct arena;

/* `cap`: how many bytes may be given out in all.  NULL: no memory. */
struct arena *arena_new(size_t cap);
void arena_free(struct arena *arena);		/* NULL is allowed */

/* Zeroed and aligned for any type.  NULL over the cap or without memory:
 * the caller answers ERR_LIMIT. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same for `count` things of `size`; checks the product. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies; NULL as above.  arena_text adds a NUL and refuses (NULL) bytes
 * that hold one. */
struct bytes arena_bytes(struct arena *arena, struct bytes from);
char *arena_text(struct arena *arena, struct bytes from);
char *arena_print(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprint(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* How many bytes were given out so far. */
size_t arena_used(const struct arena *arena);

#endif
