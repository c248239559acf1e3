/* landlock.c - which files and sockets a process may still name */
#include "agent/base/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/base/err.h"

#define NO_LANDLOCK	(-1)

/* Landlock's rights by ABI (landlock(7)); the headers here are older than the
 * kernels we meet. */
#define FS_EXECUTE	(1ULL << 0)
#define FS_WRITE	(1ULL << 1)
#define FS_READ		(1ULL << 2)
#define FS_READ_FOLDER	(1ULL << 3)
#define FS_REMOVE	(1ULL << 5)
#define FS_MAKE		(1ULL << 8)
#define FS_RIGHTS_1	((1ULL << 13) - 1)
#define FS_REFER	(1ULL << 13)	/* ABI 2 */
#define FS_TRUNCATE	(1ULL << 14)	/* ABI 3 */
#define FS_IOCTL	(1ULL << 15)	/* ABI 5 */
#define FS_OF_FILE	(FS_EXECUTE | FS_WRITE | FS_READ | FS_TRUNCATE)
#define NET_TCP		3ULL		/* ABI 4: bind and connect */
#define SCOPES		3ULL		/* ABI 6: abstract sockets, signals */

static const uint64_t rights_of[] = {
	[LANDLOCK_LOOK] = FS_READ | FS_READ_FOLDER,
	[LANDLOCK_RUN] = FS_READ | FS_EXECUTE,
	[LANDLOCK_USE] = FS_READ | FS_WRITE,
	[LANDLOCK_KEEP] = FS_READ | FS_READ_FOLDER | FS_WRITE | FS_REMOVE |
			  FS_MAKE | FS_TRUNCATE,
};

struct ruleset {			/* landlock_ruleset_attr, ABI 6 */
	uint64_t files;
	uint64_t net;
	uint64_t scoped;
};

static long abi_of_kernel(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION);
}

/* What this kernel knows of the rights to files. */
static uint64_t files_known(long abi)
{
	return FS_RIGHTS_1 | (abi >= 2 ? FS_REFER : 0) |
	       (abi >= 3 ? FS_TRUNCATE : 0) | (abi >= 5 ? FS_IOCTL : 0);
}

int landlock_new(enum sandbox_net net, int *abi)
{
	long known = abi_of_kernel();
	struct ruleset rules = { files_known(known), 0, 0 };
	size_t size = sizeof(rules.files);
	int fd;

	*abi = known < 1 ? 0 : (int)known;
	if (known < 1)
		return NO_LANDLOCK;
	if (known >= 4)
		size = offsetof(struct ruleset, scoped);
	if (known >= 4 && net != SANDBOX_NET)
		rules.net = NET_TCP;
	if (known >= 6) {
		size = sizeof(rules);
		rules.scoped = SCOPES;
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	return fd < 0 ? ERR_IO : fd;
}

int landlock_allow(int ruleset, const char *path, enum landlock_may may)
{
	struct landlock_path_beneath_attr beneath;
	struct stat about;
	int r;

	beneath.allowed_access = rights_of[may] &
				 files_known(abi_of_kernel());
	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return ERR_IO;
	if (fstat(beneath.parent_fd, &about) == 0 && !S_ISDIR(about.st_mode))
		beneath.allowed_access &= FS_OF_FILE;
	r = (int)syscall(SYS_landlock_add_rule, ruleset,
			 LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	(void)close(beneath.parent_fd);
	return r < 0 ? ERR_IO : 0;
}

int landlock_enter(int ruleset)
{
	long r = syscall(SYS_landlock_restrict_self, ruleset, 0);

	(void)close(ruleset);
	return r == 0 ? 0 : ERR_IO;
}
