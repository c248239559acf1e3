/* plugin.c - how Claws Mail loads, names and unloads us */
#include <claws-features.h>
#include <glib.h>
#include <folder.h>
#include <hooks.h>
#include <mainwindow.h>
#include <messageview.h>
#include <plugin.h>
#include <version.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/agent.h"
#include "plugins/claws/arrivals.h"
#include "plugins/claws/cert.h"
#include "plugins/claws/list.h"
#include "plugins/claws/menu.h"
#include "plugins/claws/page.h"
#include "plugins/claws/plugin.h"
#include "plugins/claws/queue.h"
#include "plugins/claws/receipt.h"
#include "plugins/claws/sending.h"
#include "plugins/claws/server.h"
#include "plugins/claws/settings.h"
#include "plugins/claws/systems.h"
#include "plugins/claws/unseal.h"
#include "plugins/claws/view.h"

#define CLAWS_OLDEST	MAKE_NUMERIC_VERSION(4, 0, 0, 0)

/* Claws Mail loads a plugin once; its interface has no place for a context. */
static struct {
	struct settings *settings;
	struct agent *agent;
	enum agent_state agent_was;
	struct list *list;
	struct view_list *views;
	struct arrivals *arrivals;
	struct menu *menu;
	struct servers *servers;
	struct queue *queue;
	struct receipts *receipts;
	struct sending *sending;
	struct unseal *unseal;
	struct certs *certs;
	struct page *page;
	gulong shown, updated;	/* the hooks' numbers */
} us;

static void agent_came_or_went(void *ctx, enum agent_state state)
{
	(void)ctx;
	if (us.agent_was == AGENT_CONNECTING)
		certs_warm(us.certs);
	us.agent_was = state;
	if (state == AGENT_SILENT)
		return;		/* what it said stays so */
	queue_look(us.queue);
	arrivals_again(us.arrivals);
	list_forget(us.list);
	view_list_agent(us.views, state);
	arrivals_agent(us.arrivals, state);
}

/* Who is known decides whose name is shown. */
static void contacts_changed(void *ctx)
{
	(void)ctx;
	arrivals_again(us.arrivals);
	list_forget(us.list);
	view_list_again(us.views);
}

static void unsealed(void *ctx)
{
	(void)ctx;
	view_list_redraw(us.views);
}

static void settings_changed(void *ctx)
{
	(void)ctx;
	queue_look(us.queue);
	list_changed(us.list);
	view_list_changed(us.views);
}

static void wanted(void *ctx, const MsgInfo *message)
{
	(void)ctx;
	arrivals_want(us.arrivals, message);
}

/* The view of the main window, or NULL. */
static struct view *main_view(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	return window == NULL || window->messageview == NULL ? NULL :
	       view_attach(us.views, window->messageview);
}

static void explain(void *ctx)
{
	struct view *view = main_view();

	(void)ctx;
	if (view != NULL)
		view_explain(view);
}

static void trust(void *ctx)
{
	struct view *view = main_view();

	(void)ctx;
	if (view != NULL)
		view_trust(view);
}

static void reveal(void *ctx)
{
	struct view *view = main_view();

	(void)ctx;
	if (view != NULL)
		view_reveal(view);
}

static gboolean message_shown(gpointer source, gpointer data)
{
	const MessageView *shown = source;

	(void)data;
	view_changed(view_attach(us.views, source));
	receipts_watch(us.receipts, shown->noticeview);
	return FALSE;		/* the next hook, please */
}

static gboolean folder_updated(gpointer source, gpointer data)
{
	const FolderItemUpdateData *update = source;

	(void)data;
	if ((update->update_flags &
	     (F_ITEM_UPDATE_CONTENT | F_ITEM_UPDATE_ADDMSG)) != 0)
		arrivals_look(us.arrivals, update->item);
	/* Mail in the queue will need its server. */
	if (update->item->stype == F_QUEUE && update->item->total_msgs > 0) {
		certs_warm(us.certs);
		queue_look(us.queue);
	}
	return FALSE;
}

/* Views that were there before us. */
static void attach(MessageView *shown)
{
	struct view *view;

	if (shown == NULL || shown->mimeview == NULL)
		return;
	view = view_attach(us.views, shown);
	if (shown->msginfo == NULL)
		return;
	view_changed(view);
	receipts_watch(us.receipts, shown->noticeview);
}

