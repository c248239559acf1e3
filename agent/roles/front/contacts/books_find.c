/* books_find.c - the files behind the paths of the configuration
 *
 * A path is a file, or a folder of files and of folders of them: khard's and
 * vdirsyncer's mirrors hold a folder a book and a file a card. */
#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/contacts/parse.h"
#include "agent/roles/front/contacts/books.h"

#define FILES_MAX	20000	/* of one path */
#define DEPTH_MAX	1	/* folders in the folder */

/* One look at one path. */
struct walk {
	struct books *books;
	struct origin *origin;
	size_t files;
};

static int path_order(const void *a, const void *b)
{
	const struct source *one = a, *other = b;

	return strcmp(one->path, other->path);
}

static struct source *source_of(struct books *books, const char *path)
{
	struct source *source = calloc(1, sizeof(*source));
	struct source **found = NULL;

	if (source == NULL)
		return NULL;
	source->path = strdup(path);
	if (source->path != NULL)
		found = tsearch(source, &books->by_path, path_order);
	if (found == NULL || *found != source) {
		source_free(source);
		return found == NULL ? NULL : *found;
	}
	source->next = books->sources;
	books->sources = source;
	return source;
}

void source_free(struct source *source)
{
	free(source->path);
	free(source->map);
	free(source);
}

static bool source_is_new(const struct source *source,
			  const struct stat *about)
{
	return source->size != about->st_size ||
	       source->changed.tv_sec != about->st_mtim.tv_sec ||
	       source->changed.tv_nsec != about->st_mtim.tv_nsec;
}

static void source_want(struct books *books, struct source *source)
{
	if (source->wanted)
		return;
	source->wanted = true;
	source->wanted_next = NULL;
	*books->wanted_last = source;
	books->wanted_last = &source->wanted_next;
}

static void file_found(struct walk *walk, const char *path,
		       const struct stat *about)
{
	struct source *source = source_of(walk->books, path);

	walk->files++;
	if (source == NULL)
		return;
	source->found = true;
	source->origin = walk->origin;
	if (source->asked || !source_is_new(source, about))
		return;
	if (S_ISREG(about->st_mode) && about->st_size <= CONTACTS_FILE_MAX) {
		source_want(walk->books, source);
		return;
	}
	source->changed = about->st_mtim;
	source->size = about->st_size;
	books_problem(source->problem, path, S_ISREG(about->st_mode) ?
		      "it is larger than 16 MB" :
		      "it is neither a file nor a folder", source->map != NULL);
}

static bool walk_folder(struct walk *walk, const char *path, unsigned depth);

static void entry_found(struct walk *walk, const char *path, unsigned depth)
{
	struct stat about;

	/* Gone again: the next look knows more. */
	if (stat(path, &about) < 0)
		return;
	if (!S_ISDIR(about.st_mode))
		file_found(walk, path, &about);
	else if (depth < DEPTH_MAX)
		(void)walk_folder(walk, path, depth + 1);
}

/* False: it is no folder that can be read. */
static bool walk_folder(struct walk *walk, const char *path, unsigned depth)
{
	const struct dirent *entry;
	DIR *folder = opendir(path);
	char *file;

	if (folder == NULL)
		return false;
	while (walk->files < FILES_MAX && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    asprintf(&file, "%s/%s", path, entry->d_name) < 0)
			continue;
		entry_found(walk, file, depth);
		free(file);
	}
	(void)closedir(folder);
	return true;
}

static void origin_look(struct books *books, struct origin *origin)
{
	struct walk walk = { books, origin, 0 };
	struct stat about;
	char problem[BOOKS_SENTENCE] = "";

	origin->folder = walk_folder(&walk, origin->path, 0);
	if (origin->folder && walk.files < FILES_MAX)
		goto out;
	if (origin->folder)
		(void)snprintf(problem, sizeof(problem), "only the first %d "
			       "files in it are read", FILES_MAX);
	else if (errno != ENOTDIR || stat(origin->path, &about) < 0)
		(void)snprintf(problem, sizeof(problem), "%s",
			       strerror(errno));
	else
		file_found(&walk, origin->path, &about);
out:
	if (problem[0] != 0 && strcmp(problem, origin->problem) != 0)
		books_problem(origin->problem, origin->path, problem, false);
	else if (problem[0] == 0)
		origin->problem[0] = 0;
}

/* A file that left its folder leaves the list; a path of the configuration
 * that cannot be read keeps its last content. */
static bool books_sweep(struct books *books)
{
	struct source **at = &books->sources, *gone;
	bool any = false;

	while ((gone = *at) != NULL) {
		if (gone->found || gone->asked || gone->wanted ||
		    !gone->origin->folder) {
			at = &gone->next;
			continue;
		}
		*at = gone->next;
		(void)tdelete(gone, &books->by_path, path_order);
		source_free(gone);
		any = true;
	}
	return any;
}

bool books_find(struct books *books)
{
	struct source *source;
	size_t i;

	for (source = books->sources; source != NULL; source = source->next)
		source->found = false;
	for (i = 0; i < books->origin_count; i++)
		origin_look(books, &books->origins[i]);
	return books_sweep(books);
}
