/* mime_lines.h - passing over lines that tell a scan nothing
 *
 * Nearly all lines of a large message are so.  What is left is for
 * mime.c to look at, one line at a time.
 * Does not do: see a line that is not whole. */
#ifndef MAILSEAL_MAIL_MIME_LINES_H
#define MAILSEAL_MAIL_MIME_LINES_H

#include "agent/mail/mime.h"

/* How many octets of `text`, which begins a line, are whole lines of which
 * nothing is to be noted but their length, in lines->longest. */
size_t mime_lines_dull(struct bytes text, struct mime_lines *lines);

/* The same where only delimiters matter: lines that do not begin with "--". */
size_t mime_lines_inside(struct bytes text);

/* How many octets end the last line of `text`: 2 for CRLF. */
unsigned mime_lines_end(struct bytes text);

#endif
