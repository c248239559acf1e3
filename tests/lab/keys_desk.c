/* keys_desk.c - a keeper in a thread */
#include "tests/lab/keys_desk.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "agent/base/channel.h"
#include "agent/keys/remote_key.h"

struct keys_desk {
	struct keys_link *link;
	struct vault *vault;
	pthread_mutex_t lock;		/* of the vault and the clock */
	int64_t now;
	pthread_t thread;
	bool running;
	int fd;				/* the keeper's end */
	int stop[2];			/* a pipe: its end ends the thread */
};

static void *serve(void *ctx)
{
	struct keys_desk *desk = ctx;
	struct pollfd fds[2] = { { desk->fd, POLLIN, 0 },
				 { desk->stop[0], POLLIN, 0 } };
	struct keys_request request;
	struct keys_reply reply;
	ssize_t got;

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents != 0)
			break;
		got = recv(desk->fd, &request, sizeof(request), 0);
		if (got <= 0 || !keys_request_fits(&request, (size_t)got))
			break;
		(void)pthread_mutex_lock(&desk->lock);
		vault_answer(desk->vault, &request, &reply, desk->now);
		(void)pthread_mutex_unlock(&desk->lock);
		if (send(desk->fd, &reply, sizeof(reply), MSG_NOSIGNAL) < 0)
			break;
	}
	(void)close(desk->fd);
	return NULL;
}

static void keeper_start(struct keys_desk *desk)
{
	int ends[2];

	if (channel_pair(ends) < 0 || pipe(desk->stop) < 0)
		abort();
	desk->vault = vault_new();
	desk->fd = ends[1];
	keys_link_attach(desk->link, ends[0]);
	desk->running = true;
	if (desk->vault == NULL ||
	    pthread_create(&desk->thread, NULL, serve, desk) != 0)
		abort();
}

struct keys_desk *keys_desk_new(void)
{
	struct keys_desk *desk = calloc(1, sizeof(*desk));

	if (desk == NULL || remote_key_prepare() < 0)
		abort();
	(void)pthread_mutex_init(&desk->lock, NULL);
	desk->now = 1000;
	desk->link = keys_link_new();
	keeper_start(desk);
	return desk;
}

void keys_desk_kill(struct keys_desk *desk)
{
	if (!desk->running)
		return;
	(void)close(desk->stop[1]);
	(void)pthread_join(desk->thread, NULL);
	(void)close(desk->stop[0]);
	vault_free(desk->vault);
	desk->vault = NULL;
	desk->running = false;
}

void keys_desk_restart(struct keys_desk *desk)
{
	keys_desk_kill(desk);
	keeper_start(desk);
}

void keys_desk_free(struct keys_desk *desk)
{
	keys_desk_kill(desk);
	keys_link_free(desk->link);
	(void)pthread_mutex_destroy(&desk->lock);
	free(desk);
}

struct keys_link *keys_desk_link(struct keys_desk *desk)
{
	return desk->link;
}

struct vault *keys_desk_hold(struct keys_desk *desk)
{
	(void)pthread_mutex_lock(&desk->lock);
	return desk->vault;
}

void keys_desk_let_go(struct keys_desk *desk)
{
	(void)pthread_mutex_unlock(&desk->lock);
}

void keys_desk_clock(struct keys_desk *desk, int64_t now)
{
	(void)keys_desk_hold(desk);
	desk->now = now;
	keys_desk_let_go(desk);
}

EVP_PKEY *keys_desk_add(struct keys_desk *desk, EVP_PKEY *key, unsigned usage)
{
	struct vault *vault = keys_desk_hold(desk);
	struct keyfile file = { NULL, 0 };
	uint8_t id[KEYS_ID_SIZE];
	EVP_PKEY *copy = EVP_PKEY_dup(key), *remote;
	int r = remote_key_id(key, id);

	if (r == 0)
		r = vault_add(vault, id, &file);
	if (r == 0)
		r = vault_unlock(vault_find(vault, id), copy, usage,
				 desk->now);
	keys_desk_let_go(desk);
	if (r < 0 || remote_key_new(desk->link, key, &remote) < 0)
		abort();
	return remote;
}
