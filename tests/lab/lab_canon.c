/* lab_canon.c - line by line, plain and slow */
#include "tests/lab/lab_canon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX	(16 * 1024 * 1024)

void lab_must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "dkim_signer: %s\n", what);
	abort();
}

void lab_put(struct lab_text *text, const char *data, size_t len)
{
	if (text->len + len + 1 > text->room) {
		text->room = (text->len + len + 1) * 2;
		lab_must(text->room < TEXT_MAX, "too large");
		text->data = realloc(text->data, text->room);
		lab_must(text->data != NULL, "no memory");
	}
	if (len > 0)
		memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = 0;
}

void lab_say(struct lab_text *text, const char *string)
{
	lab_put(text, string, strlen(string));
}

/* --- canonical forms, line by line */

/* The line at *from without its end; *from moves behind it. */
size_t lab_line(const char *from, size_t *with_end)
{
	size_t len = strcspn(from, "\n");

	*with_end = len + (from[len] == '\n');
	if (from[len] == '\n' && len > 0 && from[len - 1] == '\r')
		len--;
	return len;
}

bool lab_is_relaxed(const char *form)
{
	return strncmp(form, "relaxed", 7) == 0;
}

/* Runs of blanks one blank, none at the end. */
static void put_relaxed(struct lab_text *out, const char *data, size_t len)
{
	bool blank = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' ||
		    data[i] == '\n') {
			blank = true;
			continue;
		}
		if (blank)
			lab_put(out, " ", 1);
		blank = false;
		lab_put(out, data + i, 1);
	}
}

struct lab_text lab_canon_body(const char *body, bool relaxed)
{
	struct lab_text out = { NULL, 0, 0 };
	size_t len, whole, before, keep = 0;

	lab_say(&out, "");
	for (; *body != 0; body += whole) {
		len = lab_line(body, &whole);
		before = out.len;
		if (relaxed)
			put_relaxed(&out, body, len);
		else
			lab_put(&out, body, len);
		if (out.len > before)	/* no empty line */
			keep = out.len + 2;
		lab_say(&out, "\r\n");
	}
	if (keep == 0 && !relaxed) {
		out.len = 0;
		lab_say(&out, "\r\n");
		keep = 2;
	}
	out.len = keep < out.len ? keep : out.len;
	return out;
}

void lab_canon_field(struct lab_text *out, const char *field, size_t len,
		      bool relaxed)
{
	size_t colon, i, name;
	const char *value;
	char c;

	if (!relaxed) {
		for (i = 0; i < len; i++) {
			if (field[i] == '\n' && (i == 0 ||
						 field[i - 1] != '\r'))
				lab_put(out, "\r", 1);
			lab_put(out, field + i, 1);
		}
		return;
	}
	colon = strcspn(field, ":");
	for (name = colon; name > 0 && (field[name - 1] == ' ' ||
					field[name - 1] == '\t'); name--)
		;
	for (i = 0; i < name; i++) {
		c = field[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		lab_put(out, &c, 1);
	}
	lab_put(out, ":", 1);
	value = field + colon + 1;
	len -= colon + 1;
	while (len > 0 && strchr(" \t\r\n", *value) != NULL) {
		value++;
		len--;
	}
	put_relaxed(out, value, len);
}
