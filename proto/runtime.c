/* runtime.c - a folder for what one run of a client leaves for the next */
#include "proto/mailseal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool mailseal_runtime_folder(const char *name, char *out, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat about;
	int len;

	if (runtime == NULL || runtime[0] != '/')
		return false;
	len = snprintf(out, size, "%s/%s", runtime, name);
	if (len <= 0 || (size_t)len >= size)
		return false;
	if (mkdir(out, 0700) < 0 && errno != EEXIST)
		return false;
	return lstat(out, &about) == 0 && S_ISDIR(about.st_mode) &&
	       about.st_uid == geteuid() && (about.st_mode & 022) == 0;
}
