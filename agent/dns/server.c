/* server.c - frames in, answers out, deadlines kept */
#include "agent/dns/server.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/dns/server_send.h"
#include "agent/dns/silence.h"
#include "agent/dns/unbound.h"
#include "agent/dns/wire.h"

#define SETTINGS_ARENA	(1024 * 1024)
#define QUESTION_MS_MAX	30000
#define SLOW_MS		1500	/* a context with one so old is replaced */
#define FRAMES_A_TURN	128

struct server;

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

static void answer_send(struct server *server, int client, uint32_t id,
			const struct dns_answer *answer)
{
	if (server->clients[client] >= 0 && !server->stuck[client] &&
	    server_answer_send(server->clients[client], id, answer) < 0)
		server->stuck[client] = true;
}

static void answer_silent(struct server *server, int client, uint32_t id,
			  const char *why)
{
	struct dns_answer answer = { DNS_SILENT, DNS_SECURITY_UNKNOWN, 0, "",
				     NULL, 0, why, 0, 0 };

	answer_send(server, client, id, &answer);
}

static void pending_drop(struct pending *pending)
{
	struct server *server = pending->server;

	if (pending->prev != NULL)
		pending->prev->next = pending->next;
	else
		server->pending = pending->next;
	if (pending->next != NULL)
		pending->next->prev = pending->prev;
	server->count--;
	free(pending);
}

static void on_answer(void *ctx, const struct dns_answer *answer)
{
	struct pending *pending = ctx;
	struct dns_answer named = *answer;

	if (named.canonical[0] == 0)
		named.canonical = pending->name;
	answer_send(pending->server, pending->client, pending->id, &named);
	pending_drop(pending);
}

static void pending_ask(struct pending *pending)
{
	struct server *server = pending->server;

	if (pending->fresh)
		unbound_refresh(server->unbound);
	pending->handle = unbound_ask(server->unbound, pending->name,
				      pending->type, on_answer, pending);
	if (pending->handle > 0)
		return;
	answer_silent(server, pending->client, pending->id,
		      "DNS cannot ask for that name");
	pending_drop(pending);
}

static void question_start(struct server *server, int client,
			   const struct wire_question *question, int64_t now)
{
	uint32_t ms = question->ms > QUESTION_MS_MAX ? QUESTION_MS_MAX :
						       question->ms;
	struct pending *pending;

	if (server->unbound == NULL) {
		answer_silent(server, client, question->id, server->why);
		return;
	}
	if (silence_holds(&server->silence, question->name, now)) {
		answer_silent(server, client, question->id,
			      "this domain's DNS servers were silent within "
			      "the last minute");
		return;
	}
	pending = server->count < SERVER_QUESTIONS_MAX ?
		  calloc(1, sizeof(*pending)) : NULL;
	if (pending == NULL) {
		answer_silent(server, client, question->id,
			      "too many DNS questions are under way");
		return;
	}
	pending->server = server;
	pending->client = client;
	pending->id = question->id;
	pending->type = (int)question->type;
	pending->fresh = question->fresh;
	pending->asked = now;
	pending->deadline = now + ms;
	memcpy(pending->name, question->name, sizeof(pending->name));
	pending->next = server->pending;
	if (pending->next != NULL)
		pending->next->prev = pending;
	server->pending = pending;
	server->count++;
	pending_ask(pending);
}

static void pending_cancel(struct pending *pending)
{
	unbound_cancel(pending->server->unbound, pending->handle);
	pending_drop(pending);
}

static void question_forget(struct server *server, int client, uint32_t id)
{
	struct pending *pending = server->pending;

	while (pending != NULL &&
	       (pending->client != client || pending->id != id))
		pending = pending->next;
	if (pending != NULL)
		pending_cancel(pending);
}

static int client_frame(struct server *server, int client,
			struct frame *frame, int64_t now)
{
	struct wire_question question;
	uint32_t id;
	int r;

	if (frame->fd_count > 0)
		return ERR_PROTOCOL;
	if (frame->type == FRAME_FORGET) {
		while (take_u32(&frame->payload, &id))
			question_forget(server, client, id);
		return frame->payload.len == 0 ? 0 : ERR_PROTOCOL;
	}
	if (frame->type != FRAME_ASK)
		return ERR_PROTOCOL;
	while ((r = wire_take_question(&frame->payload, &question)) > 0)
		question_start(server, client, &question, now);
	return r;
}

static void client_close(struct server *server, int client)
{
	struct pending *pending, *next;

	(void)close(server->clients[client]);
	server->clients[client] = -1;
	server->stuck[client] = false;
	for (pending = server->pending; pending != NULL; pending = next) {
		next = pending->next;
		if (pending->client == client)
			pending_cancel(pending);
	}
}

static void client_readable(struct server *server, int client, int64_t now)
{
	struct frame frame;
	int turn, r = 0;

	for (turn = 0; turn < FRAMES_A_TURN; turn++) {
		r = channel_receive(server->clients[client], server->room,
				    &frame);
		if (r == ERR_TIMEOUT)
			return;
		if (r > 0) {
			r = client_frame(server, client, &frame, now);
			frame_close(&frame);
		} else {
			r = ERR_GONE;
		}
		if (r < 0) {
			client_close(server, client);
			return;
		}
	}
}

/* --- what the front says */

