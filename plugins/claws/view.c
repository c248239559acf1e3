/* view.c - one message view of Claws Mail, and what it may show */
#include <claws-features.h>
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <folder.h>
#include <headerview.h>
#include <messageview.h>
#include <mimeview.h>
#include <prefs_common.h>
#include <procmsg.h>
#include <textview.h>

#include "plugins/claws/address.h"
#include "plugins/claws/banner.h"
#include "plugins/claws/explain.h"
#include "plugins/claws/fromline.h"
#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"
#include "plugins/claws/verdict.h"
#include "plugins/claws/view.h"

#define VIEW_KEY	"mailseal-view"

enum view_phase {
	VIEW_EMPTY,		/* no message, or one of the user's own */
	VIEW_WAITS,		/* for the bus */
	VIEW_ASKS,
	VIEW_FAILED,		/* no verdict: `failure` says why */
	VIEW_JUDGED
};

struct view_list {
	struct agent *agent;
	GList *views;
};

struct view {
	struct view_list *list;
	MessageView *shown;
	GtkWidget *box;			/* the view's; holds this */
	GtkLabel *from;			/* of the header pane */
	GtkTextBuffer *text;
	struct banner *banner;
	GtkWidget *explanation;		/* a window, or NULL */
	enum view_phase phase;
	const MsgInfo *message;		/* whose phase this is; to compare */
	GCancellable *cancel;		/* of what is asked for it */
	struct verdict *verdict;
	gchar *failure;
	guint idle;
};

/* Mail that the user writes has no verdict and hides nothing. */
static gboolean is_own(const MsgInfo *message)
{
	const FolderItem *folder = message->folder;

	return folder != NULL && (folder->stype == F_OUTBOX ||
				  folder->stype == F_DRAFT ||
				  folder->stype == F_QUEUE);
}

static gboolean shows_name(const struct view *view)
{
	return view->phase == VIEW_JUDGED &&
	       view->message == view->shown->msginfo &&
	       view->verdict->name == VERDICT_SHOWS_NAME;
}

/* What may stand as the sender; the caller frees. */
static gchar *sender(const struct view *view)
{
	gchar *address;

	if (view->phase == VIEW_JUDGED &&
	    view->message == view->shown->msginfo &&
	    view->verdict->shown_from[0] != '\0')
		return g_strdup(view->verdict->shown_from);
	address = address_alone(view->shown->msginfo->from);
	return address != NULL ? address :
				 g_strdup(_("(the sender is hidden)"));
}

/* The header pane; Claws Mail may have written into it just now. */
static void from_apply(struct view *view)
{
	gchar *text;

	if (view->shown->msginfo == NULL || is_own(view->shown->msginfo))
		return;
	text = sender(view);
	if (g_strcmp0(text, gtk_label_get_text(view->from)) != 0)
		gtk_label_set_text(view->from, text);
	g_free(text);
}

static void text_apply(struct view *view)
{
	const MsgInfo *message = view->shown->msginfo;

	if (message == NULL || is_own(message))
		fromline_clear(view->text);
	else
		fromline_apply(view->text,
			       prefs_common_translated_header_name("From:"),
			       shows_name(view) ? message->from : NULL);
}

