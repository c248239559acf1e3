/* lines.c - a list of texts on its way to a role: a file of lines */
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"

#define LINES_MAX	(4 * 1024 * 1024)	/* bytes of all together */

int front_lines(const struct value *list)
{
	const struct value *member;
	struct buf text;
	int fd = -1;

	buf_init(&text, LINES_MAX);
	for (member = list == NULL ? NULL : list->first; member != NULL;
	     member = member->next) {
		if (strchr(member->text, '\n') != NULL)
			break;
		buf_print(&text, "%s\n", member->text);
	}
	if (member == NULL && !text.full)
		fd = memfile_make("lines", buf_bytes(&text));
	buf_free(&text);
	return fd;
}
