/* suggest_folder.c - files in, one sealed file of headers out */
#include "plugins/cli/suggest_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX	1000000		/* files of a folder that are listed */
#define PIECE		4096		/* octets of a line, read at once */

struct names {
	char **list;
	size_t count, room;
};

struct output {
	FILE *file;
	size_t written, messages;
};

static bool name_add(struct names *names, const char *folder,
		     const char *name)
{
	char **list;

	if (names->count == NAMES_MAX)
		return true;
	if (names->count == names->room) {
		names->room = names->room == 0 ? 256 : names->room * 2;
		list = realloc(names->list, names->room * sizeof(*list));
		if (list == NULL)
			return false;
		names->list = list;
	}
	if (asprintf(&names->list[names->count], "%s/%s", folder, name) < 0)
		return false;
	names->count++;
	return true;
}

/* True also when there is no such folder. */
static bool names_read(struct names *names, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool fine = true;

	while (fine && dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			fine = name_add(names, folder, entry->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	return fine;
}

static const char *last_part(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* Names begin with the time, or with a number: the newest first. */
static int newest_first(const void *a, const void *b)
{
	const char *one = last_part(*(char *const *)a);
	const char *other = last_part(*(char *const *)b);

	return strverscmp(other, one);
}

static void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static bool has_room(const struct output *output)
{
	return output->messages < SUGGEST_FILES_MAX &&
	       output->written + SUGGEST_HEADER_MAX + 4 <= SUGGEST_ALL_MAX;
}

static void put(struct output *output, const char *header, size_t len)
{
	const unsigned char size[4] = {
		(unsigned char)(len >> 24), (unsigned char)(len >> 16),
		(unsigned char)(len >> 8), (unsigned char)len
	};

	if (len == 0)
		return;
	(void)fwrite(size, 1, sizeof(size), output->file);
	(void)fwrite(header, 1, len, output->file);
	output->written += sizeof(size) + len;
	output->messages++;
}

static bool is_empty(const char *line)
{
	return line[0] == '\n' || (line[0] == '\r' && line[1] == '\n');
}

enum ends { ENDS_AT_BODY, ENDS_NEVER };

/* A line, or the next piece of a long one, with a NUL behind it. */
static size_t piece_read(FILE *file, char piece[PIECE])
{
	size_t len = 0;
	int c = 0;

	while (len < PIECE - 1 && c != '\n' &&
	       (c = getc_unlocked(file)) != EOF)
		piece[len++] = (char)c;
	piece[len] = 0;
	return len;
}

/* Lines of one file; a mailbox file goes on behind each body. */
static void put_file(struct output *output, FILE *file, enum ends ends,
		     char *header)
{
	bool in_header = true, after_empty = true, begins = true;
	size_t len = 0, got;
	char line[PIECE];

	while (has_room(output) && (got = piece_read(file, line)) > 0) {
		if (ends == ENDS_NEVER && begins && after_empty &&
		    strncmp(line, "From ", 5) == 0) {
			put(output, header, len);
			len = 0;
			in_header = true;
		}
		after_empty = begins && is_empty(line);
		begins = line[got - 1] == '\n';
		if (in_header && after_empty) {
			put(output, header, len);
			len = 0;
			in_header = false;
			if (ends == ENDS_AT_BODY)
				break;
		} else if (in_header) {
			if (got > SUGGEST_HEADER_MAX - len)
				got = SUGGEST_HEADER_MAX - len;
			memcpy(header + len, line, got);
			len += got;
			if (got == 0 && ends == ENDS_AT_BODY)
				break;
		}
	}
	put(output, header, len);
}

/* NULL: it cannot be read; or stands in a folder, and is no file. */
static FILE *file_open(const char *path, enum ends ends)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat about;
	FILE *file = NULL;

	if (fd >= 0 && fstat(fd, &about) == 0 &&
	    (ends == ENDS_NEVER || S_ISREG(about.st_mode)) &&
	    fcntl(fd, F_SETFL, O_RDONLY) == 0)
		file = fdopen(fd, "r");
	if (file == NULL && fd >= 0)
		(void)close(fd);
	return file;
}

static void put_folder(struct output *output, struct names *names,
		       char *header)
{
	FILE *file;
	size_t i;

	if (names->count > 1)
		qsort(names->list, names->count, sizeof(*names->list),
		      newest_first);
	for (i = 0; i < names->count && has_room(output); i++) {
		file = file_open(names->list[i], ENDS_AT_BODY);
		if (file == NULL)
			continue;
		put_file(output, file, ENDS_AT_BODY, header);
		(void)fclose(file);
	}
}

static bool put_all(struct output *output, const char *path, char *header)
{
	struct names names = { NULL, 0, 0 };
	char *folder = NULL;
	FILE *file = NULL;
	struct stat about;
	bool fine = false;

	if (stat(path, &about) < 0)
		goto out;
	if (!S_ISDIR(about.st_mode)) {
		file = file_open(path, ENDS_NEVER);
		if (file == NULL)
			goto out;
		put_file(output, file, ENDS_NEVER, header);
		fine = true;
		goto out;
	}
	fine = names_read(&names, path);
	if (fine && asprintf(&folder, "%s/cur", path) >= 0) {
		fine = names_read(&names, folder);
		(void)snprintf(strrchr(folder, '/'), 5, "/new");
		fine = fine && names_read(&names, folder);
	}
	if (fine)
		put_folder(output, &names, header);
out:
	if (file != NULL)
		(void)fclose(file);
	free(folder);
	names_free(&names);
	return fine;
}

int suggest_folder_read(const char *path, char *why, size_t why_size)
{
	int fd = memfd_create("headers", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct output output = { NULL, 0, 0 };
	char *header = malloc(SUGGEST_HEADER_MAX);
	int out = -1;

	if (fd >= 0)
		output.file = fdopen(dup(fd), "w");
	if (output.file == NULL || header == NULL ||
	    !put_all(&output, path, header)) {
		(void)snprintf(why, why_size, "%s", strerror(errno));
		goto out;
	}
	if (output.messages == 0) {
		(void)snprintf(why, why_size, "there is no message in it; "
			       "name a Maildir, a directory of messages, or a "
			       "mailbox file");
		goto out;
	}
	if (fflush(output.file) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW |
		  F_SEAL_SEAL) != 0) {
		(void)snprintf(why, why_size, "%s", strerror(errno));
		goto out;
	}
	out = fd;
	fd = -1;			/* handed over */
out:
	if (output.file != NULL)
		(void)fclose(output.file);
	if (fd >= 0)
		(void)close(fd);
	free(header);
	return out;
}
