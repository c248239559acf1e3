/* folder.h - a folder of a test's own, gone at its end */
#ifndef MAILSEAL_TESTS_STORE_FOLDER_H
#define MAILSEAL_TESTS_STORE_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_ROOM 512

static inline void folder_make(char *folder)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(folder, FOLDER_ROOM, "%.400s/store-XXXXXX",
		       tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(folder) == NULL)
		abort();
}

static inline void folder_path(char *path, const char *folder,
			       const char *file)
{
	(void)snprintf(path, FOLDER_ROOM, "%.400s/%.100s", folder, file);
}

static inline void folder_remove(const char *folder)
{
	char path[FOLDER_ROOM];
	struct dirent *entry;
	DIR *dir;

	(void)chmod(folder, 0700);
	dir = opendir(folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		folder_path(path, folder, entry->d_name);
		(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	(void)rmdir(folder);
}

static inline int folder_has(const char *folder, const char *file)
{
	char path[FOLDER_ROOM];

	folder_path(path, folder, file);
	return access(path, F_OK) == 0;
}

#endif
