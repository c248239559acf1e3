/* msgid.h - the Message-ID of the message that a part is of
 *
 * Read as Claws Mail reads it for the In-Reply-To field of an answer: the
 * first field of that name, without brackets and blanks. */
#ifndef PLUGINS_CLAWS_MSGID_H
#define PLUGINS_CLAWS_MSGID_H

#include <glib.h>

struct _MimeInfo;

/* To be freed; NULL: it has none, or none that the agent takes. */
gchar *msgid_of(struct _MimeInfo *part);

#endif
