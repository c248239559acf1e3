/* msgid.c - the Message-ID of the message that a part is of */
#include <string.h>

#include <claws-features.h>
#include <procheader.h>
#include <procmime.h>
#include <procmsg.h>

#include "plugins/claws/msgid.h"

#define ID_MAX	998	/* bytes; the agent takes no longer one */

/* What the agent takes for one. */
static gboolean is_id(const gchar *id)
{
	const gchar *at;

	if (id == NULL || *id == '\0' || strlen(id) > ID_MAX ||
	    !g_utf8_validate(id, -1, NULL))
		return FALSE;
	for (at = id; *at != '\0'; at++)
		if ((guchar)*at <= ' ' || *at == 0x7f || *at == '<' ||
		    *at == '>')
			return FALSE;
	return TRUE;
}

gchar *msgid_of(MimeInfo *part)
{
	static const MsgFlags flags = { 0, 0 };
	MimeInfo *above;
	MsgInfo *message;
	gchar *id = NULL;

	while ((above = procmime_mimeinfo_parent(part)) != NULL)
		part = above;
	if (part->content != MIMECONTENT_FILE || part->data.filename == NULL)
		return NULL;
	message = procheader_parse_file(part->data.filename, flags, FALSE,
					FALSE);
	if (message == NULL)
		return NULL;
	if (is_id(message->msgid))
		id = g_strdup(message->msgid);
	procmsg_msginfo_free(&message);
	return id;
}
