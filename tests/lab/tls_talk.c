/* tls_talk.c - one talk with a client, gone wrong where the plan says */
#include "tests/lab/tls_server_inside.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LONG_LINE	(10 * 1024 * 1024)

static void fault(const char *what)
{
	(void)fprintf(stderr, "tls_talk: %s: %s\n", what, strerror(errno));
	abort();
}

/* False: the server ends, or the client is gone. */
static bool wait_readable(const struct client *client)
{
	struct pollfd fds[2] = { { client->fd, POLLIN, 0 },
				 { client->server->wake[0], POLLIN, 0 } };

	return poll(fds, 2, -1) > 0 && fds[1].revents == 0;
}

static void hang(const struct client *client)
{
	char room[4096];

	while (wait_readable(client) &&
	       recv(client->fd, room, sizeof(room), 0) > 0)
		;
}

static void remember(const struct client *client, const char *data, size_t len)
{
	struct tls_server *server = client->server;
	char *to = client->ssl == NULL ? server->plain : server->secret;
	size_t *used = client->ssl == NULL ? &server->plain_len :
					     &server->secret_len;

	(void)pthread_mutex_lock(&server->lock);
	if (*used + len < TLS_HEARD_MAX) {
		memcpy(to + *used, data, len);
		*used += len;
	}
	(void)pthread_mutex_unlock(&server->lock);
}

/* A line, kept; false: none comes any more. */
static bool line_read(const struct client *client, char line[512])
{
	size_t used = 0;
	ssize_t got;

	for (;;) {
		if ((client->ssl == NULL || SSL_pending(client->ssl) == 0) &&
		    !wait_readable(client))
			return false;
		if (client->ssl == NULL)
			got = recv(client->fd, line + used, 1, 0);
		else
			got = SSL_read(client->ssl, line + used, 1);
		if (got <= 0)
			return false;
		remember(client, line + used, 1);
		if (line[used] == '\n' || used == 510)
			break;
		used++;
	}
	line[used] = 0;
	return true;
}

