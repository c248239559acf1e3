/* server_pending.c - questions under way: asked, answered, overdue */
#include <stdlib.h>
#include <string.h>

#include "agent/base/clock.h"
#include "agent/dns/server_inside.h"
#include "agent/dns/server_send.h"
#include "agent/dns/wire.h"

#define QUESTION_MS_MAX	30000
#define SLOW_MS		1500	/* a context with one so old is replaced */

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

void server_ask(struct server *server, int client,
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

void server_forget(struct server *server, int client, uint32_t id)
{
	struct pending *pending = server->pending;

	while (pending != NULL &&
	       (pending->client != client || pending->id != id))
		pending = pending->next;
	if (pending != NULL)
		pending_cancel(pending);
}

void server_forget_all(struct server *server, int client)
{
	struct pending *pending, *next;

	for (pending = server->pending; pending != NULL; pending = next) {
		next = pending->next;
		if (pending->client == client)
			pending_cancel(pending);
	}
}

void server_ask_again(struct server *server, struct unbound *before)
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

int64_t server_deadlines(struct server *server, int64_t now)
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
