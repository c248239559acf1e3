/* place.c - where a message of Claws Mail lies, to find it again later */
#include <claws-features.h>
#include <folder.h>
#include <procmsg.h>

#include "plugins/claws/place.h"

struct place {
	gchar *folder;		/* Claws Mail's identifier */
	gint number;
	gchar *text;
};

gboolean place_is_own(FolderItem *folder)
{
	return folder != NULL &&
	       (folder_has_parent_of_type(folder, F_OUTBOX) ||
		folder_has_parent_of_type(folder, F_DRAFT) ||
		folder_has_parent_of_type(folder, F_QUEUE));
}

static gchar *text_of(const gchar *folder, const MsgInfo *message)
{
	return g_strdup_printf("%s/%u/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
			       "/%s", folder, message->msgnum,
			       (gint64)message->size, (gint64)message->mtime,
			       message->msgid == NULL ? "" : message->msgid);
}

struct place *place_new(const MsgInfo *message)
{
	struct place *place;
	gchar *folder;

	if (message->folder == NULL || message->msgnum > G_MAXINT)
		return NULL;
	folder = folder_item_get_identifier(message->folder);
	if (folder == NULL)
		return NULL;
	place = g_new0(struct place, 1);
	place->folder = folder;
	place->number = (gint)message->msgnum;
	place->text = text_of(folder, message);
	return place;
}

void place_free(struct place *place)
{
	if (place == NULL)
		return;
	g_free(place->folder);
	g_free(place->text);
	g_free(place);
}

MsgInfo *place_find(const struct place *place)
{
	FolderItem *folder = folder_find_item_from_identifier(place->folder);
	MsgInfo *message;
	gchar *text;

	if (folder == NULL)
		return NULL;
	message = folder_item_get_msginfo(folder, place->number);
	if (message == NULL)
		return NULL;
	text = text_of(place->folder, message);
	if (g_strcmp0(text, place->text) != 0)
		procmsg_msginfo_free(&message);		/* now NULL */
	g_free(text);
	return message;
}

const char *place_text(const struct place *place)
{
	return place->text;
}
