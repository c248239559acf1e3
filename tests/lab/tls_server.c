/* tls_server.c - clients are let in, and what they said is told */
#include "tests/lab/tls_server_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS_MAX	64

const char *const tls_fault_name[TLS_FAULTS] = {
	"fine", "cut-greeting", "hang-greeting", "later-greeting",
	"long-line", "endless", "nul", "nonsense", "cut-hello", "hang-hello",
	"not-offered", "inject-early", "inject", "refused", "later",
	"cut-starttls", "hang-starttls", "cut-tls", "hang-tls", "old",
	"alert", "plain", "preauth"
};

void tls_plan_usual(struct tls_plan *plan, enum tls_kind leaf)
{
	memset(plan, 0, sizeof(*plan));
	plan->leaf = leaf;
	plan->chain_count = 1;
	plan->chain[0] = TLS_MIDDLE;
	if (leaf == TLS_SELF || leaf == TLS_SELF_OTHER)
		plan->chain_count = 0;
	else if (leaf == TLS_STRANGER)
		plan->chain[0] = TLS_OTHER_ROOT;
	else if (leaf == TLS_UNDER_EXPIRED)
		plan->chain[0] = TLS_MIDDLE_EXPIRED;
}

enum tls_fault tls_fault_of(const char *name)
{
	int fault = 0;

	while (fault < TLS_FAULTS && strcmp(tls_fault_name[fault], name) != 0)
		fault++;
	return (enum tls_fault)fault;
}

static void fault(const char *what)
{
	(void)fprintf(stderr, "tls_server: %s: %s\n", what, strerror(errno));
	abort();
}

static void *client_run(void *ctx)
{
	struct client *client = ctx;
	struct tls_server *server = client->server;

	tls_talk(client);
	(void)close(client->fd);
	free(client);
	(void)pthread_mutex_lock(&server->lock);
	server->running--;
	(void)pthread_cond_signal(&server->idle);
	(void)pthread_mutex_unlock(&server->lock);
	return NULL;
}

static void client_start(struct tls_server *server, int fd)
{
	struct client *client = calloc(1, sizeof(*client));
	pthread_t thread;

	if (client == NULL)
		fault("no memory");
	client->server = server;
	client->fd = fd;
	(void)pthread_mutex_lock(&server->lock);
	client->plan = server->plan;
	server->count++;
	server->running++;
	(void)pthread_mutex_unlock(&server->lock);
	if (pthread_create(&thread, NULL, client_run, client) != 0)
		fault("no thread");
	(void)pthread_detach(thread);
}

static void *server_run(void *ctx)
{
	struct tls_server *server = ctx;
	struct pollfd fds[2] = { { server->listener, POLLIN, 0 },
				 { server->wake[0], POLLIN, 0 } };
	int fd;

	while (poll(fds, 2, -1) > 0 && fds[1].revents == 0) {
		fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			client_start(server, fd);
	}
	return NULL;
}

struct tls_server *tls_server_start(const struct tls_world *world,
				    const struct tls_plan *plan)
{
	struct tls_server *server = calloc(1, sizeof(*server));
	struct sockaddr_in at;
	socklen_t length = sizeof(at);

	if (server == NULL)
		fault("no memory");
	(void)signal(SIGPIPE, SIG_IGN);
	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->world = world;
	server->plan = *plan;
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server->listener < 0 ||
	    bind(server->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(server->listener, CLIENTS_MAX) < 0 ||
	    getsockname(server->listener, (struct sockaddr *)&at,
			&length) < 0 ||
	    pipe2(server->wake, O_CLOEXEC) < 0)
		fault("cannot listen");
	server->port = ntohs(at.sin_port);
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_cond_init(&server->idle, NULL);
	if (pthread_create(&server->thread, NULL, server_run, server) != 0)
		fault("no thread");
	return server;
}

uint16_t tls_server_port(const struct tls_server *server)
{
	return server->port;
}

void tls_server_switch(struct tls_server *server, const struct tls_plan *plan)
{
	(void)pthread_mutex_lock(&server->lock);
	server->plan = *plan;
	(void)pthread_mutex_unlock(&server->lock);
}

void tls_server_heard(struct tls_server *server, char *plain, char *secret)
{
	(void)pthread_mutex_lock(&server->lock);
	memcpy(plain, server->plain, server->plain_len);
	plain[server->plain_len] = 0;
	memcpy(secret, server->secret, server->secret_len);
	secret[server->secret_len] = 0;
	server->plain_len = server->secret_len = 0;
	(void)pthread_mutex_unlock(&server->lock);
}

unsigned tls_server_count(struct tls_server *server)
{
	unsigned count;

	(void)pthread_mutex_lock(&server->lock);
	count = server->count;
	(void)pthread_mutex_unlock(&server->lock);
	return count;
}

unsigned tls_server_resumed(struct tls_server *server)
{
	unsigned resumed;

	(void)pthread_mutex_lock(&server->lock);
	resumed = server->resumed;
	(void)pthread_mutex_unlock(&server->lock);
	return resumed;
}

void tls_server_sni(struct tls_server *server, char name[256])
{
	(void)pthread_mutex_lock(&server->lock);
	memcpy(name, server->sni, sizeof(server->sni));
	(void)pthread_mutex_unlock(&server->lock);
}

void tls_server_stop(struct tls_server *server)
{
	if (server == NULL)
		return;
	(void)close(server->wake[1]);
	(void)pthread_join(server->thread, NULL);
	(void)pthread_mutex_lock(&server->lock);
	while (server->running > 0)
		(void)pthread_cond_wait(&server->idle, &server->lock);
	(void)pthread_mutex_unlock(&server->lock);
	(void)close(server->wake[0]);
	(void)close(server->listener);
	(void)pthread_cond_destroy(&server->idle);
	(void)pthread_mutex_destroy(&server->lock);
	free(server);
}
