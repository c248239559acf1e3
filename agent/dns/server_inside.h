/* server_inside.h - what the files of the resolver's server share */
#ifndef MAILSEAL_DNS_SERVER_INSIDE_H
#define MAILSEAL_DNS_SERVER_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/channel.h"
#include "agent/dns/dns.h"
#include "agent/dns/server.h"
#include "agent/dns/silence.h"
#include "agent/dns/unbound.h"

struct arena;
struct wire_question;

/* A question under way; the list is in the order of asking. */
struct pending {
	struct pending *next, *prev;	/* server::pending */
	struct server *server;
	int client;			/* its index */
	uint32_t id;			/* the client's */
	int type;
	bool fresh;
	int handle;			/* unbound's */
	int64_t asked, deadline;
	char name[DNS_NAME_MAX + 1];
};

struct server {
	int front;
	int clients[SERVER_CLIENTS_MAX];	/* -1: free */
	bool stuck[SERVER_CLIENTS_MAX];	/* to be hung up on */
	struct arena *arena;		/* of the settings */
	struct unbound *unbound;	/* NULL: DNS cannot be asked */
	char why[512];			/* then: why */
	bool why_told;
	struct pending *pending;
	unsigned count;
	struct silence silence;
	unsigned char room[CHANNEL_FRAME_MAX];
};

/* server_pending.c; `client` is an index. */
void server_ask(struct server *server, int client,
		const struct wire_question *question, int64_t now);
void server_forget(struct server *server, int client, uint32_t id);
void server_forget_all(struct server *server, int client);

/* What is under way goes on in the fresh contexts. */
void server_ask_again(struct server *server, struct unbound *before);

/* When to wake up; answers what is overdue. */
int64_t server_deadlines(struct server *server, int64_t now);

#endif
