/* complain.c - a sentence on standard error */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"

void complain(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	(void)fputs("mailseal: ", stderr);
	put_lines(text == NULL ? "out of memory" : text, stderr);
	(void)fputc('\n', stderr);
	free(text);
}
