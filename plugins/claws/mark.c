/* mark.c - bad mail stands out in the list of messages */
#include <claws-features.h>
#include <folder.h>
#include <procmsg.h>
#include <tags.h>

#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"
#include "plugins/claws/settings.h"

/* A tag of ours, and the verdict that it stands for. */
struct mark {
	const char *tag;
	enum verdict_word word;
	enum settings_mark from;	/* marked with this setting and above */
};

static const struct mark marks[] = {
	{ "spoofed", VERDICT_SPOOFED, SETTINGS_MARK_SPOOFED },
	{ "suspicious", VERDICT_SUSPICIOUS, SETTINGS_MARK_SUSPICIOUS }
};

static gboolean has_tag(const MsgInfo *message, gint tag)
{
	return tag > 0 &&
	       g_slist_find(message->tags, GINT_TO_POINTER(tag)) != NULL;
}

static void mark_add(MsgInfo *message, const struct mark *mark, gint colour)
{
	gint tag = tags_get_id_for_str(mark->tag);

	if (has_tag(message, tag))
		return;		/* a colour taken back stays away */
	if (colour > 0 && MSG_GET_COLORLABEL_VALUE(message->flags) == 0)
		procmsg_msginfo_change_flags(message,
			MSG_COLORLABEL_TO_FLAGS((guint)colour), 0, 0, 0);
	if (tag <= 0)
		tag = tags_add_tag(mark->tag);
	procmsg_msginfo_update_tags(message, TRUE, tag);
}

static void mark_remove(MsgInfo *message, const struct mark *mark, gint colour)
{
	gint tag = tags_get_id_for_str(mark->tag);

	if (!has_tag(message, tag))
		return;
	if (colour > 0 &&
	    MSG_GET_COLORLABEL_VALUE(message->flags) == (guint)colour)
		procmsg_msginfo_change_flags(message, 0, 0,
					     MSG_CLABEL_FLAG_MASK, 0);
	procmsg_msginfo_update_tags(message, FALSE, tag);
}

void mark_set(const struct settings *settings, const struct place *place,
	      enum verdict_word word)
{
	MsgInfo *message = place_find(place);
	guint i;

	if (message == NULL)
		return;
	/* What is no longer right goes first: it may have the same colour. */
	for (i = 0; i < G_N_ELEMENTS(marks); i++)
		if (marks[i].word != word)
			mark_remove(message, &marks[i], settings->colour);
	for (i = 0; i < G_N_ELEMENTS(marks); i++)
		if (marks[i].word == word &&
		    settings->mark >= (gint)marks[i].from)
			mark_add(message, &marks[i], settings->colour);
	procmsg_msginfo_free(&message);
}
