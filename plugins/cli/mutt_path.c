/* mutt_path.c - paths as they stand in Mutt's configuration */
#include "plugins/cli/mutt_path.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX	(4 * 1024 * 1024)
#define NAME_ROOM	64

static const char *home(void)
{
	const char *path = getenv("HOME");

	return path == NULL ? "" : path;
}

/* The value of "$NAME" or "${NAME}" at *at, which goes behind it. */
static const char *variable(const char **at)
{
	char name[NAME_ROOM];
	const char *from = *at + 1;
	bool braces = *from == '{';
	const char *value;
	size_t len;

	from += braces ? 1 : 0;
	len = strspn(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
		     "abcdefghijklmnopqrstuvwxyz0123456789");
	if (len == 0 || len >= sizeof(name))
		return NULL;
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, from);
	value = getenv(name);
	from += len;
	if (braces && *from == '}')
		from++;
	*at = from;
	return value;
}

bool mutt_path_expand(const char *text, const char *in,
		      char path[MUTT_PATH_ROOM])
{
	size_t len = strlen(text);
	const char *value, *slash = strrchr(in, '/');
	FILE *to;

	if (len == 0 || text[len - 1] == '|' || len >= MUTT_PATH_ROOM)
		return false;
	to = fmemopen(path, MUTT_PATH_ROOM, "w");
	if (to == NULL)
		return false;
	if (text[0] == '~' && (text[1] == '/' || text[1] == 0)) {
		(void)fputs(home(), to);
		text++;
	} else if (text[0] != '/' && text[0] != '$') {
		(void)fprintf(to, "%.*s", slash == NULL ? 0 :
			      (int)(slash + 1 - in), in);
	}
	while (*text != 0) {
		value = *text == '$' ? variable(&text) : NULL;
		if (value != NULL)
			(void)fputs(value, to);
		else if (*text != 0)
			(void)fputc(*text++, to);
	}
	len = (size_t)ftell(to);
	return fclose(to) == 0 && len < MUTT_PATH_ROOM - 1;
}

const char *mutt_path_short(const char *path, char room[MUTT_PATH_ROOM])
{
	size_t len = strlen(home());

	if (len < 2 || strncmp(path, home(), len) != 0 || path[len] != '/')
		return path;
	(void)snprintf(room, MUTT_PATH_ROOM, "~%s", path + len);
	return room;
}

FILE *mutt_path_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	FILE *file;

	if (fd < 0)
		return NULL;
	file = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	       about.st_size <= FILE_MAX ? fdopen(fd, "r") : NULL;
	if (file == NULL)
		(void)close(fd);
	return file;
}

bool mutt_path_same(const char *a, const char *b)
{
	struct stat one, other;

	if (stat(a, &one) != 0 || stat(b, &other) != 0)
		return strcmp(a, b) == 0;
	return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}
