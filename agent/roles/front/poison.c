/* poison.c - messages that were in hand when the reader died
 *
 * Known by the SHA-256 of their first bytes and their size; nothing of them
 * is interpreted.  Costs nothing as long as no reader died. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/flow/identity.h"
#include "agent/roles/front/front.h"

#define POISON_MAX	1024		/* messages remembered */
#define POISON_BYTES	(256 * 1024)	/* looked at of each */
#define POISON_SUM	32		/* bytes of SHA-256 */

struct poison {
	struct poison *next;
	unsigned char sum[POISON_SUM];
	off_t size;
	unsigned deaths;
	unsigned death;			/* the last one */
};

static int sum_of(int message, unsigned char sum[POISON_SUM], off_t *size)
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

static struct poison *poison_find(struct poison *list,
				  const unsigned char *sum, off_t size)
{
	while (list != NULL && (list->size != size ||
				memcmp(list->sum, sum, POISON_SUM) != 0))
		list = list->next;
	return list;
}

void poison_note(struct poison **list, int message, unsigned death)
{
	unsigned char sum[POISON_SUM];
	struct poison *one, **at;
	unsigned count = 0;
	off_t size;

	if (sum_of(message, sum, &size) < 0)
		return;
	one = poison_find(*list, sum, size);
	if (one != NULL) {
		one->deaths += one->death != death;
		one->death = death;
		return;
	}
	one = calloc(1, sizeof(*one));
	if (one == NULL)
		return;
	memcpy(one->sum, sum, POISON_SUM);
	one->size = size;
	one->deaths = 1;
	one->death = death;
	one->next = *list;
	*list = one;
	for (at = list; *at != NULL && count < POISON_MAX; at = &(*at)->next)
		count++;
	poison_free(*at);		/* the oldest, over the limit */
	*at = NULL;
}

unsigned poison_count(const struct poison *list, int message)
{
	unsigned char sum[POISON_SUM];
	off_t size;

	if (list == NULL || sum_of(message, sum, &size) < 0)
		return 0;
	while (list != NULL && (list->size != size ||
				memcmp(list->sum, sum, POISON_SUM) != 0))
		list = list->next;
	return list == NULL ? 0 : list->deaths;
}

void poison_free(struct poison *list)
{
	struct poison *next;

	for (; list != NULL; list = next) {
		next = list->next;
		free(list);
	}
}
