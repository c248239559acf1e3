/* unbound_desk.c - asking libunbound and waiting for it */
#include "tests/lab/unbound_desk.h"

#include <poll.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"

#define DESK_ARENA 65536

void desk_answered(void *ctx, const struct dns_answer *answer)
{
	struct heard *heard = ctx;

	heard->times++;
	heard->state = answer->state;
	heard->security = answer->security;
	heard->ttl = answer->ttl;
	heard->signed_from = answer->signed_from;
	heard->signed_until = answer->signed_until;
	heard->count = answer->record_count;
	(void)snprintf(heard->canonical, sizeof(heard->canonical), "%s",
		       answer->canonical);
	(void)snprintf(heard->why, sizeof(heard->why), "%s", answer->why);
	if (answer->record_count > 0 &&
	    answer->records[0].len <= sizeof(heard->first)) {
		heard->first_len = answer->records[0].len;
		memcpy(heard->first, answer->records[0].data,
		       heard->first_len);
	}
}

void desk_open(struct desk *desk, const char *mode, const char *anchors)
{
	memset(desk, 0, sizeof(*desk));
	desk->arena = arena_new(DESK_ARENA);
	desk->settings = value_dict(desk->arena);
	value_put_text(desk->arena, desk->settings, "mode", mode);
	value_put_text(desk->arena, desk->settings, "anchors", anchors);
	desk->forwarders = value_put_list(desk->arena, desk->settings,
					  "forwarders");
	desk->insecure = value_put_list(desk->arena, desk->settings,
					"insecure_zones");
}

void desk_forward(struct desk *desk, const char *address, enum loopback allow)
{
	value_put_text(desk->arena, desk->forwarders, NULL, address);
	value_put_truth(desk->arena, desk->settings, "allow_loopback",
			allow == LOOPBACK_ALLOWED);
}

void desk_forward_port(struct desk *desk, unsigned port)
{
	char address[64];

	(void)snprintf(address, sizeof(address), "127.0.0.1@%u", port);
	desk_forward(desk, address, LOOPBACK_ALLOWED);
}

bool desk_run(struct desk *desk)
{
	desk->unbound = unbound_new(desk->settings, desk->why,
				    sizeof(desk->why));
	return desk->unbound != NULL;
}

void desk_close(struct desk *desk)
{
	unbound_free(desk->unbound);
	arena_free(desk->arena);
}

void desk_turn(struct desk *desk)
{
	struct pollfd fds[UNBOUND_CONTEXTS_MAX];
	unsigned count = unbound_poll(desk->unbound, fds,
				      UNBOUND_CONTEXTS_MAX);

	(void)poll(fds, count, 20);
	unbound_work(desk->unbound, clock_now_ms());
}

struct heard desk_ask(struct desk *desk, const char *name, int type)
{
	int64_t until = clock_now_ms() + DESK_PATIENCE_MS;
	struct heard heard;
	int handle;

	memset(&heard, 0, sizeof(heard));
	handle = unbound_ask(desk->unbound, name, type, desk_answered, &heard);
	while (handle > 0 && heard.times == 0 && clock_now_ms() < until)
		desk_turn(desk);
	if (handle > 0 && heard.times == 0)
		unbound_cancel(desk->unbound, handle);
	return heard;
}

bool desk_expect(struct desk *desk, const char *name, int type,
		 enum dns_state state, enum dns_security security)
{
	struct heard heard = desk_ask(desk, name, type);
	bool failed = state == DNS_BOGUS || state == DNS_SILENT;

	if (heard.times == 1 && heard.state == state &&
	    heard.security == security &&
	    (heard.count > 0) == (state == DNS_HAVE) &&
	    (heard.why[0] != 0) == failed)
		return true;
	(void)fprintf(stderr, "%s: %u answers, state %d, security %d, %zu "
		      "records (%s)\n", name, heard.times, (int)heard.state,
		      (int)heard.security, heard.count, heard.why);
	return false;
}

bool desk_state(struct desk *desk, struct unbound_state *state)
{
	int64_t until = clock_now_ms() + DESK_PATIENCE_MS;

	while (!unbound_state(desk->unbound, state)) {
		if (clock_now_ms() >= until)
			return false;
		desk_turn(desk);
	}
	return true;
}

bool desk_fails(const char *anchors, unsigned port)
{
	struct unbound_state state;
	struct desk desk;
	bool fails;

	desk_open(&desk, "forward", anchors);
	desk_forward_port(&desk, port);
	if (desk_run(&desk))
		fails = desk_state(&desk, &state) && !state.works &&
			state.sentence[0] != 0;
	else
		fails = desk.why[0] != 0;
	desk_close(&desk);
	return fails;
}
