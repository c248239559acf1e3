/* tooltip.c - what is said of a row of the list under the pointer */
#include <claws-features.h>
#include <gtkcmctree.h>
#include <prefs_common.h>
#include <summaryview.h>

#include "plugins/claws/settings.h"
#include "plugins/claws/tooltip.h"

#define TOOLTIP_KEY	"mailseal-tooltip"
#define TIP_SIZE	12	/* pixels around the pointer that share it */

/* Belongs to the list of messages. */
struct tooltip {
	const SummaryView *view;
	const struct settings *settings;
	GtkWidget *tree;
	gulong claws, ours;	/* handlers; Claws Mail's is blocked */
	gboolean nested;	/* its turn in an emission of ours */
};

/* Handlers are called in the order in which they came: Claws Mail's does its
 * part in an emission of our own. */
static gboolean ask_claws(struct tooltip *tip, gint x, gint y,
			  gboolean keyboard, GtkTooltip *gtk)
{
	gboolean shown = FALSE;

	tip->nested = TRUE;
	g_signal_handler_unblock(tip->tree, tip->claws);
	g_signal_emit_by_name(tip->tree, "query-tooltip", x, y, keyboard, gtk,
			      &shown);
	g_signal_handler_block(tip->tree, tip->claws);
	tip->nested = FALSE;
	return shown;
}

/* Whether a sender's cell is there; its text, or NULL. */
static gboolean sender_at(const struct tooltip *tip, gint x, gint y,
			  gchar **text)
{
	GtkCMCTree *tree = GTK_CMCTREE(tip->tree);
	GtkCMCTreeNode *node = NULL;
	gint row = -1, column = -1;

	*text = NULL;
	if (prefs_common_get_prefs()->show_col_headers)
		y -= GTK_CMCLIST(tree)->column_title_area.height;
	(void)gtk_cmclist_get_selection_info(GTK_CMCLIST(tree), x, MAX(y, 0),
					     &row, &column);
	if (column != tip->view->col_pos[S_COL_FROM])
		return FALSE;
	if (y >= 0 && row >= 0)
		node = gtk_cmctree_node_nth(tree, (guint)row);
	if (node != NULL)
		(void)gtk_cmctree_node_get_text(tree, node, column, text);
	return TRUE;
}

static gboolean queried(GtkWidget *tree, gint x, gint y, gboolean keyboard,
			GtkTooltip *gtk, gpointer ctx)
{
	struct tooltip *tip = ctx;
	GdkRectangle place = { x - TIP_SIZE / 2, y - TIP_SIZE / 2,
			       TIP_SIZE, TIP_SIZE };
	gchar *text;

	(void)tree;
	if (tip->nested)
		return FALSE;
	if (!tip->settings->hide_names || !sender_at(tip, x, y, &text))
		return ask_claws(tip, x, y, keyboard, gtk);
	if (!prefs_common_get_prefs()->show_tooltips || text == NULL)
		return FALSE;
	gtk_tooltip_set_text(gtk, text);
	gtk_tooltip_set_tip_area(gtk, &place);
	return TRUE;
}

void tooltip_attach(const SummaryView *view, const struct settings *settings)
{
	struct tooltip *tip = g_new0(struct tooltip, 1);

	tip->view = view;
	tip->settings = settings;
	tip->tree = view->ctree;
	tip->claws = g_signal_handler_find(tip->tree,
		G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_DATA,
		g_signal_lookup("query-tooltip", GTK_TYPE_WIDGET), 0, NULL,
		NULL, (gpointer)(gintptr)view);
	if (tip->claws == 0) {
		g_free(tip);
		return;
	}
	g_signal_handler_block(tip->tree, tip->claws);
	tip->ours = g_signal_connect(tip->tree, "query-tooltip",
				     G_CALLBACK(queried), tip);
	g_object_set_data_full(G_OBJECT(tip->tree), TOOLTIP_KEY, tip, g_free);
}

void tooltip_detach(GtkWidget *tree)
{
	struct tooltip *tip = g_object_get_data(G_OBJECT(tree), TOOLTIP_KEY);

	if (tip == NULL)
		return;
	g_signal_handler_disconnect(tree, tip->ours);
	g_signal_handler_unblock(tree, tip->claws);
	g_object_set_data(G_OBJECT(tree), TOOLTIP_KEY, NULL);
}