gint plugin_init(gchar **error)
{
	static const struct agent_events events = { agent_came_or_went,
						    contacts_changed };
	static const struct menu_actions actions = { explain, trust, reveal };
	const GList *link;
	MainWindow *window;

	if (!check_plugin_version(CLAWS_OLDEST, VERSION_NUMERIC, "mailseal",
				  error))
		return -1;
	(void)bindtextdomain(GETTEXT_PACKAGE, MAILSEAL_LOCALEDIR);
	(void)bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	us.settings = settings_read();
	us.agent_was = AGENT_CONNECTING;
	us.agent = agent_new(&events, NULL);
	us.list = list_new(us.settings, wanted, NULL);
	us.views = view_list_new(us.agent, us.settings, us.list);
	us.arrivals = arrivals_new(us.agent, us.settings, us.list);
	us.shown = hooks_register_hook(MESSAGE_VIEW_SHOW_DONE_HOOKLIST,
				       message_shown, NULL);
	us.updated = hooks_register_hook(FOLDER_ITEM_UPDATE_HOOKLIST,
					 folder_updated, NULL);
	if (us.shown == HOOK_NONE || us.updated == HOOK_NONE) {
		*error = g_strdup(_("Claws Mail does not tell when it shows "
				    "or gets a message"));
		(void)plugin_done();
		return -1;
	}
	us.menu = menu_new(&actions, NULL);
	us.servers = servers_new(us.agent);
	us.queue = queue_new(us.settings, us.agent, us.servers);
	us.receipts = receipts_new(us.settings, us.queue);
	us.sending = sending_new(us.settings, us.servers, us.agent);
	us.unseal = unseal_new(us.agent, unsealed, NULL);
	systems_register(sending_seal(us.sending), us.unseal);
	us.certs = certs_new(us.settings, us.servers);
	us.page = page_new(us.settings, us.agent, us.servers, settings_changed,
			   NULL);
	window = mainwindow_get_mainwindow();
	if (window != NULL)
		attach(window->messageview);
	for (link = messageview_get_msgview_list(); link != NULL;
	     link = link->next)
		attach(link->data);
	return 0;
}

gboolean plugin_done(void)
{
	if (us.shown != HOOK_NONE)
		hooks_unregister_hook(MESSAGE_VIEW_SHOW_DONE_HOOKLIST,
				      us.shown);
	if (us.updated != HOOK_NONE)
		hooks_unregister_hook(FOLDER_ITEM_UPDATE_HOOKLIST,
				      us.updated);
	us.shown = us.updated = HOOK_NONE;
	page_free(us.page);
	us.page = NULL;
	certs_free(us.certs);
	us.certs = NULL;
	systems_unregister();
	unseal_free(us.unseal);
	us.unseal = NULL;
	sending_free(us.sending);
	us.sending = NULL;
	receipts_free(us.receipts);
	us.receipts = NULL;
	queue_free(us.queue);
	us.queue = NULL;
	servers_free(us.servers);
	us.servers = NULL;
	menu_free(us.menu);
	us.menu = NULL;
	arrivals_free(us.arrivals);
	us.arrivals = NULL;
	view_list_free(us.views);
	us.views = NULL;
	list_free(us.list);
	us.list = NULL;
	agent_free(us.agent);
	us.agent = NULL;
	return TRUE;		/* nothing of ours is left */
}

const gchar *plugin_name(void)
{
	return "mailseal";
}

const gchar *plugin_desc(void)
{
	return _("Shows over each message whether its sender is who it says, "
		 "and hides the sender's name until that is proved. The "
		 "mailseal agent judges; see mailseal-claws(7).");
}

const gchar *plugin_type(void)
{
	return "GTK3";
}

const gchar *plugin_licence(void)
{
	return "GPL3";
}

const gchar *plugin_version(void)
{
	return MAILSEAL_VERSION;
}

struct PluginFeature *plugin_provides(void)
{
	static struct PluginFeature features[] = {
		{ PLUGIN_UTILITY, "mailseal" },
		{ PLUGIN_NOTHING, NULL }
	};

	return features;
}
