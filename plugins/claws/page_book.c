/* page_book.c - Claws Mail's address book, on our page of the preferences */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <claws-features.h>
#include <defs.h>
#include <utils.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plugins/claws/agent.h"
#include "plugins/claws/page_book.h"

#define ASK_WAIT	15000	/* ms */
#define BOOKS_MAX	64	/* files that are handed over */
#define INDEX		"addrbook--index.xml"

struct page_book {
	struct agent *agent;
	GCancellable *cancel;
	GtkWidget *state, *button;
	gchar *folder;
	guint open;		/* calls that are not answered */
	guint64 people;		/* handed over */
	gchar *failure;
};

static void state_say(struct page_book *page, gchar *text)
{
	gtk_label_set_text(GTK_LABEL(page->state), text);
	g_free(text);
}

/* Whether a source of the agent is our folder, or lies in it. */
static gboolean is_ours(GVariant *source, const gchar *folder)
{
	const char *path = "";
	gchar *canonical;
	gboolean ours;

	(void)g_variant_lookup(source, "path", "&s", &path);
	canonical = g_canonicalize_filename(path, "/");
	ours = g_str_has_prefix(canonical, folder);
	g_free(canonical);
	return ours;
}

static gboolean has_source(GVariant *contacts, const gchar *folder)
{
	GVariant *sources = g_variant_lookup_value(contacts, "sources",
						   G_VARIANT_TYPE("aa{sv}"));
	gboolean found = FALSE;
	gsize i;

	if (sources == NULL)
		return FALSE;
	for (i = 0; i < g_variant_n_children(sources) && !found; i++) {
		GVariant *source = g_variant_get_child_value(sources, i);

		found = is_ours(source, folder);
		g_variant_unref(source);
	}
	g_variant_unref(sources);
	return found;
}

static void told(void *ctx, GVariant *value, const char *failure)
{
	struct page_book *page = ctx;
	GVariant *contacts;

	if (value == NULL) {
		state_say(page, g_strdup(failure));
		return;
	}
	contacts = g_variant_get_variant(value);
	if (has_source(contacts, page->folder))
		state_say(page, g_strdup(_("The agent reads Claws Mail's "
			"address book, and sees when it changes.")));
	else
		state_say(page, g_strdup_printf(_("The agent does not read "
			"Claws Mail's address book. To have it read and "
			"watched, add %s to the line \"source =\" under "
			"[contacts] in ~/.config/mailseal/config. Or hand over "
			"once whoever is in it now:"), page->folder));
	gtk_widget_set_visible(page->button,
			       !has_source(contacts, page->folder));
	g_variant_unref(contacts);
}

static void ask(struct page_book *page)
{
	struct agent_call call = { "org.freedesktop.DBus.Properties", "Get",
				   NULL, NULL, "(v)", ASK_WAIT, NULL, NULL };

	call.arguments = g_variant_new("(ss)", "org.mailseal.Agent1",
				       "Contacts");
	agent_ask(page->agent, &call, page->cancel, told, page);
}

static void imported(void *ctx, GVariant *count, const char *failure)
{
	struct page_book *page = ctx;

	if (count != NULL)
		page->people += g_variant_get_uint32(count);
	else if (page->failure == NULL)
		page->failure = g_strdup(failure);
	if (--page->open > 0)
		return;
	gtk_widget_set_sensitive(page->button, TRUE);
	if (page->failure != NULL)
		state_say(page, g_strdup(page->failure));
	else
		state_say(page, g_strdup_printf(_("Handed over: %"
			G_GUINT64_FORMAT " addresses."), page->people));
	g_clear_pointer(&page->failure, g_free);
}

static void book_import(struct page_book *page, const gchar *name)
{
	struct agent_call call = { "org.mailseal.Contacts1", "Import", NULL,
				   NULL, "(u)", ASK_WAIT, NULL, NULL };
	gchar *path = g_build_filename(page->folder, name, NULL);
	int file = g_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	gint place = -1;

	g_free(path);
	if (file < 0)
		return;
	call.files = g_unix_fd_list_new();
	place = g_unix_fd_list_append(call.files, file, NULL);
	(void)close(file);
	if (place >= 0) {
		call.arguments = g_variant_new("(hs)", place, "claws");
		page->open++;
		agent_ask(page->agent, &call, page->cancel, imported, page);
	}
	g_object_unref(call.files);
}

static void pressed(GtkButton *button, gpointer ctx)
{
	struct page_book *page = ctx;
	GDir *folder = g_dir_open(page->folder, 0, NULL);
	const gchar *name;
	guint count = 0;

	(void)button;
	page->people = 0;
	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL &&
	       count < BOOKS_MAX)
		if (g_str_has_prefix(name, "addrbook-") &&
		    g_str_has_suffix(name, ".xml") &&
		    g_strcmp0(name, INDEX) != 0) {
			book_import(page, name);
			count++;
		}
	if (folder != NULL)
		g_dir_close(folder);
	if (page->open == 0)
		state_say(page, g_strdup(_("There is no address book yet.")));
	else
		gtk_widget_set_sensitive(page->button, FALSE);
}

struct page_book *page_book_new(GtkBox *box, struct agent *agent)
{
	struct page_book *page = g_new0(struct page_book, 1);
	gchar *folder = g_build_filename(get_rc_dir(), ADDRBOOK_DIR, NULL);

	page->agent = agent;
	page->cancel = g_cancellable_new();
	page->folder = g_canonicalize_filename(folder, NULL);
	g_free(folder);
	page->state = gtk_label_new(_("Asking the agent..."));
	gtk_label_set_xalign(GTK_LABEL(page->state), 0);
	gtk_label_set_line_wrap(GTK_LABEL(page->state), TRUE);
	gtk_label_set_line_wrap_mode(GTK_LABEL(page->state),
				     PANGO_WRAP_WORD_CHAR);
	gtk_label_set_max_width_chars(GTK_LABEL(page->state), 46);
	gtk_label_set_selectable(GTK_LABEL(page->state), TRUE);
	gtk_widget_set_can_focus(page->state, FALSE);
	page->button = gtk_button_new_with_mnemonic(_("_Hand over the address "
						      "book"));
	gtk_widget_set_halign(page->button, GTK_ALIGN_START);
	gtk_widget_set_no_show_all(page->button, TRUE);
	g_signal_connect(page->button, "clicked", G_CALLBACK(pressed), page);
	gtk_box_pack_start(box, page->state, FALSE, FALSE, 0);
	gtk_box_pack_start(box, page->button, FALSE, FALSE, 0);
	ask(page);
	return page;
}

void page_book_free(struct page_book *page)
{
	if (page == NULL)
		return;
	g_cancellable_cancel(page->cancel);
	g_object_unref(page->cancel);
	g_free(page->folder);
	g_free(page->failure);
	g_free(page);
}
