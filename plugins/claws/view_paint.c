/* view_paint.c - a view's verdict, on the screen */
#include <claws-features.h>
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <folder.h>
#include <messageview.h>
#include <prefs_common.h>
#include <procmsg.h>

#include "plugins/claws/address.h"
#include "plugins/claws/banner.h"
#include "plugins/claws/fromline.h"
#include "plugins/claws/place.h"
#include "plugins/claws/settings.h"
#include "plugins/claws/view_state.h"

static gboolean shows_name(const struct view *view)
{
	if (!view->list->settings->hide_names)
		return TRUE;
	if (view->message != view->shown->msginfo)
		return FALSE;
	if (view->name == VIEW_NAME_REVEALED)
		return TRUE;
	return view->phase == VIEW_JUDGED &&
	       view->verdict->name == VERDICT_SHOWS_NAME;
}

/* What may stand as the sender; the caller frees. */
static gchar *sender(const struct view *view)
{
	gchar *address;
	const MsgInfo *message = view->shown->msginfo;

	if (message->from != NULL &&
	    (!view->list->settings->hide_names ||
	     (view->name == VIEW_NAME_REVEALED && view->message == message)))
		return g_strdup(message->from);
	if (view->phase == VIEW_JUDGED &&
	    view->message == view->shown->msginfo &&
	    view->verdict->shown_from[0] != '\0')
		return g_strdup(view->verdict->shown_from);
	address = address_alone(view->shown->msginfo->from);
	return address != NULL ? address :
				 g_strdup(_("(the sender is hidden)"));
}

/* The header pane; Claws Mail may have written into it just now. */
void view_paint_from(struct view *view)
{
	gchar *text;

	if (view->shown->msginfo == NULL ||
	    place_is_own(view->shown->msginfo->folder))
		return;
	text = sender(view);
	if (g_strcmp0(text, gtk_label_get_text(view->from)) != 0)
		gtk_label_set_text(view->from, text);
	g_free(text);
}

void view_paint_text(struct view *view)
{
	const MsgInfo *message = view->shown->msginfo;

	if (message == NULL || place_is_own(message->folder))
		fromline_clear(view->text);
	else
		fromline_apply(view->text,
			       prefs_common_translated_header_name("From:"),
			       shows_name(view) ? message->from : NULL);
}

/* The caller frees. */
static gchar *sentence_of(const struct view *view)
{
	if (view->name == VIEW_NAME_REVEALED)
		return g_strdup_printf(_("%s You had the name shown as it was "
			"written: it proves nothing."),
			view->verdict->sentence);
	return g_strdup(view->verdict->sentence);
}

static void banner_judged(struct view *view, struct banner_text *text)
{
	const struct verdict_look *look = verdict_look(view->verdict->word);

	text->type = look->type;
	text->icon = look->icon;
	text->title = _(look->title);
	text->button = _("Explain");
}

static void banner_apply(struct view *view)
{
	struct banner_text text = { GTK_MESSAGE_OTHER,
				    "dialog-question-symbolic", NULL, NULL,
				    NULL };
	gchar *title = NULL, *sentence = NULL;

	switch (view->phase) {
	case VIEW_EMPTY:
		banner_hide(view->banner);
		return;
	case VIEW_WAITS:
	case VIEW_ASKS:
		text.title = _("Not judged yet");
		text.sentence = _("The mailseal agent is asked. Until it "
				  "answers, the sender's name stays hidden.");
		break;
	case VIEW_FAILED:
		text.type = GTK_MESSAGE_WARNING;
		text.icon = "dialog-warning-symbolic";
		text.title = _("Not judged");
		sentence = g_strdup_printf(_("%s The sender's name stays "
					     "hidden."), view->failure);
		text.sentence = sentence;
		text.button = _("Try again");
		break;
	case VIEW_JUDGED:
		banner_judged(view, &text);
		sentence = sentence_of(view);
		text.sentence = sentence;
		if (view->verdict->shown_from[0] != '\0') {
			title = g_strdup_printf("%s: %s", text.title,
						view->verdict->shown_from);
			text.title = title;
		}
		break;
	}
	banner_show(view->banner, &text);
	g_free(title);
	g_free(sentence);
}

void view_paint(struct view *view)
{
	view_paint_from(view);
	view_paint_text(view);
	banner_apply(view);
}
