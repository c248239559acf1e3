/* pair.h - a TLS server at the other end of a socket pair, in a thread */
#ifndef MAILSEAL_TESTS_DANE_PAIR_H
#define MAILSEAL_TESTS_DANE_PAIR_H

#include <fcntl.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/tls_server.h"

struct pair {
	const struct tls_world *world;
	struct tls_plan plan;
	int ours, theirs;
	pthread_t thread;
};

static void *pair_run(void *ctx)
{
	struct pair *pair = ctx;
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	char byte;
	SSL *ssl;
	unsigned i;

	(void)SSL_CTX_use_certificate(context,
			pair->world->certificates[pair->plan.leaf]);
	(void)SSL_CTX_use_PrivateKey(context,
				     pair->world->keys[pair->plan.leaf]);
	for (i = 0; i < pair->plan.chain_count; i++)
		(void)SSL_CTX_add1_chain_cert(context,
			pair->world->certificates[pair->plan.chain[i]]);
	if (pair->plan.version != 0)
		(void)SSL_CTX_set_max_proto_version(context,
						    pair->plan.version);
	ssl = SSL_new(context);
	(void)SSL_set_fd(ssl, pair->theirs);
	if (SSL_accept(ssl) == 1)
		while (SSL_read(ssl, &byte, 1) == 1)
			(void)SSL_write(ssl, &byte, 1);
	SSL_free(ssl);
	SSL_CTX_free(context);
	(void)close(pair->theirs);
	return NULL;
}

static void pair_start(struct pair *pair, const struct tls_world *world,
		       const struct tls_plan *plan)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		abort();
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	pair->world = world;
	pair->plan = *plan;
	pair->ours = ends[0];
	pair->theirs = ends[1];
	if (pthread_create(&pair->thread, NULL, pair_run, pair) != 0)
		abort();
}

/* After `ours` was closed. */
static void pair_end(struct pair *pair)
{
	(void)pthread_join(pair->thread, NULL);
}

#endif
