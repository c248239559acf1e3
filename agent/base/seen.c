/* seen.c - four bits an id in 512 kB of shared memory */
#include "agent/base/seen.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BITS		(4u * 1024 * 1024)	/* a power of two */
#define WORDS		(BITS / 64)
#define PROBES		4			/* of SEEN_ID / PROBES bytes */
#define MAGIC		0x6D736C5365656E31	/* "mslSeen1" */
#define SEALS		(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE)

struct map {
	uint64_t magic;
	uint64_t complete;
	uint64_t words[WORDS];
};

struct seen {
	struct map *map;
	int fd;				/* -1: the reader's */
};

struct seen *seen_new(void)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	if (seen == NULL)
		return NULL;
	seen->map = MAP_FAILED;
	seen->fd = memfd_create("seen", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (seen->fd >= 0 && ftruncate(seen->fd, sizeof(struct map)) == 0)
		seen->map = mmap(NULL, sizeof(struct map),
				 PROT_READ | PROT_WRITE, MAP_SHARED, seen->fd,
				 0);
	/* Whoever maps it later cannot write. */
	if (seen->map == MAP_FAILED ||
	    fcntl(seen->fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) < 0) {
		seen_free(seen);
		return NULL;
	}
	seen->map->magic = MAGIC;
	return seen;
}

int seen_fd(const struct seen *seen)
{
	return seen->fd;
}

static uint32_t probe_of(const unsigned char *id, unsigned nth)
{
	uint32_t probe;

	memcpy(&probe, id + nth * sizeof(probe), sizeof(probe));
	return probe & (BITS - 1);
}

void seen_add(struct seen *seen, const unsigned char *id)
{
	uint32_t bit;
	unsigned i;

	if (seen == NULL)
		return;
	for (i = 0; i < PROBES; i++) {
		bit = probe_of(id, i);
		(void)__atomic_fetch_or(&seen->map->words[bit / 64],
					(uint64_t)1 << (bit % 64),
					__ATOMIC_RELAXED);
	}
}

void seen_complete(struct seen *seen)
{
	if (seen != NULL)
		__atomic_store_n(&seen->map->complete, 1, __ATOMIC_RELEASE);
}

struct seen *seen_open(int fd)
{
	struct seen *seen = calloc(1, sizeof(*seen));
	struct stat about;

	if (seen != NULL) {
		seen->fd = -1;
		seen->map = MAP_FAILED;
		if (fstat(fd, &about) == 0 &&
		    about.st_size == (off_t)sizeof(struct map) &&
		    (fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK) != 0)
			seen->map = mmap(NULL, sizeof(struct map), PROT_READ,
					 MAP_SHARED, fd, 0);
		if (seen->map == MAP_FAILED || seen->map->magic != MAGIC) {
			seen_free(seen);
			seen = NULL;
		}
	}
	(void)close(fd);
	return seen;
}

bool seen_may_have(const struct seen *seen, const unsigned char *id)
{
	uint64_t word;
	uint32_t bit;
	unsigned i;

	if (seen == NULL ||
	    __atomic_load_n(&seen->map->complete, __ATOMIC_ACQUIRE) == 0)
		return true;
	for (i = 0; i < PROBES; i++) {
		bit = probe_of(id, i);
		word = __atomic_load_n(&seen->map->words[bit / 64],
				       __ATOMIC_RELAXED);
		if ((word & (uint64_t)1 << (bit % 64)) == 0)
			return false;
	}
	return true;
}

void seen_free(struct seen *seen)
{
	if (seen == NULL)
		return;
	if (seen->map != MAP_FAILED)
		(void)munmap(seen->map, sizeof(struct map));
	if (seen->fd >= 0)
		(void)close(seen->fd);
	free(seen);
}
