/* page.c - our page in Claws Mail's preferences: Plugins, mailseal */
#include <claws-features.h>
#include <prefs_common.h>
#include <prefs_gtk.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/page.h"
#include "plugins/claws/page_accounts.h"
#include "plugins/claws/page_book.h"
#include "plugins/claws/say.h"
#include "plugins/claws/settings.h"

#define GAP		6	/* pixels */

struct page {
	PrefsPage page;		/* first: Claws Mail knows this alone */
	struct settings *settings;
	struct agent *agent;
	struct servers *servers;
	page_saved *saved;
	void *ctx;
	GtkWidget *hide, *mark, *colour, *imap, *check;
	struct page_accounts *accounts;
	struct page_book *book;
};

static GtkWidget *check_new(GtkWidget *box, const char *label, gboolean on)
{
	GtkWidget *check = gtk_check_button_new_with_mnemonic(label);

	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(check), on);
	gtk_box_pack_start(GTK_BOX(box), check, FALSE, FALSE, 0);
	return check;
}

static GtkWidget *group_new(GtkWidget *box, const char *title)
{
	GtkWidget *frame = gtk_frame_new(title);
	GtkWidget *inside = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);

	gtk_container_set_border_width(GTK_CONTAINER(inside), 2 * GAP);
	gtk_container_add(GTK_CONTAINER(frame), inside);
	gtk_box_pack_start(GTK_BOX(box), frame, FALSE, FALSE, 0);
	return inside;
}

/* A choice with its label in front, which a screen reader reads with it. */
static GtkWidget *choice_new(GtkWidget *box, const char *label)
{
	GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2 * GAP);
	GtkWidget *text = gtk_label_new_with_mnemonic(label);
	GtkWidget *choice = gtk_combo_box_text_new();

	gtk_label_set_mnemonic_widget(GTK_LABEL(text), choice);
	gtk_box_pack_start(GTK_BOX(line), text, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(line), choice, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), line, FALSE, FALSE, 0);
	return choice;
}

static void choice_add(GtkWidget *choice, const char *text)
{
	gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(choice), text);
}

static void reading_create(struct page *page, GtkWidget *box)
{
	const struct settings *now = page->settings;
	const ColorlabelPrefs *labels =
		prefs_common_get_prefs()->custom_colorlabel;
	gint i;

	page->hide = check_new(box, _("_Hide senders' names until they are "
				      "proved"), now->hide_names);
	page->mark = choice_new(box, _("_Mark in the list of messages:"));
	choice_add(page->mark, _("nothing"));
	choice_add(page->mark, _("spoofed mail"));
	choice_add(page->mark, _("spoofed and suspicious mail"));
	gtk_combo_box_set_active(GTK_COMBO_BOX(page->mark), now->mark);
	page->colour = choice_new(box, _("with a tag and the _colour:"));
	choice_add(page->colour, _("none"));
	for (i = 0; i < COLORLABELS; i++)
		choice_add(page->colour, labels[i].label);
	gtk_combo_box_set_active(GTK_COMBO_BOX(page->colour), now->colour);
	page->imap = check_new(box, _("_Fetch new mail on IMAP servers to "
				      "judge it when it comes"),
			       now->judge_imap);
}

static void create(PrefsPage *shown, GtkWindow *window, gpointer data)
{
	struct page *page = (struct page *)shown;
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2 * GAP);
	GtkWidget *group;

	(void)window;
	(void)data;
	gtk_container_set_border_width(GTK_CONTAINER(box), 2 * GAP);
	reading_create(page, group_new(box, _("Reading")));
	group = group_new(box, _("Sending"));
	page->check = check_new(group, _("_Verify the mail server before mail "
					 "is handed over"),
				page->settings->check_server);
	page->accounts = page_accounts_new(GTK_BOX(group), page->servers);
	group = group_new(box, _("People you know"));
	page->book = page_book_new(GTK_BOX(group), page->agent);
	gtk_widget_show_all(box);
	shown->widget = box;
}

static void inside_free(struct page *page)
{
	page_accounts_free(page->accounts);
	page->accounts = NULL;
	page_book_free(page->book);
	page->book = NULL;
}

static void destroy(PrefsPage *shown)
{
	inside_free((struct page *)shown);
}

static gboolean is_on(GtkWidget *check)
{
	return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(check));
}

static void save(PrefsPage *shown)
{
	struct page *page = (struct page *)shown;
	struct settings *now = page->settings;

	now->hide_names = is_on(page->hide);
	now->mark = gtk_combo_box_get_active(GTK_COMBO_BOX(page->mark));
	now->colour = gtk_combo_box_get_active(GTK_COMBO_BOX(page->colour));
	now->judge_imap = is_on(page->imap);
	now->check_server = is_on(page->check);
	page_accounts_save(page->accounts);
	if (!settings_write())
		(void)say_open(NULL, GTK_MESSAGE_ERROR,
			       _("The settings were not kept"),
			       _("Claws Mail's file clawsrc cannot be written. "
				 "They hold until Claws Mail ends."));
	page->saved(page->ctx);
}

struct page *page_new(struct settings *settings, struct agent *agent,
		      struct servers *servers, page_saved *saved, void *ctx)
{
	static gchar group[64], name[] = "mailseal";
	static gchar *path[] = { group, name, NULL };
	struct page *page = g_new0(struct page, 1);

	/* Claws Mail's word for it, so that all plugins are in one place. */
	(void)g_strlcpy(group, dgettext("claws-mail", "Plugins"),
			sizeof(group));
	page->settings = settings;
	page->agent = agent;
	page->servers = servers;
	page->saved = saved;
	page->ctx = ctx;
	page->page.path = path;
	page->page.weight = 50;
	page->page.create_widget = create;
	page->page.destroy_widget = destroy;
	page->page.save_page = save;
	prefs_gtk_register_page(&page->page);
	return page;
}

void page_free(struct page *page)
{
	if (page == NULL)
		return;
	prefs_gtk_unregister_page(&page->page);
	inside_free(page);
	g_free(page);
}
