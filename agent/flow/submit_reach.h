/* submit_reach.h - reaching an account's server, verified by DANE or PKIX
 *
 * The one way from an account to a wire: dane_server_open() for the server
 * that the user named, or for those that DNSSEC proves to be the mail
 * domain's (RFC 6186, 8314 section 5.1, 7673). */
#ifndef MAILSEAL_FLOW_SUBMIT_REACH_H
#define MAILSEAL_FLOW_SUBMIT_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/desk/queue_plan.h"

struct account;
struct arena;
struct dane_identity;
struct dane_trust;
struct dns_request;
struct smtp_outcome;
struct submit_link;

struct submit_net {
	struct dns_request *request;
	const struct dane_trust *trust;
	int64_t deadline;		/* clock_now_ms(), for reaching */
	int cancel_fd;			/* -1: none */
	const struct dane_identity *identity;	/* NULL: none is shown */
	uint32_t (*random)(void);
};

/* As submit_world::reach. */
bool submit_reach(const struct submit_net *net, struct arena *arena,
		  const struct account *account, struct submit_link *out,
		  struct smtp_outcome *failed, enum queue_cause *cause);
void submit_reach_close(struct submit_link *link);

#endif
