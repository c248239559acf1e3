/* print_text.c - made harmless, broken into lines */
#include "plugins/cli/print_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define INDENT		2
#define LABEL		10	/* columns */
#define LINE_MAX_BYTES	16384	/* of one entry */
#define WIDTH_LEAST	40
#define WIDTH_NONE	0	/* lines are not broken */

static const struct {
	const char *verdict, *colour;
} colours[] = {
	{ "genuine", "\033[32m" }, { "authenticated", "\033[36m" },
	{ "unverified", "\033[33m" }, { "suspicious", "\033[1;33m" },
	{ "spoofed", "\033[1;31m" },
};

static bool has_colours(void)
{
	const char *term = getenv("TERM");
	const char *none = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (none == NULL || none[0] == 0) &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

const char *colour_of(const char *verdict)
{
	size_t i;

	for (i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (has_colours() && strcmp(colours[i].verdict, verdict) == 0)
			return colours[i].colour;
	return "";
}

const char *colour_end(void)
{
	return has_colours() ? "\033[0m" : "";
}

static size_t width_of_output(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return WIDTH_NONE;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
}

/* One character of UTF-8 (RFC 3629); its bytes; 0: it is none. */
static size_t take_rune(const unsigned char *s, uint32_t *rune)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need, i;

	if (s[0] < 0x80) {
		*rune = s[0];
		return 1;
	}
	if (s[0] >= 0xC2 && s[0] <= 0xDF)
		need = 2;
	else if (s[0] >= 0xE0 && s[0] <= 0xEF)
		need = 3;
	else if (s[0] >= 0xF0 && s[0] <= 0xF4)
		need = 4;
	else
		return 0;
	*rune = s[0] & (0x7Fu >> need);
	for (i = 1; i < need; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		*rune = *rune << 6 | (s[i] & 0x3Fu);
	}
	return *rune < least[need] || *rune > 0x10FFFF ||
	       (*rune >= 0xD800 && *rune <= 0xDFFF) ? 0 : need;
}

static bool acts(uint32_t rune)
{
	return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) ||
	       rune == 0x061C || rune == 0x200E || rune == 0x200F ||
	       (rune >= 0x2028 && rune <= 0x202E) ||
	       (rune >= 0x2066 && rune <= 0x2069) || rune == 0xFEFF;
}

/* Puts one character; the columns it took; *at moves on. */
static size_t put_rune(const unsigned char **at, FILE *to)
{
	uint32_t rune;
	size_t bytes = take_rune(*at, &rune);
	int columns;

	if (bytes == 0 || acts(rune)) {
		(void)fputc('?', to);
		*at += bytes == 0 ? 1 : bytes;
		return 1;
	}
	(void)fwrite(*at, 1, bytes, to);
	*at += bytes;
	columns = wcwidth((wchar_t)rune);
	return columns < 0 ? 1 : (size_t)columns;
}

void put_text(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at != 0)
		(void)put_rune(&at, stdout);
}

void put_lines(const char *text, FILE *to)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at != 0)
		if (*at == '\n')
			(void)fputc(*at++, to);
		else
			(void)put_rune(&at, to);
}

static size_t word_columns(const unsigned char *word)
{
	size_t columns = 0, bytes;
	uint32_t rune;
	int width;

	while (*word != 0 && *word != ' ') {
		bytes = take_rune(word, &rune);
		width = bytes == 0 || acts(rune) ? 1 : wcwidth((wchar_t)rune);
		columns += width < 0 ? 1 : (size_t)width;
		word += bytes == 0 ? 1 : bytes;
	}
	return columns;
}

static void new_line(size_t indent)
{
	(void)printf("\n%*s", (int)indent, "");
}

/* From `column` on; a word longer than a line is broken. */
static void put_wrapped(const char *text, size_t column, size_t indent)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t width = width_of_output();

	while (*at != 0) {
		while (*at == ' ')
			at++;
		if (width != WIDTH_NONE && column > indent &&
		    column + 1 + word_columns(at) > width) {
			new_line(indent);
			column = indent;
		} else if (column > indent && *at != 0) {
			(void)putchar(' ');
			column++;
		}
		while (*at != 0 && *at != ' ') {
			if (width != WIDTH_NONE && column + 1 >= width) {
				new_line(indent);
				column = indent;
			}
			column += put_rune(&at, stdout);
		}
	}
	(void)putchar('\n');
}

void put_entry(const char *label, const char *format, ...)
{
	static char text[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(void)printf("%*s%-*s ", INDENT, "", LABEL, label);
	put_wrapped(text, INDENT + LABEL + 1, INDENT + LABEL + 1);
}

void put_paragraph(const char *text)
{
	(void)printf("%*s", INDENT, "");
	put_wrapped(text, INDENT, INDENT);
}
