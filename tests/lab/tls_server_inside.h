/* tls_server_inside.h - what the server shares with its talks */
#ifndef MAILSEAL_TESTS_TLS_SERVER_INSIDE_H
#define MAILSEAL_TESTS_TLS_SERVER_INSIDE_H

#include <openssl/ssl.h>
#include <pthread.h>

#include "tests/lab/tls_server.h"

struct tls_server {
	const struct tls_world *world;
	int listener;
	uint16_t port;
	int wake[2];			/* closed: everything ends */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	unsigned running;
	struct tls_plan plan;
	unsigned count, resumed;
	char sni[256];
	char plain[TLS_HEARD_MAX], secret[TLS_HEARD_MAX];
	size_t plain_len, secret_len;
};

struct client {
	struct tls_server *server;
	struct tls_plan plan;
	int fd;
	SSL *ssl;			/* NULL: in the clear */
};

/* Greets, starts TLS and answers, as the plan says; `fd` stays open. */
void tls_talk(struct client *client);

#endif
