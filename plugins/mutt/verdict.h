/* verdict.h - what is to be shown over a message in Mutt's pager
 *
 * From what was written at delivery (verdict_delivery.h), else from what the
 * agent remembers of the Message-ID.  Anybody can copy a Message-ID: only a
 * judgement whose From, Subject and Date are those on the screen counts, and of
 * several the worst. */
#ifndef MAILSEAL_MUTT_VERDICT_H
#define MAILSEAL_MUTT_VERDICT_H

#include <stddef.h>

#include "plugins/mutt/head.h"

#define VERDICT_MAX 2048	/* bytes of the line, of the From */

struct verdict_shown {
	char line[VERDICT_MAX];
	char from[VERDICT_MAX];
};

/* Always leaves something: where nothing is known, the address alone.
 * `delivered`: as verdict_delivery() takes it. */
void verdict_find(const char *head, size_t len, const char *delivered,
		  struct verdict_shown *out);

#endif
