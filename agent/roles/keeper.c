/* keeper.c - the role that holds the private keys: what it may do
 *
 * It has the keys and nothing else: no file but the descriptors that the
 * front hands it, no network, no thread, no program, no mail.  Its list of
 * system calls is the shortest of all roles; one that is not on it ends it. */
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/keys/keeper.h"
#include "agent/keys/memory.h"
#include "agent/keys/remote_key.h"
#include "agent/roles/role.h"
#include "agent/roles/roles.h"

int keeper_main(void)
{
	static const struct keeper_answers answers = { role_report,
						       role_fail };
	struct keeper *keeper = NULL;
	struct sandbox_state state;
	bool locked;
	int r;

	if (sandbox_begin() < 0)
		return EXIT_FAILURE;
	/* The first use of OpenSSL in this process. */
	r = memory_prepare();
	if (r == 0)
		r = remote_key_prepare();
	if (r == 0)
		keeper = keeper_new(&answers);
	if (keeper == NULL) {
		log_line(LOG_LEVEL_ERROR, "the keeper cannot start: %s",
			 err_sentence(r));
		return EXIT_FAILURE;
	}
	locked = memory_lock();
	if (!locked)
		log_line(LOG_LEVEL_WARNING, "not all of the keeper's memory is "
			 "locked: keys that are in use could reach the swap "
			 "space (raise the limit \"memlock\" to 8 MB)");
	r = sandbox_lock(sandbox_calls_least, SANDBOX_ALONE, &state);
	state.memory_locked = locked;
	if (r < 0)
		log_line(LOG_LEVEL_ERROR, "the keeper could not be locked in: "
			 "%s", err_sentence(r));
	else
		r = role_ready(&state);
	if (r == 0)
		r = keeper_run(keeper, ROLE_CHANNEL);
	keeper_free(keeper);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
