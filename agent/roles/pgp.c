/* pgp.c - the role that drives gpg: what it serves, and what it may do
 *
 * It may run gpg, which inherits its cage: GnuPG's home and a scratch folder,
 * programs and libraries to read, Unix sockets (gpg-agent's), and no network.
 * It looks into nothing that is signed, encrypted or opened. */
#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox_run.h"
#include "agent/base/value.h"
#include "agent/pgp/agent_socket.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/serve.h"
#include "agent/roles/roles.h"

#define SETTINGS_ARENA	65536
#define HELLO_WAIT_MS	30000
#define FILES_MAX	1024	/* open at once: 200 requests that wait */

/* The cage is made by what the front says, so HELLO comes first. */
static int hello_wait(struct arena *arena, struct value **settings)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd front = { ROLE_CHANNEL, POLLIN, 0 };
	struct frame frame;
	int r = room == NULL ? ERR_MEMORY : 0;

	if (r == 0 && poll(&front, 1, HELLO_WAIT_MS) != 1)
		r = ERR_TIMEOUT;
	if (r == 0)
		r = channel_receive(ROLE_CHANNEL, room, &frame);
	if (r > 0) {
		r = frame.type != FRAME_HELLO || frame.fd_count > 0 ?
			ERR_PROTOCOL :
			value_decode(arena, frame.payload, settings);
		frame_close(&frame);
	} else if (r == 0) {
		r = ERR_GONE;
	}
	free(room);
	return r;
}

/* What a process that was killed left behind. */
static void scratch_clear(const char *path)
{
	DIR *folder = path == NULL ? NULL : opendir(path);
	const struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (strncmp(entry->d_name, "key-", 4) == 0)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		(void)closedir(folder);
}

static int lock_in(const struct pgp_engine *engine,
		   struct sandbox_state *state)
{
	/* The libraries' own files; what is missing is not needed. */
	static const char *const look[] = {
		"/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/gnupg",
		"/etc/gcrypt", "/etc/localtime", "/dev/urandom", NULL
	};
	static const char *const use[] = { "/dev/null", NULL };
	const char *const programs[] = { "/proc/self/exe", sandbox_loader(),
					 engine->program, NULL };
	const char *const folders[] = { engine->home, engine->scratch, NULL };
	struct sandbox_plan plan = { look, use, programs, folders };
	const struct rlimit files = { FILES_MAX, FILES_MAX };

	if (engine->program == NULL)
		plan = (struct sandbox_plan){ NULL, NULL, NULL, NULL };
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		return ERR_IO;
	return sandbox_lock_run(&plan, state);
}

static int serve(const struct value *settings)
{
	struct pgp_engine engine = { value_text(settings, "program"),
				     value_text(settings, "home"),
				     value_text(settings, "scratch") };
	struct sandbox_state state;
	char agent[256] = "";
	int r = 0;

	scratch_clear(engine.scratch);
	if (engine.home == NULL)
		engine.program = NULL;
	if (engine.program != NULL && pgp_prepare(&engine) < 0) {
		log_line(LOG_LEVEL_WARNING, "%s does not run, or is older "
			 "than 2.2; OpenPGP is not served", engine.program);
		engine.program = NULL;
	}
	if (engine.program != NULL &&
	    agent_socket_find(&engine, agent, sizeof(agent)) < 0)
		agent[0] = 0;
	r = lock_in(&engine, &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "pgp could not be locked in: %s",
			 err_sentence(r));
		return r;
	}
	r = role_ready(&state);
	if (r == 0)
		r = pgp_serve(ROLE_CHANNEL, engine.program == NULL ? NULL :
			      &engine, agent[0] == 0 ? NULL : agent);
	return r;
}

int pgp_main(void)
{
	struct arena *arena = arena_new(SETTINGS_ARENA);
	struct value *settings = NULL;
	int r = arena == NULL || sandbox_begin() < 0 ? ERR_IO : 0;

	if (r == 0)
		r = hello_wait(arena, &settings);
	if (r == 0)
		r = serve(settings);
	arena_free(arena);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
