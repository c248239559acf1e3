/* prepare_refuse.c - why a submission is refused, in a sentence */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/err.h"
#include "agent/flow/prepare_inside.h"

int prepare_refuse(struct prepare *prepare, int err, const char *name,
		  const char *format, ...)
{
	va_list args;
	char text[800];

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*prepare->name = name;
	buf_clear(prepare->why);
	buf_text(prepare->why, text);
	return err;
}

int prepare_no_memory(struct prepare *prepare)
{
	return prepare_refuse(prepare, ERR_LIMIT, "Failed", "The message needs "
			      "more memory than one message may have.");
}

int prepare_storage_refuse(struct prepare *prepare, int r)
{
	if (r == ERR_IO)
		return prepare_refuse(prepare, r, "Storage", "The queue's file "
				      "could not be written: %s; nothing was "
				      "sent.", strerror(errno));
	return prepare_no_memory(prepare);
}
