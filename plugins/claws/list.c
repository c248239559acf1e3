/* list.c - the senders' names in the list of messages */
#include <libintl.h>
#include <string.h>

#include <claws-features.h>
#include <account.h>
#include <folder.h>
#include <gtkcmctree.h>
#include <main.h>
#include <mainwindow.h>
#include <prefs_common.h>
#include <procheader.h>
#include <procmsg.h>
#include <summaryview.h>
#include <utils.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/address.h"
#include "plugins/claws/list.h"
#include "plugins/claws/place.h"
#include "plugins/claws/settings.h"
#include "plugins/claws/tooltip.h"

#define JUDGED_MAX	65536	/* then it starts anew */
#define ROW_GAP		1	/* pixels between two rows of a GtkCMCList */
#define DATE_MAX	256	/* bytes */

struct list {
	const struct settings *settings;
	list_wanted *wanted;
	void *ctx;
	GHashTable *judged;	/* place_text to an enum verdict_name */
	GtkWidget *tree;	/* the list, or NULL */
	guint idle;
};

static SummaryView *summary(void)
{
	MainWindow *window = claws_is_exiting() ? NULL :
						  mainwindow_get_mainwindow();

	return window == NULL ? NULL : window->summaryview;
}

/* Two lines a row, with the sender in the second. */
static gboolean two_lines(const PrefsCommon *prefs)
{
	return prefs->two_line_vert && (prefs->layout_mode == VERTICAL_LAYOUT ||
					prefs->layout_mode == SMALL_LAYOUT);
}

/* Claws Mail shows the recipient of what the user sent. */
static gboolean shows_recipient(const SummaryView *view, const MsgInfo *message)
{
	gchar *address;
	gboolean own;

	if (!prefs_common_get_prefs()->swap_from || message->from == NULL ||
	    message->to == NULL ||
	    view->col_state[view->col_pos[S_COL_TO]].visible)
		return FALSE;
	address = g_strdup(message->from);
	extract_address(address);
	own = account_find_from_address(address, FALSE) != NULL;
	g_free(address);
	return own;
}

static gchar *hidden_sender(const MsgInfo *message)
{
	gchar *address = address_alone(message->from);

	return address != NULL ? address :
				 g_strdup(_("(the sender is hidden)"));
}

/* What may stand as the sender; the caller frees. */
static gchar *sender(struct list *list, const MsgInfo *message)
{
	struct place *place = place_new(message);
	gpointer name = NULL;
	gboolean known = FALSE;

	if (place != NULL) {
		known = g_hash_table_lookup_extended(list->judged,
			place_text(place), NULL, &name);
		place_free(place);
	}
	if (!known)
		list->wanted(list->ctx, message);
	if (!known || GPOINTER_TO_INT(name) != VERDICT_SHOWS_NAME)
		return hidden_sender(message);
	switch (prefs_common_get_prefs()->summary_from_show) {
	case SHOW_ADDR:
		return hidden_sender(message);
	case SHOW_BOTH:
		return g_strdup(message->from);
	default:
		return g_strdup(message->fromname);
	}
}

/* The second line of a row, which Claws Mail wrote with the first as markup. */
static gchar *second_line(const gchar *text, const MsgInfo *message,
			  const gchar *from)
{
	static const char mark[] = "\n<span color=";
	const gchar *line = g_strrstr(text, mark), *inside;
	gchar date[DATE_MAX], *escaped, *whole, *result;

	if (line == NULL)
		return NULL;
	inside = strchr(line, '>');
	if (inside == NULL)
		return NULL;
	date[0] = '\0';
	if (message->date_t > 0)
		procheader_date_get_localtime(date, sizeof(date),
					      message->date_t);
	/* in Claws Mail's own words */
	whole = g_strdup_printf(dgettext("claws-mail", "From: %s, on %s"),
				from, date);
	escaped = g_markup_escape_text(whole, -1);
	result = g_strdup_printf("%.*s%s</span>", (int)(inside + 1 - text),
				 text, escaped);
	g_free(escaped);
	g_free(whole);
	return result;
}

static gchar *cell_text(GtkCMCTree *tree, GtkCMCTreeNode *node, gint column)
{
	gchar *text = NULL;
	guint8 spacing;
	GdkPixbuf *picture;

	if (!gtk_cmctree_node_get_text(tree, node, column, &text))
		(void)gtk_cmctree_node_get_pixtext(tree, node, column, &text,
						   &spacing, &picture);
	return text;
}

static void cell_set(GtkCMCTree *tree, GtkCMCTreeNode *node, gint column,
		     const gchar *wanted)
{
	const gchar *text = cell_text(tree, node, column);

	if (text != NULL && g_strcmp0(wanted, text) != 0)
		gtk_cmctree_node_set_text(tree, node, column, wanted);
}