static bool put(const struct client *client, const char *data, size_t len)
{
	struct pollfd fds[2] = { { client->fd, POLLOUT, 0 },
				 { client->server->wake[0], POLLIN, 0 } };
	ssize_t sent;

	while (len > 0) {
		if (poll(fds, 2, -1) < 0 || fds[1].revents != 0)
			return false;
		sent = client->ssl == NULL ?
		       send(client->fd, data, len, MSG_NOSIGNAL) :
		       SSL_write(client->ssl, data, (int)len);
		if (sent <= 0)
			return false;
		data += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool say(const struct client *client, const char *text)
{
	return put(client, text, strlen(text));
}

/* More than any reader should take. */
static void flood(const struct client *client, const char *unit, size_t total)
{
	char *room = malloc(65536);
	size_t used = 0, len = strlen(unit), sent = 0;

	if (room == NULL)
		fault("no memory");
	while (used + len <= 65536) {
		memcpy(room + used, unit, len);
		used += len;
	}
	while (sent < total && put(client, room, used))
		sent += used;
	free(room);
}

/* --- before TLS; false: the talk is over */

static const struct words {
	const char *greeting, *later, *hello, *bare, *go, *no, *wait;
} words[] = {
	[TLS_AT_ONCE] = { "", "", "", "", "", "", "" },
	[TLS_SMTP] = { "220 lab ESMTP\r\n", "421 too busy\r\n",
		"250-lab greets you\r\n250-PIPELINING\r\n250-STARTTLS\r\n"
		"250 AUTH PLAIN\r\n",
		"250-lab greets you\r\n250 AUTH PLAIN\r\n",
		"220 go ahead\r\n", "502 not here\r\n",
		"454 not just now\r\n" },
	[TLS_IMAP] = { "* OK lab\r\n", "* BYE too busy\r\n", "", "",
		"* NOTE something\r\na OK go ahead\r\n",
		"a BAD not here\r\n", "a NO not just now\r\n" },
	[TLS_POP3] = { "+OK lab\r\n", "-ERR too busy\r\n", "", "",
		"+OK go ahead\r\n", "-ERR not here\r\n",
		"-ERR not just now\r\n" },
};

static bool greet(const struct client *client)
{
	const struct words *word = &words[client->plan.speech];

	switch (client->plan.fault) {
	case TLS_CUT_GREETING:
		return false;
	case TLS_HANG_GREETING:
		hang(client);
		return false;
	case TLS_LATER_GREETING:
		(void)say(client, word->later);
		return false;
	case TLS_LONG_LINE:
		flood(client, "220 and so on ", LONG_LINE);
		return false;
	case TLS_ENDLESS:
		flood(client, "220-on and on\r\n", LONG_LINE);
		return false;
	case TLS_NUL:
		(void)put(client, "220 l\0b\r\n", 9);
		hang(client);
		return false;
	case TLS_NONSENSE:
		(void)say(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
		hang(client);
		return false;
	case TLS_PREAUTH:
		(void)say(client, "* PREAUTH you are in\r\n");
		hang(client);
		return false;
	default:
		return say(client, word->greeting);
	}
}

static bool hello(const struct client *client)
{
	const struct words *word = &words[client->plan.speech];
	char line[512];

	if (!line_read(client, line))
		return false;
	switch (client->plan.fault) {
	case TLS_CUT_HELLO:
		return false;
	case TLS_HANG_HELLO:
		hang(client);
		return false;
	case TLS_NOT_OFFERED:
		return say(client, word->bare);
	case TLS_INJECT_EARLY:
		(void)say(client, "250-lab\r\n250 STARTTLS\r\n220 go\r\n");
		hang(client);
		return false;
	default:
		return say(client, word->hello);
	}
}

static bool go(const struct client *client)
{
	const struct words *word = &words[client->plan.speech];
	char line[512], both[512];

	if (!line_read(client, line))
		return false;
	switch (client->plan.fault) {
	case TLS_CUT_STARTTLS:
		return false;
	case TLS_HANG_STARTTLS:
		hang(client);
		return false;
	case TLS_REFUSED:
	case TLS_NOT_OFFERED:
		(void)say(client, word->no);
		return false;
	case TLS_LATER:
		(void)say(client, word->wait);
		return false;
	case TLS_INJECT:
		(void)snprintf(both, sizeof(both), "%s250 slipped in\r\n",
			       word->go);
		(void)say(client, both);
		hang(client);
		return false;
	default:
		return say(client, word->go);
	}
}

/* --- TLS */

static int on_sni(SSL *ssl, int *alert, void *ctx)
{
	struct tls_server *server = ctx;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	(void)alert;
	(void)pthread_mutex_lock(&server->lock);
	(void)snprintf(server->sni, sizeof(server->sni), "%s",
		       name == NULL ? "" : name);
	(void)pthread_mutex_unlock(&server->lock);
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *context_new(const struct client *client)
{
	const struct tls_world *world = client->server->world;
	const struct tls_plan *plan = &client->plan;
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	unsigned i;

	if (context == NULL ||
	    SSL_CTX_use_certificate(context,
				    world->certificates[plan->leaf]) != 1 ||
	    SSL_CTX_use_PrivateKey(context, world->keys[plan->leaf]) != 1)
		fault("no TLS");
	for (i = 0; i < plan->chain_count; i++)
		if (SSL_CTX_add1_chain_cert(context,
				world->certificates[plan->chain[i]]) != 1)
			fault("no chain");
	if (plan->version != 0) {
		(void)SSL_CTX_set_min_proto_version(context, plan->version);
		(void)SSL_CTX_set_max_proto_version(context, plan->version);
	}
	if (plan->fault == TLS_OLD) {
		(void)SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
		(void)SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
		(void)SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
	} else if (plan->fault == TLS_ALERT) {
		(void)SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
		(void)SSL_CTX_set_cipher_list(context,
					      "AES128-SHA:@SECLEVEL=0");
		(void)SSL_CTX_set_options(context,
					  SSL_OP_CIPHER_SERVER_PREFERENCE);
	}
	(void)SSL_CTX_set_session_id_context(context,
					     (const unsigned char *)"lab", 3);
	(void)SSL_CTX_set_tlsext_servername_callback(context, on_sni);
	(void)SSL_CTX_set_tlsext_servername_arg(context, client->server);
	return context;
}

/* Lines in, something that suits any client out. */
static void serve(struct client *client)
{
	char line[512];

	if (client->plan.speech == TLS_AT_ONCE &&
	    !say(client, "220 lab ESMTP\r\n"))
		return;
	while (line_read(client, line)) {
		if (strncmp(line, "QUIT", 4) == 0) {
			(void)say(client, "221 bye\r\n");
			(void)SSL_shutdown(client->ssl);
			return;
		}
		if (!say(client, "250 fine\r\n"))
			return;
	}
}

static void secure(struct client *client)
{
	SSL_CTX *context = context_new(client);
	SSL *ssl = SSL_new(context);

	if (ssl == NULL || SSL_set_fd(ssl, client->fd) != 1)
		fault("no TLS");
	if (wait_readable(client) && SSL_accept(ssl) == 1) {
		(void)pthread_mutex_lock(&client->server->lock);
		client->server->resumed = SSL_session_reused(ssl) != 0;
		(void)pthread_mutex_unlock(&client->server->lock);
		client->ssl = ssl;
		serve(client);
		client->ssl = NULL;
	}
	SSL_free(ssl);
	SSL_CTX_free(context);
	ERR_clear_error();
}

void tls_talk(struct client *client)
{
	enum tls_fault trouble = client->plan.fault;
	bool on = true;

	if (client->plan.speech != TLS_AT_ONCE)
		on = greet(client) && (client->plan.speech != TLS_SMTP ||
				       hello(client)) && go(client);
	if (on && trouble == TLS_PLAIN) {
		(void)say(client, "220 lab ESMTP\r\n");
		hang(client);
	} else if (on && trouble == TLS_HANG_TLS) {
		hang(client);
	} else if (on && trouble == TLS_CUT_TLS) {
		(void)wait_readable(client);
	} else if (on) {
		secure(client);
	}
}
