/* unbound_desk.h - libunbound with settings, turned by hand; for tests */
#ifndef MAILSEAL_TESTS_UNBOUND_DESK_H
#define MAILSEAL_TESTS_UNBOUND_DESK_H

#include "agent/dns/unbound.h"

#define DESK_PATIENCE_MS	6000

/* What an answer was, kept behind its callback. */
struct heard {
	unsigned times;		/* 0: not there yet */
	enum dns_state state;
	enum dns_security security;
	uint32_t ttl, signed_from, signed_until;
	size_t count;
	unsigned char first[8192];
	size_t first_len;
	char canonical[DNS_NAME_MAX + 2], why[512];
};

/* Settings as the front sends them, and the resolver on them. */
struct desk {
	struct arena *arena;
	struct value *settings, *forwarders, *insecure;
	struct unbound *unbound;
	char why[512];
};

enum loopback { LOOPBACK_REFUSED, LOOPBACK_ALLOWED };

void desk_open(struct desk *desk, const char *mode, const char *anchors);
void desk_forward(struct desk *desk, const char *address, enum loopback allow);
void desk_forward_port(struct desk *desk, unsigned port);
bool desk_run(struct desk *desk);	/* false: desk->why */
void desk_close(struct desk *desk);

void desk_answered(void *ctx, const struct dns_answer *answer);
void desk_turn(struct desk *desk);
/* times 0: no answer came. */
struct heard desk_ask(struct desk *desk, const char *name, int type);
/* False: it was not so, said on standard error. */
bool desk_expect(struct desk *desk, const char *name, int type,
		 enum dns_state state, enum dns_security security);
/* False: no state was told. */
bool desk_state(struct desk *desk, struct unbound_state *state);
/* Settings that are refused, or a self-test that fails with a sentence. */
bool desk_fails(const char *anchors, unsigned port);

#endif
