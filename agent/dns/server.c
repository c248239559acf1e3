/* server.c - the channels of the resolver: its front, and who asks */
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
#include "agent/dns/server_inside.h"
#include "agent/dns/server_send.h"
#include "agent/dns/wire.h"

#define SETTINGS_ARENA	(1024 * 1024)
#define FRAMES_A_TURN	128

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
			server_forget(server, client, id);
		return frame->payload.len == 0 ? 0 : ERR_PROTOCOL;
	}
	if (frame->type != FRAME_ASK)
		return ERR_PROTOCOL;
	while ((r = wire_take_question(&frame->payload, &question)) > 0)
		server_ask(server, client, &question, now);
	return r;
}

static void client_close(struct server *server, int client)
{
	(void)close(server->clients[client]);
	server->clients[client] = -1;
	server->stuck[client] = false;
	server_forget_all(server, client);
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
		server_ask_again(server, before);
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

enum { POLL_FRONT, POLL_CLIENTS,
       POLL_UNBOUND = POLL_CLIENTS + SERVER_CLIENTS_MAX,
       POLL_MAX = POLL_UNBOUND + UNBOUND_CONTEXTS_MAX };

static int server_turn(struct server *server)
{
	struct pollfd fds[POLL_MAX];
	int64_t now = clock_now_ms(), until = server_deadlines(server, now);
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
