/* say.c - a window that tells the user something and waits for nobody */
#include <glib/gi18n-lib.h>

#include "plugins/claws/say.h"

static void select_texts(GtkWidget *widget, gpointer ctx)
{
	(void)ctx;
	if (GTK_IS_LABEL(widget))
		gtk_label_set_selectable(GTK_LABEL(widget), TRUE);
}

GtkWidget *say_open(GtkWindow *parent, GtkMessageType type, const char *title,
		    const char *sentence)
{
	GtkWidget *window, *texts;

	window = gtk_message_dialog_new(parent, GTK_DIALOG_DESTROY_WITH_PARENT,
					type, GTK_BUTTONS_NONE, "%s", title);
	gtk_message_dialog_format_secondary_text(GTK_MESSAGE_DIALOG(window),
						 "%s", sentence);
	gtk_window_set_title(GTK_WINDOW(window), "mailseal");
	texts = gtk_message_dialog_get_message_area(
		GTK_MESSAGE_DIALOG(window));
	gtk_container_foreach(GTK_CONTAINER(texts), select_texts, NULL);
	(void)gtk_dialog_add_button(GTK_DIALOG(window), _("_Close"),
				    GTK_RESPONSE_CLOSE);
	g_signal_connect(window, "response", G_CALLBACK(gtk_widget_destroy),
			 NULL);
	gtk_widget_show_all(window);
	return window;
}
