/* mutt_session.c - the file of one running Mutt */
#include "plugins/cli/mutt_session.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plugins/mutt/fresh.h"
#include "proto/mailseal.h"

#define LINE_MAX_BYTES	65536
#define OLD_S		(7 * 86400)	/* files of a Mutt long gone */
#define PATH_ROOM	640
#define NOTHING_TOLD	(-2)

struct mutt_session {
	char folder[512];		/* "": nothing is kept */
	char name[FRESH_NAME + 1];	/* "": none */
	char generation[40];
	FILE *coloured;			/* patterns, a line each */
	char *patterns;
	size_t patterns_len;
};

static void name_make(char name[FRESH_NAME + 1])
{
	uint64_t number;

	name[0] = 0;
	if (getrandom(&number, sizeof(number), 0) == sizeof(number))
		(void)snprintf(name, FRESH_NAME + 1, "%016llx",
			       (unsigned long long)number);
}

static bool file_path(const struct mutt_session *session, char *path,
		      const char *tail)
{
	if (session == NULL || session->folder[0] == 0 ||
	    session->name[0] == 0)
		return false;
	(void)snprintf(path, PATH_ROOM, "%s/mutt-%s%s", session->folder,
		       session->name, tail);
	return true;
}

static void sweep_old(const struct mutt_session *session)
{
	const struct dirent *entry;
	char path[PATH_ROOM + 256];
	struct stat about;
	DIR *dir = opendir(session->folder);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "mutt-", 5) != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", session->folder,
			       entry->d_name);
		if (stat(path, &about) == 0 &&
		    about.st_mtim.tv_sec < time(NULL) - OLD_S)
			(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
}

struct mutt_session *mutt_session_open(enum mutt_turn turn)
{
	struct mutt_session *session = calloc(1, sizeof(*session));
	const char *name = getenv("MAILSEAL_MUTT");
	struct timespec now;

	if (session == NULL)
		return NULL;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)snprintf(session->generation, sizeof(session->generation),
		       "%llx%05lx", (unsigned long long)now.tv_sec,
		       (unsigned long)now.tv_nsec / 1000);
	if (!mailseal_runtime_folder(FRESH_FOLDER, session->folder,
				     sizeof(session->folder)))
		session->folder[0] = 0;
	if (turn == MUTT_FIRST) {
		name_make(session->name);
		if (session->name[0] != 0)
			(void)printf("setenv MAILSEAL_MUTT %s\n",
				     session->name);
		sweep_old(session);
	} else if (fresh_is_name(name)) {
		memcpy(session->name, name, FRESH_NAME + 1);
	}
	session->coloured = open_memstream(&session->patterns,
					   &session->patterns_len);
	return session;
}

void mutt_session_free(struct mutt_session *session)
{
	if (session == NULL)
		return;
	if (session->coloured != NULL)
		(void)fclose(session->coloured);
	free(session->patterns);
	free(session);
}

const char *mutt_session_name(const struct mutt_session *session)
{
	return session == NULL ? NULL : session->name;
}

const char *mutt_session_generation(const struct mutt_session *session)
{
	return session == NULL ? "0" : session->generation;
}

/* The file's first line: the number, and the field. */
static void told_read(const struct mutt_session *session, long long *changes,
		      char field[MUTT_FIELD_ROOM])
{
	char path[PATH_ROOM], word[MUTT_FIELD_ROOM] = "";
	FILE *file;

	*changes = NOTHING_TOLD;
	mutt_field_take(NULL, field);
	if (!file_path(session, path, ""))
		return;
	file = fopen(path, "re");
	if (file == NULL)
		return;
	if (fscanf(file, "%lld %31[^\n]\n", changes, word) < 1)
		*changes = NOTHING_TOLD;
	mutt_field_take(word, field);
	(void)fclose(file);
}

bool mutt_session_knows(const struct mutt_session *session, int64_t changes)
{
	char field[MUTT_FIELD_ROOM];
	long long told;

	told_read(session, &told, field);
	return told == (long long)changes;
}

void mutt_session_field(const struct mutt_session *session,
			char field[MUTT_FIELD_ROOM])
{
	long long told;

	told_read(session, &told, field);
}

void mutt_session_uncolour(struct mutt_session *session)
{
	char path[PATH_ROOM], *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *file;

	if (!file_path(session, path, ""))
		return;
	file = fopen(path, "re");
	if (file == NULL)
		return;
	len = getline(&line, &room, file);	/* the number */
	while (len > 0 && (len = getline(&line, &room, file)) > 1 &&
	       len < LINE_MAX_BYTES) {
		line[len - 1] = 0;
		(void)printf("uncolor index '%s'\n", line);
	}
	free(line);
	(void)fclose(file);
}

void mutt_session_coloured(struct mutt_session *session, const char *pattern)
{
	if (session != NULL && session->coloured != NULL)
		(void)fprintf(session->coloured, "%s\n", pattern);
}

void mutt_session_keep(struct mutt_session *session, int64_t changes,
		       const char *field)
{
	char path[PATH_ROOM], new_path[PATH_ROOM];
	FILE *file;
	int fd;

	if (!file_path(session, path, "") ||
	    !file_path(session, new_path, ".new") ||
	    session->coloured == NULL || fflush(session->coloured) != 0)
		return;
	(void)unlink(new_path);
	fd = open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	(void)fprintf(file, "%lld %s\n", (long long)changes, field);
	(void)fwrite(session->patterns, 1, session->patterns_len, file);
	if (fclose(file) == 0)
		(void)rename(new_path, path);
}
