/* lab_canon.h - strings that grow, and DKIM's canonical forms once more
 *
 * RFC 6376 section 3.4, for what signs messages in tests; nothing is shared
 * with agent/. */
#ifndef MAILSEAL_TESTS_LAB_CANON_H
#define MAILSEAL_TESTS_LAB_CANON_H

#include <stdbool.h>
#include <stddef.h>

/* A string that grows; { NULL, 0, 0 } is empty.  free() the data. */
struct lab_text {
	char *data;
	size_t len, room;
};

void lab_must(bool fine, const char *what);	/* else abort() */
void lab_put(struct lab_text *text, const char *data, size_t len);
void lab_say(struct lab_text *text, const char *string);

/* How long the line at *from is without its end; *with_end: with it. */
size_t lab_line(const char *from, size_t *with_end);

bool lab_is_relaxed(const char *form);
struct lab_text lab_canon_body(const char *body, bool relaxed);
/* Without a line end. */
void lab_canon_field(struct lab_text *out, const char *field, size_t len,
		     bool relaxed);

#endif
