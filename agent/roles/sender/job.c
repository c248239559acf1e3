/* job.c - the sender's requests in hand, so that they can be given up */
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "agent/base/channel.h"
#include "agent/dns/dns.h"
#include "agent/roles/sender/sender.h"

struct sender_job *sender_job_new(struct sender *sender, uint32_t id,
				  int64_t dns_deadline)
{
	struct sender_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->id = id;
	job->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job->request = dns_request_new(sender->resolver, dns_deadline);
	if (job->cancel_fd < 0 || job->request == NULL) {
		if (job->cancel_fd >= 0)
			(void)close(job->cancel_fd);
		dns_request_free(job->request);
		free(job);
		return NULL;
	}
	(void)pthread_mutex_lock(&sender->lock);
	job->next = sender->jobs;
	sender->jobs = job;
	(void)pthread_mutex_unlock(&sender->lock);
	return job;
}

void sender_job_free(struct sender *sender, struct sender_job *job)
{
	struct sender_job **at;

	if (job == NULL)
		return;
	(void)pthread_mutex_lock(&sender->lock);
	for (at = &sender->jobs; *at != NULL; at = &(*at)->next)
		if (*at == job) {
			*at = job->next;
			break;
		}
	(void)pthread_mutex_unlock(&sender->lock);
	(void)close(job->cancel_fd);
	dns_request_free(job->request);
	free(job);
}

static void job_cancel(struct sender_job *job)
{
	uint64_t one = 1;

	if (job->committed)
		return;
	job->cancelled = true;
	dns_request_cancel(job->request);
	if (write(job->cancel_fd, &one, sizeof(one)) < 0)
		return;			/* it was cancelled before */
}

bool sender_job_commit(struct sender *sender, struct sender_job *job)
{
	bool fine;

	(void)pthread_mutex_lock(&sender->lock);
	fine = !job->cancelled;
	job->committed = fine;
	(void)pthread_mutex_unlock(&sender->lock);
	return fine;
}

int sender_cancel(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct sender_job *job;

	(void)pthread_mutex_lock(&sender->lock);
	for (job = sender->jobs; job != NULL; job = job->next)
		if (job->id == frame->id)
			job_cancel(job);
	(void)pthread_mutex_unlock(&sender->lock);
	return 0;
}

void sender_cancel_all(struct sender *sender)
{
	struct sender_job *job;

	(void)pthread_mutex_lock(&sender->lock);
	for (job = sender->jobs; job != NULL; job = job->next)
		job_cancel(job);
	(void)pthread_mutex_unlock(&sender->lock);
}