static void row_apply(struct list *list, const SummaryView *view,
		      GtkCMCTreeNode *node)
{
	GtkCMCTree *tree = GTK_CMCTREE(list->tree);
	gint column = view->col_pos[S_COL_SUBJECT];
	const MsgInfo *message = gtk_cmctree_node_get_row_data(tree, node);
	const gchar *subject = cell_text(tree, node, column);
	gchar *from, *lines;

	if (message == NULL || shows_recipient(view, message))
		return;
	from = sender(list, message);
	cell_set(tree, node, view->col_pos[S_COL_FROM], from);
	if (subject != NULL && two_lines(prefs_common_get_prefs())) {
		lines = second_line(subject, message, from);
		if (lines != NULL)
			cell_set(tree, node, column, lines);
		g_free(lines);
	}
	g_free(from);
}

/* Claws Mail does not paint a tag that its user did not choose. */
static void tags_apply(struct list *list, const SummaryView *view,
		       GtkCMCTreeNode *node)
{
	GtkCMCTree *tree = GTK_CMCTREE(list->tree);
	gint column = view->col_pos[S_COL_TAGS];
	MsgInfo *message = gtk_cmctree_node_get_row_data(tree, node);
	gchar *tags;

	if (message == NULL || !view->col_state[column].visible)
		return;
	tags = procmsg_msginfo_get_tags_str(message);
	cell_set(tree, node, column, tags != NULL ? tags : "-");
	g_free(tags);
}

/* Before GTK paints: the rows that will be seen. */
static gboolean painting(GtkWidget *widget, gpointer cairo, gpointer ctx)
{
	struct list *list = ctx;
	const SummaryView *view = summary();
	const GtkCMCList *rows = GTK_CMCLIST(widget);
	gint height = rows->row_height + ROW_GAP, first, count;
	GtkCMCTreeNode *node;

	(void)cairo;
	if (view == NULL ||
	    view->folder_item == NULL || view->ctree != widget ||
	    place_is_own(view->folder_item) || height <= ROW_GAP)
		return FALSE;
	first = MAX(0, -rows->voffset / height);
	count = rows->clist_window_height / height + 2;
	node = gtk_cmctree_node_nth(GTK_CMCTREE(widget), (guint)first);
	for (; node != NULL && count > 0; count--) {
		if (list->settings->hide_names)
			row_apply(list, view, node);
		tags_apply(list, view, node);
		node = GTK_CMCTREE_NODE_NEXT(node);
	}
	return FALSE;		/* and now it may */
}

static void list_attach(struct list *list);

static gboolean attach_again(gpointer ctx)
{
	struct list *list = ctx;

	list->idle = 0;
	list_attach(list);
	return G_SOURCE_REMOVE;
}

/* Other columns: Claws Mail makes another list. */
static void destroyed(GtkWidget *widget, gpointer ctx)
{
	struct list *list = ctx;

	(void)widget;
	list->tree = NULL;
	if (list->idle == 0)
		list->idle = g_idle_add_full(G_PRIORITY_HIGH_IDLE,
					     attach_again, list, NULL);
}

static void list_attach(struct list *list)
{
	const SummaryView *view = summary();

	if (view == NULL || view->ctree == NULL || list->tree != NULL)
		return;
	list->tree = view->ctree;
	g_signal_connect(list->tree, "draw", G_CALLBACK(painting), list);
	g_signal_connect(list->tree, "destroy", G_CALLBACK(destroyed), list);
	tooltip_attach(view, list->settings);
	gtk_widget_queue_draw(list->tree);
}

struct list *list_new(const struct settings *settings, list_wanted *wanted,
		      void *ctx)
{
	struct list *list = g_new0(struct list, 1);

	list->settings = settings;
	list->wanted = wanted;
	list->ctx = ctx;
	list->judged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     NULL);
	list_attach(list);
	return list;
}

/* Claws Mail writes every row anew. */
static void list_redo(void)
{
	SummaryView *view = summary();

	if (view != NULL && view->folder_item != NULL &&
	    !summary_is_locked(view))
		(void)summary_show(view, view->folder_item, FALSE);
}

void list_free(struct list *list)
{
	if (list == NULL)
		return;
	if (list->idle != 0)
		g_source_remove(list->idle);
	if (list->tree != NULL && !claws_is_exiting()) {
		g_signal_handlers_disconnect_by_data(list->tree, list);
		tooltip_detach(list->tree);
		list_redo();
	}
	g_hash_table_destroy(list->judged);
	g_free(list);
}

static void list_paint(struct list *list)
{
	if (list->tree != NULL)
		gtk_widget_queue_draw(list->tree);
}

void list_judged(struct list *list, const struct place *place,
		 const struct verdict *verdict)
{
	if (g_hash_table_size(list->judged) >= JUDGED_MAX)
		g_hash_table_remove_all(list->judged);
	g_hash_table_insert(list->judged, g_strdup(place_text(place)),
			    GINT_TO_POINTER((gint)verdict->name));
	list_paint(list);
}

void list_forget(struct list *list)
{
	g_hash_table_remove_all(list->judged);
	list_paint(list);
}

void list_changed(struct list *list)
{
	if (list->settings->hide_names)
		list_paint(list);
	else
		list_redo();
}
