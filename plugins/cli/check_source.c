/* check_source.c - which files are judged: those named, or a Maildir's
 *
 * A Maildir is read as it is listed, so that it may have any size; what comes
 * or goes meanwhile is taken or missed. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/cli/check.h"

static const char *const parts[] = { "cur", "new" };
#define PARTS (sizeof(parts) / sizeof(parts[0]))

struct source {
	char **files;
	int file_count, file_at;
	char *folder;			/* NULL: files */
	size_t part;			/* which of parts is open */
	DIR *dir;
	long count;
};

static char *path_of(const char *folder, const char *part, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s%s%s", folder, part,
		     name == NULL ? "" : "/", name == NULL ? "" : name) < 0)
		return NULL;
	return path;
}

static DIR *part_open(const struct source *source, size_t part)
{
	char *path = path_of(source->folder, parts[part], NULL);
	DIR *dir = path == NULL ? NULL : opendir(path);

	free(path);
	return dir;
}

/* The next message of the open part; NULL: that was all. */
static const char *part_next(DIR *dir)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			break;
	return entry == NULL ? NULL : entry->d_name;
}

struct source *source_files(char **files, int count)
{
	static char dash[] = "-";
	static char *only_stdin[] = { dash };
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL) {
		complain("out of memory.");
		return NULL;
	}
	source->files = count == 0 ? only_stdin : files;
	source->file_count = count == 0 ? 1 : count;
	source->count = source->file_count;
	return source;
}

struct source *source_maildir(const char *folder)
{
	struct source *source = calloc(1, sizeof(*source));
	size_t part;
	DIR *dir;

	if (source == NULL || (source->folder = strdup(folder)) == NULL) {
		complain("out of memory.");
		source_free(source);
		return NULL;
	}
	for (part = 0; part < PARTS; part++) {
		dir = part_open(source, part);
		if (dir == NULL) {
			complain("%s is no Maildir that can be read: %s/: %s. "
				 "For other folders, name the files.", folder,
				 parts[part], strerror(errno));
			source_free(source);
			return NULL;
		}
		while (part_next(dir) != NULL)
			source->count++;
		(void)closedir(dir);
	}
	return source;
}

void source_free(struct source *source)
{
	if (source == NULL)
		return;
	if (source->dir != NULL)
		(void)closedir(source->dir);
	free(source->folder);
	free(source);
}

long source_count(const struct source *source)
{
	return source->count;
}

bool source_is_folder(const struct source *source)
{
	return source->folder != NULL;
}

char *source_next(struct source *source)
{
	const char *name = NULL;

	if (source->folder == NULL) {
		if (source->file_at == source->file_count)
			return NULL;
		return strdup(source->files[source->file_at++]);
	}
	while (source->part < PARTS) {
		if (source->dir == NULL)
			source->dir = part_open(source, source->part);
		if (source->dir != NULL)
			name = part_next(source->dir);
		if (name != NULL)
			return path_of(source->folder, parts[source->part],
				       name);
		if (source->dir != NULL)
			(void)closedir(source->dir);
		source->dir = NULL;
		source->part++;
	}
	return NULL;
}
