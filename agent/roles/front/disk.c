/* disk.c - a few threads that may wait, and a descriptor that tells */
#include "agent/roles/front/disk.h"

#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "agent/base/workers.h"
#include "agent/roles/front/front.h"

#define THREADS	4
#define STACK	(256 * 1024)

struct disk_task {
	struct disk_task *next;		/* disk::finished */
	struct disk *disk;
	void (*work)(void *ctx);
	void (*done)(struct front *front, void *ctx);
	void *ctx;
};

struct disk {
	struct front *front;
	struct workers *workers;
	int event_fd;
	pthread_mutex_t lock;
	struct disk_task *finished, **last;	/* under the lock */
};

static struct disk_task *finished_take(struct disk *disk)
{
	struct disk_task *all;

	(void)pthread_mutex_lock(&disk->lock);
	all = disk->finished;
	disk->finished = NULL;
	disk->last = &disk->finished;
	(void)pthread_mutex_unlock(&disk->lock);
	return all;
}

static void finished_run(struct disk *disk)
{
	struct disk_task *all = finished_take(disk), *task;

	while ((task = all) != NULL) {
		all = task->next;
		task->done(disk->front, task->ctx);
		free(task);
	}
}

static void event_ready(struct front *front, void *ctx, short events)
{
	struct disk *disk = ctx;
	uint64_t count;

	(void)front;
	(void)events;
	if (read(disk->event_fd, &count, sizeof(count)) < 0)
		return;
	finished_run(disk);
}

static void task_work(void *ctx)		/* in a thread */
{
	struct disk_task *task = ctx;
	struct disk *disk = task->disk;
	uint64_t one = 1;

	task->work(task->ctx);
	(void)pthread_mutex_lock(&disk->lock);
	task->next = NULL;
	*disk->last = task;
	disk->last = &task->next;
	(void)pthread_mutex_unlock(&disk->lock);
	if (write(disk->event_fd, &one, sizeof(one)) < 0)
		return;			/* it is readable anyway */
}

struct disk *disk_new(struct front *front)
{
	struct disk *disk = calloc(1, sizeof(*disk));

	if (disk == NULL)
		return NULL;
	disk->front = front;
	disk->last = &disk->finished;
	(void)pthread_mutex_init(&disk->lock, NULL);
	disk->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	disk->workers = workers_new(THREADS, STACK);
	if (disk->event_fd >= 0 && disk->workers != NULL &&
	    front_watch(front, disk->event_fd, POLLIN, event_ready,
			disk) == 0)
		return disk;
	disk_free(disk);
	return NULL;
}

void disk_free(struct disk *disk)
{
	if (disk == NULL)
		return;
	workers_free(disk->workers);
	finished_run(disk);
	if (disk->event_fd >= 0) {
		front_unwatch(disk->front, disk->event_fd);
		(void)close(disk->event_fd);
	}
	(void)pthread_mutex_destroy(&disk->lock);
	free(disk);
}

void disk_do(struct disk *disk, void (*work)(void *ctx),
	     void (*done)(struct front *front, void *ctx), void *ctx)
{
	struct disk_task *task = calloc(1, sizeof(*task));

	if (task != NULL) {
		task->disk = disk;
		task->work = work;
		task->done = done;
		task->ctx = ctx;
		if (workers_add(disk->workers, 0, task_work, task) == 0)
			return;
		free(task);
	}
	work(ctx);
	done(disk->front, ctx);
}
