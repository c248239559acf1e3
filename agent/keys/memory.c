/* memory.c - wiping what is let go, locking what can be written */
#include "agent/keys/memory.h"

#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/crypto.h>

#include "agent/base/err.h"

#define SECURE_HEAP	(512 * 1024)	/* 64 keys of RSA-4096 */
#define SECURE_LEAST	32
#define HEAP_AHEAD	(2 * 1024 * 1024)	/* grown before it is locked */
#define MAPPED_FROM	(4 * 1024 * 1024)	/* scrypt's room, no other */

static void *wiping_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(size);
}

static void wiping_free(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	if (at == NULL)
		return;
	explicit_bzero(at, malloc_usable_size(at));
	free(at);
}

static void *wiping_realloc(void *at, size_t size, const char *file, int line)
{
	size_t before = at == NULL ? 0 : malloc_usable_size(at);
	void *more;

	if (size == 0) {
		wiping_free(at, file, line);
		return NULL;
	}
	more = malloc(size);
	if (more == NULL)
		return NULL;
	if (at != NULL)
		memcpy(more, at, before < size ? before : size);
	wiping_free(at, file, line);
	return more;
}

int memory_prepare(void)
{
	void *ahead;

	/* One heap that does not shrink, large enough from the start. */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	(void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
	ahead = malloc(HEAP_AHEAD);
	free(ahead);
	if (CRYPTO_set_mem_functions(wiping_malloc, wiping_realloc,
				     wiping_free) != 1)
		return ERR_UNSUPPORTED;
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
	    CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_LEAST) == 0)
		return ERR_MEMORY;
	return 0;
}

/* One line of /proc/self/maps; false: it is writable and cannot be locked. */
static bool line_lock(const char *line)
{
	uintptr_t from, to;
	char *end;
	void *at;

	from = strtoul(line, &end, 16);
	if (*end != '-')
		return false;
	to = strtoul(end + 1, &end, 16);
	/* " rw-p ..." */
	if (end[0] != ' ' || end[1] != 'r' || end[2] != 'w' || to <= from)
		return true;
	memcpy(&at, &from, sizeof(at));
	return mlock(at, to - from) == 0;
}

bool memory_lock(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128];
	bool locked = maps != NULL;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL)
		if (!line_lock(line))
			locked = false;
	if (maps != NULL)
		(void)fclose(maps);
	return locked;
}
