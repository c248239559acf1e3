/* suggest_folder.h - the headers of a folder's messages, for Suggest
 *
 * A Maildir, a directory of one file a message, or a mailbox file.  Headers
 * are cut off at the first empty line; nothing of them is interpreted. */
#ifndef MAILSEAL_CLI_SUGGEST_FOLDER_H
#define MAILSEAL_CLI_SUGGEST_FOLDER_H

#include <stddef.h>

#define SUGGEST_FILES_MAX	5000	/* messages, the newest by name */
#define SUGGEST_HEADER_MAX	65536	/* bytes of one header */
#define SUGGEST_ALL_MAX		(60 * 1024 * 1024)	/* of all of them */

/* A sealed descriptor that Suggest takes, the caller's to close; negative:
 * `why` has the sentence. */
int suggest_folder_read(const char *path, char *why, size_t why_size);

#endif
