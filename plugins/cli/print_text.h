/* print_text.h - texts of strangers on a terminal
 *
 * Whatever acts there instead of being seen becomes '?': control characters,
 * the C1 set, and what turns the direction of writing; bytes that are no
 * UTF-8 too.  Lines are broken at the terminal's width; elsewhere they are as
 * long as they are, so that other programs find a whole one. */
#ifndef MAILSEAL_CLI_PRINT_TEXT_H
#define MAILSEAL_CLI_PRINT_TEXT_H

#include <stdio.h>

/* On standard output, where it stands. */
void put_text(const char *text);
/* Elsewhere; line ends stay what they are. */
void put_lines(const char *text, FILE *to);

/* "  label     text", further lines under the text; printf into the text,
 * which is made harmless as a whole. */
void put_entry(const char *label, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A paragraph, indented. */
void put_paragraph(const char *text);

/* Colours on a terminal, else "".  They only repeat the word beside them. */
const char *colour_of(const char *verdict);
const char *colour_end(void);

#endif
