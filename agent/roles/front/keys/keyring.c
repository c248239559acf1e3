/* keyring.c - reading the folder of key files */
#include "agent/roles/front/keys/keyring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/err.h"

#define HEX	"0123456789abcdef"
#define WORD_MIN 8			/* digits that name a key */

int keyring_open(struct keyring *ring)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	int len = -1;

	if (data != NULL && data[0] == '/')
		len = snprintf(ring->folder, sizeof(ring->folder),
			       "%s/mailseal/keys", data);
	else if (home != NULL && home[0] == '/')
		len = snprintf(ring->folder, sizeof(ring->folder),
			       "%s/.local/share/mailseal/keys", home);
	if (len < 0 || (size_t)len >= sizeof(ring->folder)) {
		ring->folder[0] = '\0';
		return ERR_CONFIG;
	}
	return 0;
}

/* 64 hex digits and the suffix. */
static bool is_key_file(const char *file)
{
	return strspn(file, HEX) == KEYRING_NAME - 1 &&
	       strcmp(file + KEYRING_NAME - 1, ".key") == 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t keyring_names(const struct keyring *ring,
		     char names[KEYRING_MAX][KEYRING_NAME])
{
	DIR *folder = opendir(ring->folder);
	struct dirent *entry;
	size_t count = 0;

	while (folder != NULL && count < KEYRING_MAX &&
	       (entry = readdir(folder)) != NULL) {
		if (!is_key_file(entry->d_name))
			continue;
		memcpy(names[count], entry->d_name, KEYRING_NAME - 1);
		names[count++][KEYRING_NAME - 1] = '\0';
	}
	if (folder != NULL)
		(void)closedir(folder);
	qsort(names, count, KEYRING_NAME, compare);
	return count;
}

int keyring_key(const struct keyring *ring, const char *name,
		enum keyring_fault *fault)
{
	char path[PATH_MAX];
	struct stat about;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%.64s.key", ring->folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	*fault = KEYRING_FINE;
	if (fd < 0)
		*fault = errno == ENOENT ? KEYRING_MISSING :
			 errno == ELOOP ? KEYRING_STRANGE :
			 KEYRING_UNREADABLE;
	else if (fstat(fd, &about) < 0)
		*fault = KEYRING_UNREADABLE;
	else if (!S_ISREG(about.st_mode) || about.st_uid != geteuid())
		*fault = KEYRING_STRANGE;
	else if ((about.st_mode & 077) != 0)
		*fault = KEYRING_EXPOSED;
	if (*fault == KEYRING_FINE)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

const char *keyring_fault_name(enum keyring_fault fault)
{
	switch (fault) {
	case KEYRING_MISSING:		return "UnknownKey";
	case KEYRING_EXPOSED:		return "KeyExposed";
	case KEYRING_STRANGE:		return "KeyStrange";
	case KEYRING_UNREADABLE:	return "KeyUnreadable";
	case KEYRING_FINE:
	default:			return "Failed";
	}
}

void keyring_fault_sentence(const struct keyring *ring, const char *name,
			    enum keyring_fault fault, char *room, size_t size)
{
	static const char *const words[] = {
		"can be used",
		"is not there; \"mailseal keys list\" names the keys that "
		"there are",
		"can be read by others, who may have copied it; if nobody "
		"has, make it yours alone with \"chmod 600\"",
		"is no regular file of yours; keys are not taken from "
		"elsewhere",
		"cannot be read; see to its permissions",
	};
	_Static_assert(sizeof(words) / sizeof(words[0]) ==
		       KEYRING_UNREADABLE + 1, "a fault has no words");

	(void)snprintf(room, size, "The key file %s/%.64s.key %s.",
		       ring->folder, name, words[fault]);
}

/* Whether one of its addresses is this one; local parts as they stand,
 * domains without case. */
static bool has_address(const struct keyring *ring, const char *name,
			const char *word)
{
	struct bytes line, rest, key, value, text;
	char room[16384], path[PATH_MAX];
	ssize_t got = -1;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%.64s.crt", ring->folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		got = read(fd, room, sizeof(room));
		(void)close(fd);
	}
	text.data = (unsigned char *)room;
	text.len = got < 0 ? 0 : (size_t)got;
	for (rest = text; rest.len > 0;) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (bytes_starts(line, "-----"))
			break;
		(void)bytes_cut(line, ':', &key, &value);
		if (bytes_is(key, "Mailseal-Address") &&
		    bytes_is_nocase(bytes_trim(value), word))
			return true;
	}
	return false;
}

int keyring_find(const struct keyring *ring, const char *word,
		 char name[KEYRING_NAME])
{
	char names[KEYRING_MAX][KEYRING_NAME];
	size_t count = keyring_names(ring, names), len = strlen(word), i;
	bool digits = strspn(word, HEX) == len && len >= WORD_MIN &&
		      len < KEYRING_NAME;
	int found = 0;

	for (i = 0; i < count; i++) {
		if (len != 0 &&
		    !(digits && strncmp(names[i], word, len) == 0) &&
		    !(strchr(word, '@') != NULL &&
		      has_address(ring, names[i], word)))
			continue;
		memcpy(name, names[i], KEYRING_NAME);
		if (++found == 2)
			break;
	}
	return found;
}
