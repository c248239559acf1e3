/* log.c - lines on standard error; the one file with state of its own */
#include "agent/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024

static const char *log_name = "mailseal";
static enum log_level log_most = LOG_LEVEL_INFO;
static int log_marks;		/* 1: the journal reads us */

/* sd-daemon(3): <3> error, <4> warning, <6> info, <7> debug */
static const char *const marks[] = { "<3>", "<4>", "<6>", "<7>" };
_Static_assert(sizeof(marks) / sizeof(marks[0]) == LOG_LEVEL_DEBUG + 1,
	       "a level has no mark");

void log_open(const char *name, enum log_level most)
{
	log_name = name;
	log_most = most;
	log_marks = getenv("JOURNAL_STREAM") != NULL;
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[LINE_MAX_LEN];
	va_list args;
	int head, rest;
	size_t len, i;

	if (level > log_most)
		return;
	head = snprintf(line, sizeof(line), "%s%s: ",
			log_marks != 0 ? marks[level] : "", log_name);
	if (head < 0 || (size_t)head >= sizeof(line) - 1)
		return;
	va_start(args, format);
	rest = vsnprintf(line + head, sizeof(line) - 1 - (size_t)head, format,
			 args);
	va_end(args);
	if (rest < 0)
		return;
	len = (size_t)head + (size_t)rest;
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < 32 || line[i] == 127)
			line[i] = '?';
	line[len] = '\n';
	if (write(STDERR_FILENO, line, len + 1) < 0)
		return;		/* nowhere left to say so */
}
