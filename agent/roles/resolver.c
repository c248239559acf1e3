/* resolver.c - the role that asks DNS: what it serves, and what it may do
 *
 * Sockets of the internet families and nothing else: no file, no mail, no
 * program.  libunbound's thread starts behind the lock. */
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/dns/server.h"
#include "agent/mail/domain.h"
#include "agent/roles/roles.h"

int resolver_main(void)
{
	struct sandbox_state state;
	int r;

	if (sandbox_begin() < 0)
		return EXIT_FAILURE;
	domain_prepare();
	r = sandbox_lock(sandbox_calls_compute, SANDBOX_NET, &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the resolver could not be locked "
			 "in: %s", err_sentence(r));
		return EXIT_FAILURE;
	}
	r = role_ready(&state);
	if (r == 0)
		r = dns_server_run(ROLE_CHANNEL);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
