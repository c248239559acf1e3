/* mutt_files.h - the files of a Mutt's configuration, command by command
 *
 * In the order in which Mutt reads them, sourced files in their places.
 * What programs print (`source "command|"`, backquotes) is not asked for;
 * system-wide files are not looked at.  For saying where something is set:
 * what is set, the program itself tells (mutt_settings.h). */
#ifndef MAILSEAL_CLI_MUTT_FILES_H
#define MAILSEAL_CLI_MUTT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "plugins/cli/mutt_settings.h"

#define MUTT_WORDS_MAX 24	/* of one command; what is over is left out */

struct mutt_command {
	const char *file;		/* as it is shown to a person */
	unsigned line;			/* of its first word */
	unsigned lines;			/* it takes up */
	unsigned alone;			/* 1: nothing else on these lines */
	unsigned depth;			/* 0: the user's own file */
	unsigned count;
	const char *word[MUTT_WORDS_MAX + 1];	/* without quotes; NULL ends */
};

struct mutt_files;

/* The user's file of that program; false: there is none, and `path` has the
 * one to be made. */
bool mutt_files_find(enum mutt_kind kind, char *path, size_t size);

/* NULL: no memory.  A file that cannot be read is an empty one. */
struct mutt_files *mutt_files_read(const char *path);
void mutt_files_free(struct mutt_files *files);		/* NULL is allowed */

size_t mutt_files_count(const struct mutt_files *files);
const struct mutt_command *mutt_files_command(const struct mutt_files *files,
					      size_t nth);

#endif
