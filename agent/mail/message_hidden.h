/* message_hidden.h - fields that only some programs read in a header
 *
 * Programs differ in what ends a line, in whether a blank may stand in front
 * of a name or of its colon, and in how much of a long line they take.  What
 * one of them could show as From, Subject or the like must count, though RFC
 * 5322 makes something else of it (design 7).
 * Does not do: count the plain fields; message_count() does. */
#ifndef MAILSEAL_MAIL_MESSAGE_HIDDEN_H
#define MAILSEAL_MAIL_MESSAGE_HIDDEN_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct message;

/* How many lines another program could read as a field of that name. */
size_t message_hidden(const struct message *message, const char *name);

/* Whether a lenient parser reads "name:" at the line's begin: ASCII case,
 * and whatever may not stand in a name, are ignored. */
bool line_reads_as(struct bytes line, const char *name);

/* An octet (or three) that ends a line for some: control characters but HTAB
 * and CRLF, U+0085, U+2028, U+2029. */
bool text_has_separator(struct bytes text);

#endif
