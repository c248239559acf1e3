/* view.c - one message view of Claws Mail, and what it may show */
#include <claws-features.h>
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <folder.h>
#include <headerview.h>
#include <messageview.h>
#include <mimeview.h>
#include <noticeview.h>
#include <procmsg.h>
#include <textview.h>

#include "plugins/claws/banner.h"
#include "plugins/claws/explain.h"
#include "plugins/claws/fromline.h"
#include "plugins/claws/list.h"
#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"
#include "plugins/claws/say.h"
#include "plugins/claws/settings.h"
#include "plugins/claws/trust.h"
#include "plugins/claws/verdict.h"
#include "plugins/claws/view.h"
#include "plugins/claws/view_state.h"

#define VIEW_KEY	"mailseal-view"

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
	view_paint(view);
}

/* In the list of messages, too. */
static void mark(const struct view *view)
{
	struct place *place = place_new(view->message);

	if (place == NULL)
		return;
	mark_set(view->list->settings, place, view->verdict->word);
	list_judged(view->list->list, place, view->verdict);
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
	view_paint(view);
	mark(view);
}

static void view_ask(struct view *view)
{
	gchar *path;

	if (agent_state(view->list->agent) == AGENT_CONNECTING) {
		view_set(view, VIEW_WAITS);
		view_paint(view);
		return;
	}
	path = procmsg_get_message_file(view->shown->msginfo);
	if (path == NULL) {
		view_fail(view, _("The message's file is not there."));
		return;
	}
	view_set(view, VIEW_ASKS);
	view_paint(view);
	agent_check(view->list->agent, path, AGENT_VERDICT, view->cancel,
		    judged, view);
	g_free(path);
}

void view_changed(struct view *view)
{
	if (view->message != view->shown->msginfo)
		view->name = VIEW_NAME_PROVED;
	view->message = view->shown->msginfo;
	if (view->message != NULL && !place_is_own(view->message->folder)) {
		view_ask(view);
		return;
	}
	view_set(view, VIEW_EMPTY);
	view_paint(view);
}

static GtkWindow *window_of(const struct view *view)
{
	GtkWidget *top = gtk_widget_get_toplevel(view->box);

	return GTK_IS_WINDOW(top) ? GTK_WINDOW(top) : NULL;
}

static void explained(void *ctx, GVariant *report, const char *failure)
{
	struct view *view = ctx;

	if (view->explanation != NULL)
		gtk_widget_destroy(view->explanation);
	view->explanation = explain_open(window_of(view), report, failure);
	g_signal_connect(view->explanation, "destroy",
			 G_CALLBACK(gtk_widget_destroyed), &view->explanation);
}

void view_explain(struct view *view)
{
	gchar *path;

	if (view->shown->msginfo == NULL || view->phase == VIEW_EMPTY) {
		(void)say_open(window_of(view), GTK_MESSAGE_INFO,
			       _("There is nothing to explain."),
			       _("No message of somebody else is shown."));
		return;
	}
	path = procmsg_get_message_file(view->shown->msginfo);
	if (path == NULL)
		return;
	agent_check(view->list->agent, path, AGENT_EVERYTHING, view->cancel,
		    explained, view);
	g_free(path);
}

void view_trust(struct view *view)
{
	if (view->phase != VIEW_JUDGED || view->verdict->address[0] == '\0') {
		(void)say_open(window_of(view), GTK_MESSAGE_INFO,
			       _("There is no sender to trust."),
			       _("No message is shown, or it is not judged, or "
				 "it does not name one sender."));
		return;
	}
	if (view->trust != NULL)
		gtk_widget_destroy(view->trust);
	view->trust = trust_open(window_of(view), view->list->agent,
				 view->verdict);
	g_signal_connect(view->trust, "destroy",
			 G_CALLBACK(gtk_widget_destroyed), &view->trust);
}

void view_reveal(struct view *view)
{
	if (view->phase == VIEW_EMPTY)
		return;
	view->name = VIEW_NAME_REVEALED;
	view_paint(view);
}

/* The banner's button. */
static void pressed(void *ctx)
{
	struct view *view = ctx;

	if (view->shown->msginfo == NULL)
		return;
	if (view->phase == VIEW_JUDGED)
		view_explain(view);
	else
		view_changed(view);
}

/* Claws Mail drew the text anew: another part, all headers, nothing. */
static gboolean redrawn(gpointer ctx)
{
	struct view *view = ctx;

	view->idle = 0;
	if (view->message != view->shown->msginfo)
		view_changed(view);
	else
		view_paint_text(view);
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
	view_paint_from(ctx);
}

/* The view ends, or we do. */
static void view_free(gpointer data)
{
	struct view *view = data;

	view->list->views = g_list_remove(view->list->views, view);
	if (view->explanation != NULL)
		gtk_widget_destroy(view->explanation);
	if (view->trust != NULL)
		gtk_widget_destroy(view->trust);
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

struct view_list *view_list_new(struct agent *agent,
				const struct settings *settings,
				struct list *rows)
{
	struct view_list *list = g_new0(struct view_list, 1);

	list->agent = agent;
	list->settings = settings;
	list->list = rows;
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

void view_list_again(struct view_list *list)
{
	GList *link;

	for (link = list->views; link != NULL; link = link->next) {
		struct view *view = link->data;

		if (view->phase == VIEW_JUDGED)
			view_changed(view);
	}
}

void view_list_redraw(struct view_list *list)
{
	GList *link, *next;

	for (link = list->views; link != NULL; link = next) {
		MessageView *shown = ((struct view *)link->data)->shown;

		next = link->next;
		/* Only such messages wait for it. */
		if (shown->msginfo != NULL &&
		    noticeview_is_visible(shown->noticeview))
			(void)messageview_show(shown, shown->msginfo,
					       shown->all_headers);
	}
}

void view_list_changed(struct view_list *list)
{
	GList *link;

	for (link = list->views; link != NULL; link = link->next)
		view_paint(link->data);
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
