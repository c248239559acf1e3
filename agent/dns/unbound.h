/* unbound.h - libunbound, validating, in the resolver role
 *
 * RFC 4033 to 4035.  One thread calls everything here; libunbound works in a
 * thread of its own and is heard through one descriptor.  A context whose
 * servers fell silent is put aside for a fresh one, because it remembers dead
 * servers for minutes (findings); so is one of another network.
 * Traps that are handled here: a bogus answer still carries data; no anchor
 * makes everything insecure; there are no time-outs; the stub of
 * systemd-resolved breaks negative proofs. */
#ifndef MAILSEAL_DNS_UNBOUND_H
#define MAILSEAL_DNS_UNBOUND_H

#include "agent/dns/dns.h"

struct pollfd;
struct unbound;
struct value;

#define UNBOUND_CONTEXTS_MAX	4	/* the current one and retiring ones */

/* `answer` comes once for every question that was not cancelled, never from
 * within unbound_ask(). */
typedef void unbound_answered(void *ctx, const struct dns_answer *answer);

/* `settings`: the dictionary mode, forwarders, anchors, insecure_zones,
 * allow_loopback (docs/channel.md).  NULL: `why` has the sentence. */
struct unbound *unbound_new(const struct value *settings, char *why,
			    size_t why_size);
void unbound_free(struct unbound *unbound);	/* NULL is allowed */

/* A handle, positive, to cancel it by; negative: it could not be asked. */
int unbound_ask(struct unbound *unbound, const char *name, int type,
		unbound_answered *answered, void *ctx);
void unbound_cancel(struct unbound *unbound, int handle);

/* A question saw its deadline pass: a fresh context takes the next ones. */
void unbound_was_silent(struct unbound *unbound);

/* The next questions are not answered from what was heard more than a second
 * ago. */
void unbound_refresh(struct unbound *unbound);

unsigned unbound_poll(struct unbound *unbound, struct pollfd *fds,
		      unsigned room);
void unbound_work(struct unbound *unbound, int64_t now);

/* The self-test: what mode holds and whether validation works.  True once
 * after each change. */
struct unbound_state {
	const char *mode;		/* "forward", "recursive" */
	bool works;
	char sentence[512];
};
bool unbound_state(struct unbound *unbound, struct unbound_state *out);

#endif
