/* trust.c - a sender becomes known on the user's word */
#include <glib/gi18n-lib.h>

#include "plugins/claws/say.h"
#include "plugins/claws/trust.h"

#define ADD_WAIT	15000	/* ms */

struct trust {
	struct agent *agent;
	GtkWidget *window;
	GCancellable *cancel;
	gchar *address;
};

static void trust_free(gpointer data)
{
	struct trust *trust = data;

	g_cancellable_cancel(trust->cancel);
	g_object_unref(trust->cancel);
	g_free(trust->address);
	g_free(trust);
}

static void added(void *ctx, GVariant *reply, GUnixFDList *files,
		  const char *failure)
{
	struct trust *trust = ctx;
	GtkWindow *parent =
		gtk_window_get_transient_for(GTK_WINDOW(trust->window));

	(void)files;
	if (reply == NULL)
		(void)say_open(parent, GTK_MESSAGE_ERROR,
			       _("The sender was not added."), failure);
	gtk_widget_destroy(trust->window);
}

static void answered(GtkDialog *window, gint response, gpointer ctx)
{
	struct trust *trust = ctx;
	struct agent_call call = { "org.mailseal.Contacts1", "Add", NULL,
				   NULL, "()", ADD_WAIT, NULL, NULL };

	if (response != GTK_RESPONSE_ACCEPT) {
		gtk_widget_destroy(GTK_WIDGET(window));
		return;
	}
	gtk_widget_set_sensitive(GTK_WIDGET(window), FALSE);
	call.arguments = g_variant_new("(ss)", trust->address, "");
	agent_call(trust->agent, &call, trust->cancel, added, trust);
}

static const char *remark(enum verdict_word word)
{
	switch (word) {
	case VERDICT_GENUINE:
		return N_("You know this address already.");
	case VERDICT_AUTHENTICATED:
		return N_("It is proved that this message comes from there. "
			  "Whether the person is who they say, you decide. "
			  "From now on the name is shown when the same proof "
			  "holds.");
	default:
		return N_("Nothing proves that this message comes from there, "
			  "and knowing the address does not change that: its "
			  "sender's name stays hidden. It is shown in other "
			  "messages where the proof holds.");
	}
}

GtkWidget *trust_open(GtkWindow *parent, struct agent *agent,
		      const struct verdict *verdict)
{
	struct trust *trust = g_new0(struct trust, 1);
	gchar *title;

	trust->agent = agent;
	trust->cancel = g_cancellable_new();
	trust->address = g_strdup(verdict->address);
	title = g_strdup_printf(_("Do you know %s?"), trust->address);
	trust->window = say_open(parent, verdict->word > VERDICT_UNVERIFIED ?
				 GTK_MESSAGE_WARNING : GTK_MESSAGE_QUESTION,
				 title, _(remark(verdict->word)));
	g_free(title);
	if (verdict->word != VERDICT_GENUINE)
		(void)gtk_dialog_add_button(GTK_DIALOG(trust->window),
			_("_Trust this sender"), GTK_RESPONSE_ACCEPT);
	g_signal_handlers_disconnect_by_func(trust->window,
		(gpointer)gtk_widget_destroy, NULL);
	g_signal_connect(trust->window, "response", G_CALLBACK(answered),
			 trust);
	g_object_set_data_full(G_OBJECT(trust->window), "mailseal-trust",
			       trust, trust_free);
	return trust->window;
}