static void banner_judged(struct view *view, struct banner_text *text)
{
	const struct verdict_look *look = verdict_look(view->verdict->word);

	text->type = look->type;
	text->icon = look->icon;
	text->title = _(look->title);
	text->sentence = view->verdict->sentence;
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

static void view_apply(struct view *view)
{
	from_apply(view);
	text_apply(view);
	banner_apply(view);
}

/* Another phase; what belonged to the last one ends. */
static void view_set(struct view *view, enum view_phase phase)
{
	g_cancellable_cancel(view->cancel);
	g_object_unref(view->cancel);
	view->cancel = g_cancellable_new();
	g_clear_pointer(&view->verdict, verdict_free);
	g_clear_pointer(&view->failure, g_free);
	view->phase = phase;
}

static void view_fail(struct view *view, const char *why)
{
	view_set(view, VIEW_FAILED);
	view->failure = g_strdup(why);
	view_apply(view);
}

/* In the list of messages, too. */
static void mark(const struct view *view)
{
	struct place *place = place_new(view->message);

	if (place != NULL)
		mark_set(place, view->verdict->word);
	place_free(place);
}

static void judged(void *ctx, GVariant *report, const char *failure)
{
	struct view *view = ctx;

	if (report == NULL) {
		view_fail(view, failure);
		return;
	}
	view_set(view, VIEW_JUDGED);
	view->verdict = verdict_new(report);
	view_apply(view);
	mark(view);
}

static void view_ask(struct view *view)
{
	gchar *path;

	if (agent_state(view->list->agent) == AGENT_CONNECTING) {
		view_set(view, VIEW_WAITS);
		view_apply(view);
		return;
	}
	path = procmsg_get_message_file(view->shown->msginfo);
	if (path == NULL) {
		view_fail(view, _("The message's file is not there."));
		return;
	}
	view_set(view, VIEW_ASKS);
	view_apply(view);
	agent_check(view->list->agent, path, AGENT_VERDICT, view->cancel,
		    judged, view);
	g_free(path);
}

void view_changed(struct view *view)
{
	view->message = view->shown->msginfo;
	if (view->message != NULL && !is_own(view->message)) {
		view_ask(view);
		return;
	}
	view_set(view, VIEW_EMPTY);
	view_apply(view);
}

static void explained(void *ctx, GVariant *report, const char *failure)
{
	struct view *view = ctx;
	GtkWidget *top = gtk_widget_get_toplevel(view->box);

	if (view->explanation != NULL)
		gtk_widget_destroy(view->explanation);
	view->explanation = explain_open(
		GTK_IS_WINDOW(top) ? GTK_WINDOW(top) : NULL, report, failure);
	g_signal_connect(view->explanation, "destroy",
			 G_CALLBACK(gtk_widget_destroyed), &view->explanation);
}

/* The banner's button. */
static void pressed(void *ctx)
{
	struct view *view = ctx;
	gchar *path;

	if (view->shown->msginfo == NULL)
		return;
	if (view->phase != VIEW_JUDGED) {
		view_changed(view);
		return;
	}
	path = procmsg_get_message_file(view->shown->msginfo);
	if (path == NULL)
		return;
	agent_check(view->list->agent, path, AGENT_EVERYTHING, view->cancel,
		    explained, view);
	g_free(path);
}

/* Claws Mail drew the text anew: another part, all headers, nothing. */
static gboolean redrawn(gpointer ctx)
{
	struct view *view = ctx;

	view->idle = 0;
	if (view->message != view->shown->msginfo)
		view_changed(view);
	else
		text_apply(view);
	return G_SOURCE_REMOVE;
}

static void text_changed(GtkTextBuffer *text, gpointer ctx)
{
	struct view *view = ctx;

	(void)text;
	if (view->idle == 0)	/* before GTK paints */
		view->idle = g_idle_add_full(G_PRIORITY_HIGH_IDLE, redrawn,
					     view, NULL);
}

static void from_changed(GObject *label, GParamSpec *spec, gpointer ctx)
{
	(void)label;
	(void)spec;
	from_apply(ctx);
}

/* The view ends, or we do. */
static void view_free(gpointer data)
{
	struct view *view = data;

	view->list->views = g_list_remove(view->list->views, view);
	if (view->explanation != NULL)
		gtk_widget_destroy(view->explanation);
	if (view->idle != 0)
		g_source_remove(view->idle);
	g_signal_handlers_disconnect_by_data(view->box, view);
	g_signal_handlers_disconnect_by_data(view->from, view);
	g_signal_handlers_disconnect_by_data(view->text, view);
	fromline_clear(view->text);
	view_set(view, VIEW_EMPTY);
	g_object_unref(view->cancel);
	g_object_unref(view->from);
	g_object_unref(view->text);
	banner_free(view->banner);
	g_free(view);
}

/* Claws Mail frees its own part right behind. */
static void destroyed(GtkWidget *box, gpointer ctx)
{
	(void)ctx;
	g_object_set_data(G_OBJECT(box), VIEW_KEY, NULL);
}

struct view *view_attach(struct view_list *list, MessageView *shown)
{
	struct view *view = g_object_get_data(G_OBJECT(shown->vbox), VIEW_KEY);

	if (view != NULL)
		return view;
	view = g_new0(struct view, 1);
	view->list = list;
	view->shown = shown;
	view->box = shown->vbox;
	view->from = g_object_ref(
		GTK_LABEL(shown->headerview->from_body_label));
	view->text = g_object_ref(gtk_text_view_get_buffer(
		GTK_TEXT_VIEW(shown->mimeview->textview->text)));
	view->cancel = g_cancellable_new();
	view->banner = banner_new(GTK_BOX(shown->vbox), pressed, view);
	g_signal_connect(view->box, "destroy", G_CALLBACK(destroyed), view);
	g_signal_connect(view->from, "notify::label",
			 G_CALLBACK(from_changed), view);
	g_signal_connect_after(view->text, "changed",
			       G_CALLBACK(text_changed), view);
	list->views = g_list_prepend(list->views, view);
	g_object_set_data_full(G_OBJECT(shown->vbox), VIEW_KEY, view,
			       view_free);
	return view;
}

struct view_list *view_list_new(struct agent *agent)
{
	struct view_list *list = g_new0(struct view_list, 1);

	list->agent = agent;
	return list;
}

void view_list_free(struct view_list *list)
{
	if (list == NULL)
		return;
	while (list->views != NULL) {
		struct view *view = list->views->data;
		MessageView *shown = view->shown;
		GtkLabel *from = view->from;

		/* Frees the view. */
		g_object_set_data(G_OBJECT(view->box), VIEW_KEY, NULL);
		if (shown->msginfo != NULL && shown->msginfo->from != NULL)
			gtk_label_set_text(from, shown->msginfo->from);
	}
	g_free(list);
}

void view_list_agent(struct view_list *list, enum agent_state state)
{
	GList *link;

	for (link = list->views; link != NULL; link = link->next) {
		struct view *view = link->data;

		if (view->phase == VIEW_WAITS && state != AGENT_CONNECTING)
			view_changed(view);
		else if (view->phase == VIEW_FAILED && state == AGENT_HERE)
			view_changed(view);
		else if (view->phase == VIEW_JUDGED && state != AGENT_HERE)
			view_fail(view, _("The mailseal agent ended."));
	}
}
