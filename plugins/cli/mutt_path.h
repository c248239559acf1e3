/* mutt_path.h - paths as they stand in Mutt's configuration */
#ifndef MAILSEAL_CLI_MUTT_PATH_H
#define MAILSEAL_CLI_MUTT_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MUTT_PATH_ROOM 4096

/* "~/x" and "$NAME/x", as far as the environment knows the name; what is not
 * absolute counts from the folder of the file `in`.  False: it is a command
 * ("x|"), or too long. */
bool mutt_path_expand(const char *text, const char *in,
		      char path[MUTT_PATH_ROOM]);
/* The other way round: with ~ for the home.  Points into `room` or `path`. */
const char *mutt_path_short(const char *path, char room[MUTT_PATH_ROOM]);
/* A regular file of a size that a person writes; else NULL. */
FILE *mutt_path_open(const char *path);
/* Whether both are one file. */
bool mutt_path_same(const char *a, const char *b);

#endif
