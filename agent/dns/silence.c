/* silence.c - a ring of names */
#include "agent/dns/silence.h"

#include <stdio.h>
#include <strings.h>

void silence_note(struct silence *silence, const char *name, int64_t until)
{
	unsigned i = silence->next;

	(void)snprintf(silence->names[i], sizeof(silence->names[i]), "%s",
		       name);
	silence->until[i] = until;
	silence->next = (i + 1) % SILENCE_MAX;
}

bool silence_holds(const struct silence *silence, const char *name,
		   int64_t now)
{
	unsigned i;

	for (i = 0; i < SILENCE_MAX; i++)
		if (now < silence->until[i] &&
		    strcasecmp(silence->names[i], name) == 0)
			return true;
	return false;
}
