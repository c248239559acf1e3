/* opened.h - that something was decrypted, told from one command to the next
 *
 * Mutt hands the command that decrypts a part, and no word of which message.
 * The command leaves a note: a file of this Mutt; and a line with the Mutt's
 * name, which no sender knows, for the display filter.  That one is shown the
 * Message-ID, tells the agent, and takes the note away.  What is opened to be
 * quoted passes no display filter: while there is a note, an answer is sent
 * encrypted, or not at all.
 * `name` is that of the Mutt, from $MAILSEAL_MUTT; NULL and others than ours:
 * there is no note. */
#ifndef MAILSEAL_MUTT_OPENED_H
#define MAILSEAL_MUTT_OPENED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum opened_note {
	OPENED_NONE,		/* nothing was opened, or there is no name */
	OPENED_FIRST,		/* this one's note */
	OPENED_AGAIN,		/* there was a note */
	OPENED_FAILED		/* it cannot be written */
};

enum opened_note opened_put(const char *name);
bool opened_is_noted(const char *name);
void opened_forget(const char *name);

/* The line for the display filter, for OPENED_FIRST and OPENED_AGAIN. */
void opened_line_put(const char *name, enum opened_note note, FILE *to);
/* Which of them that line stands for. */
enum opened_note opened_line(const char *name, const char *line, size_t len);

/* To the agent, for a page with that header block.  True: an answer to any of
 * its Message-IDs will be known for one. */
bool opened_tell(const char *head, size_t len);

#endif
