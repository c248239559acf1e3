/* mutt_doctor_write.c - the source line into the user's file
 *
 * A whole new file takes the old one's place by rename(2), behind symbolic
 * links, with its mode; what was there stays beside it as a copy. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/mutt_doctor.h"

#define COPY_TAIL	".before-mailseal"
#define COPIES_MAX	100
#define TEXT_MAX	(4 * 1024 * 1024)
#define TAIL_ROOM	32

struct edit {
	char path[MUTT_PATH_ROOM];	/* no link */
	char copy[MUTT_PATH_ROOM + TAIL_ROOM];
	char fresh[MUTT_PATH_ROOM + TAIL_ROOM];
	char *text;			/* as it was; NULL: there was no file */
	size_t len;
	struct stat about;
};

static bool text_read(struct edit *edit)
{
	FILE *file = mutt_path_open(edit->path);
	bool fine = false;

	if (file == NULL)
		return false;
	edit->text = malloc(TEXT_MAX);
	if (edit->text != NULL && fstat(fileno(file), &edit->about) == 0) {
		edit->len = fread(edit->text, 1, TEXT_MAX, file);
		fine = ferror(file) == 0 && edit->len < TEXT_MAX;
	}
	(void)fclose(file);
	return fine;
}

/* Without the lines of an earlier source command. */
static void old_line_drop(const struct doctor *doctor, struct edit *edit)
{
	const struct mutt_command *command;
	char *from = edit->text, *to;
	unsigned i;

	if (doctor->source_at == DOCTOR_NOWHERE || edit->text == NULL)
		return;
	command = mutt_files_command(doctor->files, doctor->source_at);
	if (command->depth != 0 || command->alone == 0)
		return;
	for (i = 1; i < command->line && from != NULL; i++) {
		from = memchr(from, '\n', edit->len -
			      (size_t)(from - edit->text));
		from += from == NULL ? 0 : 1;
	}
	for (i = 0, to = from; i < command->lines && to != NULL; i++) {
		to = memchr(to, '\n', edit->len - (size_t)(to - edit->text));
		to += to == NULL ? 0 : 1;
	}
	if (from == NULL)
		return;
	if (to == NULL)
		to = edit->text + edit->len;
	memmove(from, to, edit->len - (size_t)(to - edit->text));
	edit->len -= (size_t)(to - from);
}

/* A line that ends with a backslash would swallow the next one. */
static const char *line_end(const struct edit *edit)
{
	size_t len = edit->len;

	if (len == 0)
		return "";
	if (edit->text[len - 1] != '\n')
		return edit->text[len - 1] == '\\' ? "\n\n" : "\n";
	return len > 1 && edit->text[len - 2] == '\\' ? "\n" : "";
}

static bool copy_write(struct edit *edit)
{
	int fd = -1, i;
	bool fine;

	for (i = 0; fd < 0 && i < COPIES_MAX; i++) {
		(void)snprintf(edit->copy, sizeof(edit->copy), i == 0 ?
			       "%s" COPY_TAIL : "%s" COPY_TAIL ".%d",
			       edit->path, i);
		fd = open(edit->copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			  edit->about.st_mode & 0777);
		if (fd < 0 && errno != EEXIST)
			return false;
	}
	if (fd < 0)
		return false;
	fine = mailseal_write(fd, edit->text, edit->len) == 0 &&
	       fsync(fd) == 0;
	return close(fd) == 0 && fine;
}

static bool fresh_write(const struct doctor *doctor, struct edit *edit)
{
	char line[MUTT_PATH_ROOM + TAIL_ROOM];
	bool fine;
	int fd;

	(void)snprintf(edit->fresh, sizeof(edit->fresh), "%s.XXXXXX",
		       edit->path);
	fd = mkostemp(edit->fresh, O_CLOEXEC);
	if (fd < 0) {
		edit->fresh[0] = 0;
		return false;
	}
	(void)snprintf(line, sizeof(line), "%ssource %s\n", line_end(edit),
		       doctor->source);
	fine = mailseal_write(fd, edit->text, edit->len) == 0 &&
	       mailseal_write(fd, line, strlen(line)) == 0 &&
	       (edit->text == NULL ||
		fchmod(fd, edit->about.st_mode & 07777) == 0) &&
	       fsync(fd) == 0;
	return close(fd) == 0 && fine;
}

/* Whether it is still the file that was read. */
static bool is_unchanged(const struct edit *edit)
{
	struct stat now;

	if (stat(edit->path, &now) != 0)
		return edit->text == NULL && errno == ENOENT;
	return edit->text != NULL && now.st_ino == edit->about.st_ino &&
	       now.st_size == edit->about.st_size &&
	       now.st_mtim.tv_sec == edit->about.st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == edit->about.st_mtim.tv_nsec;
}

static void folder_sync(const char *path)
{
	char folder[MUTT_PATH_ROOM];
	char *slash;
	int fd;

	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return;
	slash[slash == folder ? 1 : 0] = 0;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
}

static int edit_do(const struct doctor *doctor, struct edit *edit)
{
	if (realpath(doctor->rc, edit->path) == NULL) {
		if (errno != ENOENT || doctor->rc_there) {
			complain("%s: %s.", doctor->rc, strerror(errno));
			return EX_NOINPUT;
		}
		(void)snprintf(edit->path, sizeof(edit->path), "%s",
			       doctor->rc);
	} else if (!text_read(edit)) {
		complain("%s cannot be read; write the line yourself.",
			 doctor->rc);
		return EX_NOINPUT;
	} else if (!copy_write(edit)) {
		complain("no copy can be kept at %s (%s), so %s stays as it "
			 "is.", edit->copy, strerror(errno), doctor->rc);
		return EX_CANTCREAT;
	}
	old_line_drop(doctor, edit);
	if (!fresh_write(doctor, edit)) {
		complain("%s cannot be written (%s); it stays as it is.",
			 edit->path, strerror(errno));
		return EX_CANTCREAT;
	}
	if (!is_unchanged(edit)) {
		complain("%s was changed meanwhile, and stays as it is; try "
			 "again.", edit->path);
		return EX_TEMPFAIL;
	}
	if (rename(edit->fresh, edit->path) != 0) {
		complain("%s: %s.", edit->path, strerror(errno));
		return EX_CANTCREAT;
	}
	edit->fresh[0] = 0;
	folder_sync(edit->path);
	(void)printf("  wrote     source %s\n            into %s\n",
		     doctor->source, edit->path);
	if (edit->text != NULL)
		(void)printf("            what was there is in %s\n",
			     edit->copy);
	return EX_OK;
}

int doctor_write(const struct doctor *doctor)
{
	static struct edit edit;
	int status;

	if (doctor->source[strcspn(doctor->source, " \t\n\"'`$\\;#|")] != 0) {
		complain("Mutt cannot source a file of the name \"%s\"; "
			 "install mailseal elsewhere.", doctor->source);
		return EX_UNAVAILABLE;
	}
	if (access(doctor->source, R_OK) != 0) {
		complain("%s: %s; install mailseal, or name its folder with "
			 "--folder.", doctor->source, strerror(errno));
		return EX_NOINPUT;
	}
	(void)memset(&edit, 0, sizeof(edit));
	status = edit_do(doctor, &edit);
	if (edit.fresh[0] != 0)
		(void)unlink(edit.fresh);
	free(edit.text);
	return status;
}
