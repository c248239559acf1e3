/* openpgp_client.c - an asker's way to the role that drives gpg */
#include "agent/crypto/openpgp_client.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"

#define SLICE_MS 200		/* how often a wait for the channel looks up */

struct openpgp_client {
	pthread_mutex_t lock;
	pthread_cond_t attached;
	int fd;				/* -1: there is none */
	unsigned life;			/* which channel it is */
	void (*need)(void *ctx);
	void *ctx;
};

struct openpgp_client *openpgp_client_new(void (*need)(void *ctx), void *ctx)
{
	struct openpgp_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	(void)pthread_mutex_init(&client->lock, NULL);
	(void)pthread_cond_init(&client->attached, NULL);
	client->fd = -1;
	client->need = need;
	client->ctx = ctx;
	return client;
}

void openpgp_client_free(struct openpgp_client *client)
{
	if (client == NULL)
		return;
	if (client->fd >= 0)
		(void)close(client->fd);
	(void)pthread_cond_destroy(&client->attached);
	(void)pthread_mutex_destroy(&client->lock);
	free(client);
}

void openpgp_client_attach(struct openpgp_client *client, int fd)
{
	(void)pthread_mutex_lock(&client->lock);
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = fd;
	client->life++;
	(void)pthread_cond_broadcast(&client->attached);
	(void)pthread_mutex_unlock(&client->lock);
}

/* With the lock: waits a little for a channel. */
static void channel_wait(struct openpgp_client *client)
{
	struct timespec until;

	if (clock_gettime(CLOCK_REALTIME, &until) < 0)
		return;
	until.tv_nsec += SLICE_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	(void)pthread_cond_timedwait(&client->attached, &client->lock,
				     &until);
}

int openpgp_client_send(struct openpgp_client *client,
			const struct frame *frame, int64_t until)
{
	unsigned asked_for = 0;
	bool asked = false;
	int r = ERR_GONE;

	(void)pthread_mutex_lock(&client->lock);
	for (;;) {
		if (client->fd >= 0) {
			r = channel_send(client->fd, frame);
			if (r != ERR_GONE)
				break;
			(void)close(client->fd);
			client->fd = -1;
		}
		r = ERR_GONE;
		if (client->need == NULL || clock_now_ms() >= until ||
		    (asked && asked_for != client->life))
			break;
		if (!asked) {
			asked = true;
			asked_for = client->life;
			(void)pthread_mutex_unlock(&client->lock);
			client->need(client->ctx);
			(void)pthread_mutex_lock(&client->lock);
			continue;
		}
		channel_wait(client);
	}
	(void)pthread_mutex_unlock(&client->lock);
	return r;
}
