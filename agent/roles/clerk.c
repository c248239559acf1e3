/* clerk.c - the process that reads keys' files from elsewhere: what it may do
 *
 * It serves one frame and ends.  It may compute on the descriptors that it is
 * given, for a while. */
#include "agent/keys/clerk.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/keys/memory.h"
#include "agent/roles/role.h"
#include "agent/roles/roles.h"

#define CPU_SECONDS 60			/* a million rounds of a KDF are 1 */

int clerk_main(void)
{
	static const struct keeper_answers answers = { role_report,
						       role_fail };
	const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
	struct sandbox_state state;
	int r;

	if (sandbox_begin() < 0 || setrlimit(RLIMIT_CPU, &cpu) < 0)
		return EXIT_FAILURE;
	/* A key passes through here. */
	r = memory_prepare();
	if (r == 0)
		r = clerk_prepare();
	(void)memory_lock();
	if (r == 0)
		r = sandbox_lock(sandbox_calls_compute, SANDBOX_NO_NET,
				 &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the clerk cannot start: %s",
			 err_sentence(r));
		return EXIT_FAILURE;
	}
	r = role_ready(&state);
	if (r == 0)
		r = clerk_run(&answers, ROLE_CHANNEL);
	return r == 0 || r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
