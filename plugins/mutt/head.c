/* head.c - fields of a header block, found and replaced */
#include "plugins/mutt/head.h"

#include <string.h>
#include <strings.h>

#include "proto/mailseal.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The length of the line at `text`, its end included. */
static size_t line_length(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	return end == NULL ? len : (size_t)(end - text) + 1;
}

size_t head_length(const char *text, size_t len)
{
	size_t at = 0, line;

	while (at < len) {
		line = line_length(text + at, len - at);
		if (text[at] == '\n' ||
		    (line == 2 && text[at] == '\r' && text[at + 1] == '\n'))
			return at;
		at += line;
	}
	return len;
}

/* The length of the field at `text`, with the lines that continue it. */
static size_t field_length(const char *text, size_t len)
{
	size_t at = line_length(text, len);

	while (at < len && (text[at] == ' ' || text[at] == '\t'))
		at += line_length(text + at, len - at);
	return at;
}

static bool field_is(const char *text, size_t len, const char *name)
{
	size_t size = strlen(name);

	if (len <= size || strncasecmp(text, name, size) != 0)
		return false;
	while (size < len && is_blank(text[size]))
		size++;
	return size < len && text[size] == ':';
}

static void value_read(const char *text, size_t len, char *out)
{
	const char *colon = memchr(text, ':', len);
	size_t at = colon == NULL ? len : (size_t)(colon - text) + 1;
	size_t used = 0;
	bool gap = false;

	for (; at < len; at++) {
		if (is_blank(text[at]) || text[at] == '\n') {
			gap = used > 0;
			continue;
		}
		if (used + 3 > HEAD_VALUE_MAX) {
			used = 0;	/* too long to be compared */
			break;
		}
		if (gap)
			out[used++] = ' ';
		gap = false;
		out[used++] = text[at];
	}
	out[used] = 0;
}

bool head_next(const char *head, size_t len, size_t *at, const char *name,
	       char *out)
{
	const char *field;
	size_t size;

	while (*at < len) {
		field = head + *at;
		size = field_length(field, len - *at);
		*at += size;
		if (!field_is(field, size, name))
			continue;
		value_read(field, size, out);
		return true;
	}
	return false;
}

unsigned head_find(const char *head, size_t len, const char *name, char *out)
{
	size_t at = 0, field;
	unsigned count = 0;

	out[0] = 0;
	for (; at < len; at += field) {
		field = field_length(head + at, len - at);
		if (!field_is(head + at, field, name))
			continue;
		if (count++ == 0)
			value_read(head + at, field, out);
	}
	return count;
}

/* Nothing but printable ASCII and UTF-8: no blank, no bracket. */
static bool is_word(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 127 ||
		    strchr("<>()\",;", text[i]) != NULL)
			return false;
	return len > 0 && memchr(text, '@', len) != NULL;
}

void head_address(const char *from, char *out)
{
	const char *open = strrchr(from, '<');
	size_t len = strlen(from);

	out[0] = 0;
	if (open != NULL) {
		from = open + 1;
		len = strcspn(from, ">");
		if (from[len] != '>' || from[len + 1] != 0)
			return;		/* a comment may hold anything */
	}
	if (len >= HEAD_VALUE_MAX || !is_word(from, len))
		return;
	memcpy(out, from, len);
	out[len] = 0;
}

void head_author(const char *from, char *out)
{
	const char *open = strrchr(from, '<');
	size_t len = open == NULL ? 0 : (size_t)(open - from);

	head_address(from, out);
	while (len > 0 && (is_blank(from[len - 1]) || from[len - 1] == '"'))
		len--;
	if (len > 0 && from[0] == '"') {
		from++;
		len--;
	}
	if (memchr(from, '@', len) != NULL &&
	    (strlen(out) != len || strncasecmp(from, out, len) != 0))
		out[0] = 0;
}

/* Behind what nobody can tell apart: blanks, controls, '?', U+FFFD. */
static const char *skip_unclear(const char *text)
{
	for (;;) {
		if (strncmp(text, "\xEF\xBF\xBD", 3) == 0)
			text += 3;
		else if ((*text > 0 && *text <= ' ') || *text == '?' ||
			 *text == 127)
			text++;
		else
			return text;
	}
}

bool head_alike(const char *a, const char *b)
{
	for (;;) {
		a = skip_unclear(a);
		b = skip_unclear(b);
		if (*a != *b || *a == 0)
			return *a == *b;
		a++;
		b++;
	}
}

static bool begins(const char *text, size_t len, const char *with)
{
	size_t size = strlen(with);

	return len > size && strncasecmp(text, with, size) == 0;
}

/* What is not shown: it would be taken for ours, or is for us alone. */
static bool is_hidden(const char *text, size_t len)
{
	return field_is(text, len, HEAD_FIELD) ||
	       field_is(text, len, "Message-ID") ||
	       begins(text, len, HEAD_FILTER) || begins(text, len, HEAD_OLD);
}

/* One line, whatever is in it. */
static void field_put(const char *name, const char *value, FILE *to)
{
	(void)fprintf(to, "%s: ", name);
	mailseal_text_put(value, to);
	(void)fputc('\n', to);
}

void head_print(const char *head, size_t len, const struct head_shown *shown,
		FILE *to)
{
	size_t at = 0, field;

	field_put(HEAD_FIELD, shown->verdict, to);
	for (; at < len; at += field) {
		field = field_length(head + at, len - at);
		if (is_hidden(head + at, field))
			continue;
		if (field_is(head + at, field, "From"))
			field_put("From", shown->from[0] == 0 ? "(hidden)" :
				  shown->from, to);
		else
			(void)fwrite(head + at, 1, field, to);
	}
}
