/* pgp_from.c - what one command leaves for the next: small private files
 *
 * The author of the message that Mutt is about to show; the addresses of the
 * keys that it was given. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/pgp.h"

#define FRESH_S		60	/* for that long */
#define LISTED_S	86400	/* a mail may be written that long */
#define PATH_LEN	512
#define NAME_LEN	96

static bool path_make(const char *name, char out[PATH_LEN])
{
	char folder[PATH_LEN - NAME_LEN];

	if (!mailseal_runtime_folder(CRYPTO_FOLDER, folder, sizeof(folder)))
		return false;
	(void)snprintf(out, PATH_LEN, "%s/%s", folder, name);
	return true;
}

/* A new file each time: its time is when this was said. */
static bool put(const char *name, const char *address)
{
	char path[PATH_LEN];
	size_t len = strlen(address);
	bool done;
	int fd;

	if (!path_make(name, path))
		return false;
	(void)unlink(path);
	if (len == 0 || len >= PGP_FROM_MAX)
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return false;
	done = write(fd, address, len) == (ssize_t)len;
	if (close(fd) < 0 || !done)
		(void)unlink(path);
	return done;
}

/* `fresh`: seconds that it counts. */
static bool get(const char *name, long fresh, char *out, size_t size)
{
	char path[PATH_LEN];
	struct stat about;
	ssize_t got = -1;
	time_t now = time(NULL);
	int fd;

	out[0] = 0;
	if (!path_make(name, path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    about.st_mtime <= now && now - about.st_mtime <= fresh)
		got = read(fd, out, size);
	(void)close(fd);
	if (got <= 0 || (size_t)got >= size)
		got = 0;
	out[got] = 0;
	return got > 0;
}

/* The session is this terminal's. */
static void from_name(char *out, size_t size)
{
	(void)snprintf(out, size, "from.%ld", (long)getsid(0));
}

bool pgp_from_put(const char *address)
{
	char name[NAME_LEN];

	from_name(name, sizeof(name));
	return put(name, address);
}

void pgp_from_get(char *out, size_t size)
{
	char name[NAME_LEN];

	from_name(name, sizeof(name));
	(void)get(name, FRESH_S, out, size);
}

static bool key_name(const char *print, char *out, size_t size)
{
	size_t len = strlen(print);

	if (len < 16 || len != strspn(print, "0123456789ABCDEFabcdef") ||
	    len + sizeof("key.") > size)
		return false;
	(void)snprintf(out, size, "key.%s", print);
	return true;
}

void pgp_listed_put(const char *print, const char *address)
{
	char name[NAME_LEN];

	if (key_name(print, name, sizeof(name)))
		(void)put(name, address);
}

bool pgp_listed_get(const char *print, char *out, size_t size)
{
	char name[NAME_LEN];

	return key_name(print, name, sizeof(name)) &&
	       get(name, LISTED_S, out, size);
}
