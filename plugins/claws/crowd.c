/* crowd.c - reads the addresses in the window, kind by kind */
#include <claws-features.h>
#include <account.h>
#include <prefs_common.h>
#include <utils.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crowd.h"
#include "plugins/claws/systems.h"

struct crowd {
	guint count;		/* all of them */
	gchar *hidden;		/* one that is not the user; NULL: none */
};

static gboolean is_header(const gchar *name, const gchar *header)
{
	return g_ascii_strcasecmp(name, header) == 0 ||
	       g_strcmp0(name,
			 prefs_common_translated_header_name(header)) == 0;
}

static void address_add(struct crowd *crowd, gchar *address, gboolean hidden)
{
	extract_address(address);
	crowd->count++;
	if (hidden && crowd->hidden == NULL &&
	    account_find_from_address(address, FALSE) == NULL)
		crowd->hidden = g_strdup(address);
}

static void entry_add(struct crowd *crowd, const ComposeHeaderEntry *entry)
{
	GtkWidget *child = gtk_bin_get_child(GTK_BIN(entry->combo));
	const gchar *name = gtk_entry_get_text(GTK_ENTRY(child));
	gboolean hidden = is_header(name, "Bcc:");
	GSList *list, *link;

	if (!hidden && !is_header(name, "To:") && !is_header(name, "Cc:"))
		return;
	list = address_list_append(NULL,
				   gtk_entry_get_text(GTK_ENTRY(entry->entry)));
	for (link = list; link != NULL; link = link->next)
		address_add(crowd, link->data, hidden);
	g_slist_free_full(list, g_free);
}

gchar *crowd_objection(const Compose *compose)
{
	struct crowd crowd = { 0, NULL };
	gchar *why = NULL;
	GSList *link;

	if (!compose->use_encryption || !systems_has(compose->privacy_system))
		return NULL;
	for (link = compose->header_list; link != NULL; link = link->next)
		entry_add(&crowd, link->data);
	if (crowd.hidden != NULL && crowd.count > 1)
		why = g_strdup_printf(_("The message is encrypted for all at "
					"once, and the others could see that "
					"%s, whom it does not show (Bcc), "
					"reads it too. Send it to each "
					"alone."),
				      crowd.hidden);
	g_free(crowd.hidden);
	return why;
}
