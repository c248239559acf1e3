/* poison.c - messages that were in hand when a role died
 *
 * Known by the SHA-256 of their first bytes and their size; nothing of them
 * is interpreted.  Costs nothing as long as nothing died; the store keeps them
 * for the next agent. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/flow/identity.h"
#include "agent/roles/front/front.h"
#include "agent/store/death.h"

#define POISON_BYTES	(256 * 1024)	/* looked at of each */
#define NO_DEATH	UINT_MAX	/* of this life of the agent */

struct poison {
	struct poison *next;
	unsigned char sum[DEATH_SUM];
	off_t size;
	unsigned deaths;
	unsigned death;			/* the last one */
};

static int sum_of(int message, unsigned char sum[DEATH_SUM], off_t *size)
{
	unsigned char *room = malloc(POISON_BYTES);
	struct stat about;
	ssize_t got;
	int r = ERR_IO;

	if (room == NULL)
		return ERR_MEMORY;
	got = pread(message, room, POISON_BYTES, 0);
	if (got >= 0 && fstat(message, &about) == 0 &&
	    identity_sum(room, (size_t)got, sum) == 0) {
		*size = about.st_size;
		r = 0;
	}
	free(room);
	return r;
}

static bool is_of(const struct poison *one, const unsigned char *sum,
		  off_t size)
{
	return one->size == size && memcmp(one->sum, sum, DEATH_SUM) == 0;
}

/* In front of the others; NULL: no memory. */
static struct poison *poison_add(struct poison **list,
				 const unsigned char *sum, off_t size)
{
	struct poison *one = calloc(1, sizeof(*one)), **at;
	unsigned count = 0;

	if (one == NULL)
		return NULL;
	memcpy(one->sum, sum, DEATH_SUM);
	one->size = size;
	one->death = NO_DEATH;
	one->next = *list;
	*list = one;
	for (at = list; *at != NULL && count < DEATH_MAX; at = &(*at)->next)
		count++;
	poison_free(*at);		/* the oldest, over the limit */
	*at = NULL;
	return one;
}

static void poison_write(struct front *front, const struct poison *one)
{
	struct death death = { .size = one->size, .count = one->deaths,
			       .when = clock_wall() };

	if (front->store == NULL)
		return;
	memcpy(death.sum, one->sum, sizeof(death.sum));
	(void)death_put(front->store, &death);
	/* Now: the next death may be the agent's. */
	memory_write_now(front);
}

void poison_note(struct front *front, int message, unsigned death)
{
	unsigned char sum[DEATH_SUM];
	struct poison *one;
	off_t size;

	if (sum_of(message, sum, &size) < 0)
		return;
	for (one = front->poison; one != NULL && !is_of(one, sum, size);
	     one = one->next)
		;
	if (one == NULL)
		one = poison_add(&front->poison, sum, size);
	if (one == NULL || one->death == death)
		return;
	one->deaths++;
	one->death = death;
	poison_write(front, one);
}

unsigned poison_count(const struct front *front, int message)
{
	const struct poison *one = front->poison;
	unsigned char sum[DEATH_SUM];
	off_t size;

	if (one == NULL || sum_of(message, sum, &size) < 0)
		return 0;
	while (one != NULL && !is_of(one, sum, size))
		one = one->next;
	return one == NULL ? 0 : one->deaths;
}

static void take_death(void *ctx, const struct death *death)
{
	struct front *front = ctx;
	struct poison *one = poison_add(&front->poison, death->sum,
					(off_t)death->size);

	if (one != NULL)
		one->deaths = death->count;
}

void poison_load(struct front *front)
{
	if (front->store != NULL)
		(void)death_each(front->store, clock_wall(), take_death,
				 front);
}

void poison_free(struct poison *list)
{
	struct poison *next;

	for (; list != NULL; list = next) {
		next = list->next;
		free(list);
	}
}
