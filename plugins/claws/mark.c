/* mark.c - spoofed mail stands out in the list of messages */
#include <claws-features.h>
#include <folder.h>
#include <procmsg.h>
#include <tags.h>

#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"

#define MARK_TAG	"spoofed"
#define MARK_COLOUR	2	/* Claws Mail's "Red", unless renamed */

static gboolean has_tag(const MsgInfo *message, gint tag)
{
	return g_slist_find(message->tags, GINT_TO_POINTER(tag)) != NULL;
}

static void mark_add(MsgInfo *message, gint tag)
{
	if (MSG_GET_COLORLABEL_VALUE(message->flags) == 0)
		procmsg_msginfo_change_flags(message,
			MSG_COLORLABEL_TO_FLAGS(MARK_COLOUR), 0, 0, 0);
	if (tag <= 0)
		tag = tags_add_tag(MARK_TAG);
	if (!has_tag(message, tag))
		procmsg_msginfo_update_tags(message, TRUE, tag);
}

static void mark_remove(MsgInfo *message, gint tag)
{
	if (MSG_GET_COLORLABEL_VALUE(message->flags) == MARK_COLOUR)
		procmsg_msginfo_change_flags(message, 0, 0,
					     MSG_CLABEL_FLAG_MASK, 0);
	procmsg_msginfo_update_tags(message, FALSE, tag);
}

void mark_set(const struct place *place, enum verdict_word word)
{
	MsgInfo *message = place_find(place);
	gint tag = tags_get_id_for_str(MARK_TAG);

	if (message == NULL)
		return;
	if (word == VERDICT_SPOOFED)
		mark_add(message, tag);
	else if (tag > 0 && has_tag(message, tag))
		mark_remove(message, tag);
	procmsg_msginfo_free(&message);
}
