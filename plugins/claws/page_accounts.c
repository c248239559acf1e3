/* page_accounts.c - how each account sends, on our page of the preferences */
#include <string.h>

#include <claws-features.h>
#include <account.h>
#include <prefs_account.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/page_accounts.h"
#include "plugins/claws/server.h"

/* Bcc is read from the message; the agent goes on when it is in the queue, and
 * Claws Mail need not wait for the server.  Claws Mail starts what it is given
 * by its path, and looks nowhere for a bare name. */
#define SENDMAIL	"mailseal-sendmail"
#define SENDMAIL_LINE	"/usr/bin/env " SENDMAIL " -t -odb"
#define INDENT		24	/* pixels */

struct page_accounts {
	GCancellable *cancel;
	GList *lines;		/* of struct line */
};

struct line {
	gint account;		/* Claws Mail's number */
	GtkWidget *box, *state;
};

static gboolean by_us(const PrefsAccount *account)
{
	return account->use_mail_command && account->mail_command != NULL &&
	       strstr(account->mail_command, SENDMAIL) != NULL &&
	       !g_str_has_prefix(account->mail_command, SENDMAIL);
}

static void known(void *ctx, const struct server *server)
{
	struct line *line = ctx;
	gchar *text = g_strdup_printf("%s. %s", _(server_word(server->state)),
				      server->text);

	gtk_label_set_text(GTK_LABEL(line->state), text);
	g_free(text);
}

static void line_ask(struct page_accounts *page, struct line *line,
		     const PrefsAccount *account, struct servers *servers)
{
	struct server_name name;
	gchar *text;

	if (by_us(account)) {
		gtk_label_set_text(GTK_LABEL(line->state),
			_("The agent verifies the server on the connection "
			  "that carries the mail."));
		return;
	}
	if (!server_of(account, SERVER_SENDS, &name))
		return;
	text = g_strdup_printf(_("Asking about %s..."), name.host);
	gtk_label_set_text(GTK_LABEL(line->state), text);
	g_free(text);
	servers_ask(servers, &name, page->cancel, known, line);
}

static struct line *line_new(GtkBox *box, const PrefsAccount *account)
{
	struct line *line = g_new0(struct line, 1);
	gchar *label;

	line->account = account->account_id;
	label = g_strdup_printf(_("Send mail of \"%s\" through "
		"mailseal-sendmail (recommended)"),
		account->account_name);
	line->box = gtk_check_button_new_with_label(label);
	g_free(label);
	gtk_label_set_line_wrap(GTK_LABEL(gtk_bin_get_child(
		GTK_BIN(line->box))), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(gtk_bin_get_child(
		GTK_BIN(line->box))), 46);
	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(line->box),
				     by_us(account));
	line->state = gtk_label_new("");
	gtk_label_set_xalign(GTK_LABEL(line->state), 0);
	gtk_label_set_line_wrap(GTK_LABEL(line->state), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(line->state), 46);
	gtk_label_set_selectable(GTK_LABEL(line->state), TRUE);
	gtk_widget_set_can_focus(line->state, FALSE);
	gtk_widget_set_margin_start(line->state, INDENT);
	gtk_box_pack_start(box, line->box, FALSE, FALSE, 0);
	gtk_box_pack_start(box, line->state, FALSE, FALSE, 0);
	return line;
}

struct page_accounts *page_accounts_new(GtkBox *box, struct servers *servers)
{
	struct page_accounts *page = g_new0(struct page_accounts, 1);
	GList *link;

	page->cancel = g_cancellable_new();
	for (link = account_get_list(); link != NULL; link = link->next) {
		const PrefsAccount *account = link->data;
		struct line *line;

		if (account->protocol == A_NNTP)
			continue;
		line = line_new(box, account);
		page->lines = g_list_append(page->lines, line);
		line_ask(page, line, account, servers);
	}
	return page;
}

void page_accounts_free(struct page_accounts *page)
{
	if (page == NULL)
		return;
	g_cancellable_cancel(page->cancel);
	g_object_unref(page->cancel);
	g_list_free_full(page->lines, g_free);
	g_free(page);
}

void page_accounts_save(struct page_accounts *page)
{
	GList *link;
	gboolean changed = FALSE;

	for (link = page->lines; link != NULL; link = link->next) {
		const struct line *line = link->data;
		PrefsAccount *account = account_find_from_id(line->account);
		gboolean wanted = gtk_toggle_button_get_active(
			GTK_TOGGLE_BUTTON(line->box));

		if (account == NULL || wanted == by_us(account))
			continue;
		account->use_mail_command = wanted;
		if (wanted) {
			g_free(account->mail_command);
			account->mail_command = g_strdup(SENDMAIL_LINE);
		}
		changed = TRUE;
	}
	if (changed)
		account_write_config_all();
}
