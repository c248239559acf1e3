/* gpg.c - the user's GnuPG: where it is, and its agent outside a cage */
#include "agent/roles/front/gpg.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/roles/front/child.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/helper.h"

#define GPG_ARENA	(256 * 1024)	/* paths */

/* The program as the user's shell would find it; NULL: nowhere. */
static const char *program_find(struct arena *arena, const char *name)
{
	const char *path = getenv("PATH");
	struct bytes folder, left = bytes_of(path == NULL ? "" : path);
	const char *found;

	while (left.len > 0) {
		(void)bytes_cut(left, ':', &folder, &left);
		if (folder.len == 0 || folder.data[0] != '/')
			continue;	/* the folder we happen to be in */
		found = arena_print(arena, "%.*s/%s", (int)folder.len,
				    (const char *)folder.data, name);
		if (found != NULL && access(found, X_OK) == 0)
			return found;
	}
	return NULL;
}

static bool folder_make(const char *path)
{
	struct stat about;

	if (path == NULL || (mkdir(path, 0700) < 0 && errno != EEXIST))
		return false;
	return lstat(path, &about) == 0 && S_ISDIR(about.st_mode) &&
	       about.st_uid == geteuid() && (about.st_mode & 077) == 0;
}

/* GNUPGHOME or ~/.gnupg, made as gpg itself would. */
static const char *home_find(struct arena *arena)
{
	const char *home = getenv("GNUPGHOME"), *user = getenv("HOME");
	struct stat about;

	if ((home == NULL || home[0] != '/') && user != NULL &&
	    user[0] == '/')
		home = arena_print(arena, "%s/.gnupg", user);
	if (home == NULL || home[0] != '/' ||
	    (mkdir(home, 0700) < 0 && errno != EEXIST) ||
	    stat(home, &about) < 0 || !S_ISDIR(about.st_mode))
		return NULL;
	return home;
}

/* For keys that gpg reads as files; gone when the user logs out. */
static const char *scratch_find(struct arena *arena)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *above, *path;

	if (runtime == NULL || runtime[0] != '/')
		return NULL;
	above = arena_print(arena, "%s/mailseal", runtime);
	path = arena_print(arena, "%s/mailseal/pgp", runtime);
	return folder_make(above) && folder_make(path) ? path : NULL;
}

void front_gpg_settings(struct front *front, struct arena *arena,
			struct value *dict)
{
	const char *program = program_find(arena, "gpg");
	const char *home = program == NULL ? NULL : home_find(arena);

	(void)front;
	if (home == NULL)
		return;
	value_put_text(arena, dict, "program", program);
	value_put_text(arena, dict, "home", home);
	value_put_text(arena, dict, "scratch", scratch_find(arena));
}

static void agent_tell(struct front *front)
{
	struct frame frame = { FRAME_AGENT, 0, { NULL, 0 }, { 0 }, 0 };

	if (child_is_up(front, CHILD_PGP))
		(void)child_tell(front, CHILD_PGP, &frame);
}

static void agent_ended(struct front *front, void *ctx, int status)
{
	(void)ctx;
	if (status != 0)
		log_line(LOG_LEVEL_WARNING, "gpg-agent cannot be started; "
			 "\"gpgconf --launch gpg-agent\" tells why");
	agent_tell(front);
}

/* gpgconf ends once the agent listens; the agent has the user's own
 * environment and lives on. */
void front_gpg_agent(struct front *front)
{
	struct arena *arena = arena_new(GPG_ARENA);
	const char *program = arena == NULL ? NULL :
			      program_find(arena, "gpgconf");
	const char *home = program == NULL ? NULL : home_find(arena);
	char *const argv[] = { (char *)(uintptr_t)"gpgconf",
			       (char *)(uintptr_t)"--homedir",
			       (char *)(uintptr_t)home,
			       (char *)(uintptr_t)"--launch",
			       (char *)(uintptr_t)"gpg-agent", NULL };
	const struct helper_plan plan = { program, argv, environ, NULL, NULL,
					  0 };

	if (home == NULL ||
	    helper_start(front, &plan, agent_ended, NULL) == NULL)
		agent_tell(front);
	arena_free(arena);
}
