/* mark.h - bad mail stands out in the list of messages
 *
 * By a tag, which every language can search for, and by a colour where the
 * user gave none.  On IMAP the tag is a keyword on the server. */
#ifndef PLUGINS_CLAWS_MARK_H
#define PLUGINS_CLAWS_MARK_H

#include "plugins/claws/verdict.h"

struct place;
struct settings;

/* Marks the message there as the settings say, if it still is, or takes a mark
 * of ours back. */
void mark_set(const struct settings *settings, const struct place *place,
	      enum verdict_word word);

#endif