/* What is under way goes on in the fresh contexts. */
static void ask_again(struct server *server, struct unbound *before)
{
	struct pending *pending, *next;
	int64_t now = clock_now_ms();

	for (pending = server->pending; pending != NULL; pending = next) {
		next = pending->next;
		unbound_cancel(before, pending->handle);
		pending->asked = now;
		pending_ask(pending);
	}
}

/* Anew after HELLO and after each change of the network: fresh contexts. */
static int configure(struct server *server, struct bytes payload)
{
	struct arena *arena = arena_new(SETTINGS_ARENA);
	struct unbound *before = server->unbound;
	struct arena *arena_before = server->arena;
	struct value *settings;
	int r;

	if (arena == NULL)
		return ERR_MEMORY;
	r = value_decode(arena, payload, &settings);
	if (r < 0) {
		arena_free(arena);
		return r;
	}
	server->unbound = unbound_new(settings, server->why,
				      sizeof(server->why));
	server->why_told = false;
	if (server->unbound == NULL)
		log_line(LOG_LEVEL_ERROR, "DNS cannot be asked: %s",
			 server->why);
	else if (before != NULL)
		ask_again(server, before);
	unbound_free(before);		/* what is left is answered SILENT */
	arena_free(arena_before);
	server->arena = arena;
	memset(&server->silence, 0, sizeof(server->silence));
	return 0;
}

static int client_add(struct server *server, int fd)
{
	int i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->clients[i] < 0) {
			server->clients[i] = fd;
			return 0;
		}
	(void)close(fd);
	return ERR_LIMIT;
}

static int front_frame(struct server *server, struct frame *frame)
{
	if (frame->type == FRAME_HELLO || frame->type == FRAME_NETWORK)
		return configure(server, frame->payload);
	if (frame->type == FRAME_CLIENT && frame->fd_count == 1)
		return client_add(server, frame_take(frame, 0));
	return ERR_PROTOCOL;
}

static int front_readable(struct server *server)
{
	struct frame frame;
	int r;

	while ((r = channel_receive(server->front, server->room,
				    &frame)) > 0) {
		r = front_frame(server, &frame);
		frame_close(&frame);
		if (r < 0)
			return r;
	}
	if (r == 0)
		return ERR_GONE;
	return r == ERR_TIMEOUT ? 0 : r;
}

static void state_tell(struct server *server)
{
	struct unbound_state state;

	if (server->unbound == NULL && server->why[0] != 0 &&
	    !server->why_told) {
		server_state_send(server->front, "none", false, server->why);
		server->why_told = true;
	} else if (server->unbound != NULL &&
		   unbound_state(server->unbound, &state)) {
		server_state_send(server->front, state.mode, state.works,
				  state.sentence);
	}
}

/* --- deadlines */

/* When to wake up; answers what is overdue. */
static int64_t deadlines(struct server *server, int64_t now)
{
	int64_t until = now + 1000;
	struct pending *pending, *next;
	bool slow = false;

	for (pending = server->pending; pending != NULL; pending = next) {
		next = pending->next;
		slow = slow || now - pending->asked >= SLOW_MS;
		if (now < pending->deadline) {
			if (pending->deadline < until)
				until = pending->deadline;
			continue;
		}
		if (now - pending->asked >= SERVER_PATIENCE_MS)
			silence_note(&server->silence, pending->name,
				     now + SERVER_SILENT_MS);
		answer_silent(server, pending->client, pending->id,
			      "no DNS answer came in time");
		pending_cancel(pending);
	}
	if (slow && server->unbound != NULL)
		unbound_was_silent(server->unbound);
	return until;
}

enum { POLL_FRONT, POLL_CLIENTS,
       POLL_UNBOUND = POLL_CLIENTS + SERVER_CLIENTS_MAX,
       POLL_MAX = POLL_UNBOUND + UNBOUND_CONTEXTS_MAX };

static int server_turn(struct server *server)
{
	struct pollfd fds[POLL_MAX];
	int64_t now = clock_now_ms(), until = deadlines(server, now);
	nfds_t count = POLL_UNBOUND;
	int i, r = 0;

	memset(fds, 0, sizeof(fds));
	fds[POLL_FRONT].fd = server->front;
	fds[POLL_FRONT].events = POLLIN;
	for (i = 0; i < SERVER_CLIENTS_MAX; i++) {
		fds[POLL_CLIENTS + i].fd = server->clients[i];
		fds[POLL_CLIENTS + i].events = POLLIN;
	}
	if (server->unbound != NULL)
		count += unbound_poll(server->unbound, &fds[POLL_UNBOUND],
				      UNBOUND_CONTEXTS_MAX);
	if (poll(fds, count, (int)(until - now)) < 0)
		return 0;
	now = clock_now_ms();
	if (fds[POLL_FRONT].revents != 0)
		r = front_readable(server);
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (fds[POLL_CLIENTS + i].revents != 0 &&
		    server->clients[i] >= 0)
			client_readable(server, i, now);
	if (server->unbound != NULL)
		unbound_work(server->unbound, now);
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->stuck[i])
			client_close(server, i);
	state_tell(server);
	return r;
}

int dns_server_run(int front)
{
	struct server *server = calloc(1, sizeof(*server));
	int i, r = 0;

	if (server == NULL)
		return ERR_MEMORY;
	server->front = front;
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		server->clients[i] = -1;
	while (r == 0)
		r = server_turn(server);
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->clients[i] >= 0)
			client_close(server, i);
	unbound_free(server->unbound);
	arena_free(server->arena);
	free(server);
	return r;
}
