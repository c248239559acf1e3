/* hold.c - a window for writing mail that waits for an answer */
#include <glib/gi18n-lib.h>

#include "plugins/claws/hold.h"

struct hold {
	GtkWidget *window, *bar;
	GList *stopped;		/* children that could be used */
	hold_over *over;
	void *ctx;
};

static void responded(GtkInfoBar *bar, gint response, gpointer ctx)
{
	struct hold *hold = ctx;

	(void)bar;
	(void)response;
	hold->over(hold->ctx);
}

static void destroyed(GtkWidget *window, gpointer ctx)
{
	struct hold *hold = ctx;

	(void)window;
	hold->window = NULL;
	hold->over(hold->ctx);
}

static void child_stop(GtkWidget *child, gpointer ctx)
{
	struct hold *hold = ctx;

	if (!gtk_widget_get_sensitive(child))
		return;
	gtk_widget_set_sensitive(child, FALSE);
	hold->stopped = g_list_prepend(hold->stopped, g_object_ref(child));
}

static void child_go(gpointer child, gpointer ctx)
{
	(void)ctx;
	gtk_widget_set_sensitive(child, TRUE);
}

struct hold *hold_new(GtkWidget *window, GtkBox *box, const char *sentence,
		      hold_over *over, void *ctx)
{
	struct hold *hold = g_new0(struct hold, 1);
	GtkWidget *content, *spinner, *label;

	hold->window = window;
	hold->over = over;
	hold->ctx = ctx;
	gtk_container_foreach(GTK_CONTAINER(box), child_stop, hold);
	hold->bar = gtk_info_bar_new_with_buttons(_("_Stop"),
						  GTK_RESPONSE_CANCEL, NULL);
	g_object_ref_sink(hold->bar);
	gtk_info_bar_set_message_type(GTK_INFO_BAR(hold->bar),
				      GTK_MESSAGE_INFO);
	spinner = gtk_spinner_new();
	gtk_spinner_start(GTK_SPINNER(spinner));
	label = gtk_label_new(sentence);
	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_selectable(GTK_LABEL(label), TRUE);
	content = gtk_info_bar_get_content_area(GTK_INFO_BAR(hold->bar));
	gtk_container_add(GTK_CONTAINER(content), spinner);
	gtk_container_add(GTK_CONTAINER(content), label);
	gtk_box_pack_start(box, hold->bar, FALSE, FALSE, 0);
	gtk_box_reorder_child(box, hold->bar, 1);
	gtk_widget_show_all(hold->bar);
	g_signal_connect(hold->bar, "response", G_CALLBACK(responded), hold);
	g_signal_connect(window, "destroy", G_CALLBACK(destroyed), hold);
	return hold;
}

void hold_free(struct hold *hold)
{
	if (hold == NULL)
		return;
	if (hold->window != NULL)
		g_signal_handlers_disconnect_by_data(hold->window, hold);
	g_signal_handlers_disconnect_by_data(hold->bar, hold);
	gtk_widget_destroy(hold->bar);
	g_object_unref(hold->bar);
	g_list_foreach(hold->stopped, child_go, NULL);
	g_list_free_full(hold->stopped, g_object_unref);
	g_free(hold);
}
