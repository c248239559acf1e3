/* place.h - where a message of Claws Mail lies, to find it again later
 *
 * Claws Mail frees its messages and folders at any time, and numbers them
 * anew; so what waits for the agent keeps words and no pointers. */
#ifndef PLUGINS_CLAWS_PLACE_H
#define PLUGINS_CLAWS_PLACE_H

#include <glib.h>

struct _FolderItem;
struct _MsgInfo;
struct place;

/* Whether the user writes what lies there: sent, queued and draft mail, and
 * folders below.  It is not judged, and hides nothing.  NULL: a message that
 * lies in no folder, which is not. */
gboolean place_is_own(struct _FolderItem *folder);

/* Of a message that lies in a folder, else NULL; the caller frees. */
struct place *place_new(const struct _MsgInfo *message);

/* NULL is allowed. */
void place_free(struct place *place);

/* The message as Claws Mail lists it, or NULL when it is gone or another one;
 * the caller gives it back with procmsg_msginfo_free. */
struct _MsgInfo *place_find(const struct place *place);

/* A text that differs for every message, also after renumbering. */
const char *place_text(const struct place *place);

#endif
