/* workers.c - a queue a caller, taken from in turn */
#include "agent/base/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "agent/base/err.h"

struct job {
	struct job *next;		/* queue::first */
	void (*work)(void *ctx);
	void *ctx;
};

/* One caller's jobs; lives while it has any. */
struct queue {
	struct queue *next;		/* workers::queues, a ring by turns */
	uint32_t caller;
	struct job *first, *last;
	unsigned running;
};

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t *threads;
	pthread_attr_t attributes;
	unsigned count, started, idle, running, waiting;
	bool waking;			/* a thread was woken and has not taken
					 * a job yet */
	struct queue *queues;		/* whose turn is next: the first */
	bool ending;
};

/* One caller's share, rounded down (see workers.h): while two threads are
 * free, one of them is left to whoever comes next. */
static bool queue_may_run(const struct workers *workers,
			  const struct queue *queue)
{
	unsigned others = workers->running - queue->running;
	unsigned left = workers->count - others;
	unsigned share = left / 4 * 3 + left % 4 * 3 / 4;

	if (share == 0)
		share = 1;
	return queue->first != NULL && queue->running < share;
}

static void queue_drop(struct workers *workers, struct queue *queue)
{
	struct queue **at = &workers->queues;

	while (*at != queue)
		at = &(*at)->next;
	*at = queue->next;
	free(queue);
}

/* The next job by turns; its queue goes to the end.  NULL: none may run. */
static struct job *job_take(struct workers *workers, struct queue **from)
{
	struct queue **at = &workers->queues, *queue;
	struct job *job;

	while (*at != NULL && !queue_may_run(workers, *at))
		at = &(*at)->next;
	queue = *at;
	if (queue == NULL)
		return NULL;
	job = queue->first;
	queue->first = job->next;
	queue->running++;
	workers->waiting--;
	workers->running++;
	*at = queue->next;
	queue->next = NULL;
	for (at = &workers->queues; *at != NULL; at = &(*at)->next)
		;
	*at = queue;
	*from = queue;
	return job;
}

/* One thread is woken at a time, and wakes the next when it has a job: who
 * just finished one takes the next without a change of threads, and nobody is
 * woken for nothing. */
static void wake_one(struct workers *workers)
{
	const struct queue *queue = workers->queues;

	if (workers->waking || workers->idle == 0 || workers->waiting == 0)
		return;
	while (queue != NULL && !queue_may_run(workers, queue))
		queue = queue->next;
	if (queue == NULL)
		return;
	workers->waking = true;
	(void)pthread_cond_signal(&workers->wake);
}

static void *worker_main(void *ctx)
{
	struct workers *workers = ctx;
	struct queue *queue;
	struct job *job;

	(void)pthread_mutex_lock(&workers->lock);
	for (;;) {
		job = job_take(workers, &queue);
		if (job == NULL) {
			if (workers->ending && workers->waiting == 0)
				break;
			workers->idle++;
			(void)pthread_cond_wait(&workers->wake,
						&workers->lock);
			workers->idle--;
			workers->waking = false;
			continue;
		}
		wake_one(workers);
		(void)pthread_mutex_unlock(&workers->lock);
		job->work(job->ctx);
		free(job);
		(void)pthread_mutex_lock(&workers->lock);
		queue->running--;
		workers->running--;
		if (queue->running == 0 && queue->first == NULL)
			queue_drop(workers, queue);
		if (workers->ending)
			(void)pthread_cond_broadcast(&workers->wake);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	return NULL;
}

struct workers *workers_new(unsigned count, size_t stack)
{
	struct workers *workers = calloc(1, sizeof(*workers));

	if (workers == NULL)
		return NULL;
	workers->threads = calloc(count, sizeof(*workers->threads));
	if (workers->threads == NULL || count == 0) {
		free(workers->threads);
		free(workers);
		return NULL;
	}
	workers->count = count;
	(void)pthread_mutex_init(&workers->lock, NULL);
	(void)pthread_cond_init(&workers->wake, NULL);
	(void)pthread_attr_init(&workers->attributes);
	(void)pthread_attr_setstacksize(&workers->attributes, stack);
	return workers;
}

static struct queue *queue_of(struct workers *workers, uint32_t caller)
{
	struct queue **at;

	for (at = &workers->queues; *at != NULL; at = &(*at)->next)
		if ((*at)->caller == caller)
			return *at;
	*at = calloc(1, sizeof(**at));
	if (*at != NULL)
		(*at)->caller = caller;
	return *at;
}

/* One more thread, when those that wait for work are not enough: one of them
 * may have been woken for another job already.  False: there is none at
 * all. */
static bool thread_start(struct workers *workers)
{
	if (workers->waiting >= workers->idle &&
	    workers->started < workers->count &&
	    pthread_create(&workers->threads[workers->started],
			   &workers->attributes, worker_main, workers) == 0)
		workers->started++;
	return workers->started > 0;
}

static int job_add(struct workers *workers, uint32_t caller, struct job *job)
{
	struct queue *queue;

	if (workers->waiting >= WORKERS_QUEUE_MAX)
		return ERR_LIMIT;
	/* Before the job is in the queue: nobody else would take it out. */
	if (!thread_start(workers))
		return ERR_MEMORY;
	queue = queue_of(workers, caller);
	if (queue == NULL)
		return ERR_MEMORY;
	if (queue->first == NULL)
		queue->first = job;
	else
		queue->last->next = job;
	queue->last = job;
	workers->waiting++;
	wake_one(workers);
	return 0;
}

int workers_add(struct workers *workers, uint32_t caller,
		void (*work)(void *ctx), void *ctx)
{
	struct job *job = calloc(1, sizeof(*job));
	int r;

	if (job == NULL)
		return ERR_MEMORY;
	job->work = work;
	job->ctx = ctx;
	(void)pthread_mutex_lock(&workers->lock);
	r = job_add(workers, caller, job);
	(void)pthread_mutex_unlock(&workers->lock);
	if (r < 0)
		free(job);		/* it is not in the queue */
	return r;
}

void workers_free(struct workers *workers)
{
	unsigned i;

	if (workers == NULL)
		return;
	(void)pthread_mutex_lock(&workers->lock);
	workers->ending = true;
	(void)pthread_cond_broadcast(&workers->wake);
	(void)pthread_mutex_unlock(&workers->lock);
	for (i = 0; i < workers->started; i++)
		(void)pthread_join(workers->threads[i], NULL);
	(void)pthread_mutex_destroy(&workers->lock);
	(void)pthread_cond_destroy(&workers->wake);
	(void)pthread_attr_destroy(&workers->attributes);
	free(workers->threads);
	free(workers);
}
