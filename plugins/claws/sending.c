/* sending.c - what happens between "Send" and the server */
#include <claws-features.h>
#include <compose.h>
#include <hooks.h>
#include <prefs_account.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crowd.h"
#include "plugins/claws/hold.h"
#include "plugins/claws/say.h"
#include "plugins/claws/seal.h"
#include "plugins/claws/sending.h"
#include "plugins/claws/server.h"
#include "plugins/claws/settings.h"

/* Claws Mail's menus are GtkActions, which GTK has given up. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define SETTLE_PAUSE	100	/* ms */

struct sending {
	const struct settings *settings;
	struct servers *servers;
	struct seal *seal;
	GList *waits;		/* of struct wait */
	gulong hook;
	guint settling;
};

enum wait_for { WAIT_TO_SEND, WAIT_TO_QUEUE };

/* A message that was told to wait; ends with its window. */
struct wait {
	struct sending *sending;
	Compose *compose;
	struct hold *hold;
	GCancellable *cancel;
	enum wait_for purpose;
};

static void wait_free(struct wait *wait)
{
	g_cancellable_cancel(wait->cancel);
	g_object_unref(wait->cancel);
	hold_free(wait->hold);
	wait->sending->waits = g_list_remove(wait->sending->waits, wait);
	g_free(wait);
}

static struct wait *wait_find(const struct sending *sending,
			      const Compose *compose)
{
	GList *link;

	for (link = sending->waits; link != NULL; link = link->next) {
		struct wait *wait = link->data;

		if (wait->compose == compose)
			return wait;
	}
	return NULL;
}

static void over(void *ctx)
{
	struct wait *wait = ctx;
	struct sending *sending = wait->sending;
	const Compose *compose = wait->compose;

	wait_free(wait);
	seal_end(sending->seal, compose);
}

static struct wait *wait_new(struct sending *sending, Compose *compose,
			     const char *sentence)
{
	struct wait *wait = g_new0(struct wait, 1);

	wait->sending = sending;
	wait->compose = compose;
	wait->purpose = compose->sending ? WAIT_TO_SEND : WAIT_TO_QUEUE;
	wait->cancel = g_cancellable_new();
	wait->hold = hold_new(compose->window, GTK_BOX(compose->vbox),
			      sentence, over, wait);
	sending->waits = g_list_prepend(sending->waits, wait);
	return wait;
}

static void object(const Compose *compose, const char *why)
{
	gchar *sentence = g_strdup_printf(_("%s\n\nThe message is still in its "
					    "window."), why);

	(void)say_open(GTK_WINDOW(compose->window), GTK_MESSAGE_ERROR,
		       _("The message was not sent"), sentence);
	g_free(sentence);
}

/* Claws Mail exports the one, the other is in the window's menu. */
static void send_again(Compose *compose, enum wait_for purpose)
{
	GtkAction *later;

	if (purpose == WAIT_TO_SEND) {
		(void)compose_send(compose);
		return;
	}
	later = gtk_ui_manager_get_action(compose->ui_manager,
					  "/Menu/Message/SendLater");
	if (later != NULL)
		gtk_action_activate(later);
}

static void server_known_now(void *ctx, const struct server *server)
{
	struct wait *wait = ctx;
	Compose *compose = wait->compose;
	gchar *why = server_objection(compose->account, server);

	wait_free(wait);
	if (why != NULL)
		object(compose, why);
	else
		send_again(compose, WAIT_TO_SEND);
	g_free(why);
}

/* Whether the server may have the message; if not, the user is told, or will
 * be. */
static gboolean server_may(struct sending *sending, Compose *compose)
{
	const PrefsAccount *account = compose->account;
	const struct server *server;
	struct server_name name;
	struct wait *wait;
	gchar *sentence, *why;

	if (!sending->settings->check_server || account == NULL ||
	    !server_matters(account, &name))
		return TRUE;
	server = servers_find(sending->servers, &name);
	if (server == NULL) {
		sentence = g_strdup_printf(_("Verifying %s before the message "
					     "is handed over..."), name.host);
		wait = wait_new(sending, compose, sentence);
		servers_ask(sending->servers, &name, wait->cancel,
			    server_known_now, wait);
		g_free(sentence);
		return FALSE;
	}
	why = server_objection(account, server);
	if (why != NULL)
		object(compose, why);
	g_free(why);
	return why == NULL;
}

static GCancellable *seal_wait(void *ctx, Compose *compose,
			       const char *sentence)
{
	return wait_new(ctx, compose, sentence)->cancel;
}

static void seal_go(void *ctx, Compose *compose)
{
	struct wait *wait = wait_find(ctx, compose);
	enum wait_for purpose;

	if (wait == NULL)
		return;
	purpose = wait->purpose;
	wait_free(wait);
	send_again(compose, purpose);
}

static void seal_fail(void *ctx, Compose *compose, const char *why)
{
	struct wait *wait = wait_find(ctx, compose);

	if (wait != NULL)
		over(wait);
	object(compose, why);
}

/* What was made for a message is dropped when Claws Mail is through with it;
 * while it shows an alert, it is not. */
static gboolean settle(gpointer ctx)
{
	struct sending *sending = ctx;

	if (g_main_depth() > 1)
		return G_SOURCE_CONTINUE;
	sending->settling = 0;
	seal_settle(sending->seal);
	return G_SOURCE_REMOVE;
}

/* TRUE: not now. */
static gboolean before_send(gpointer source, gpointer ctx)
{
	struct sending *sending = ctx;
	Compose *compose = source;
	gchar *why;

	if (wait_find(sending, compose) != NULL)
		return TRUE;
	why = crowd_objection(compose);
	if (why != NULL) {
		object(compose, why);
		g_free(why);
		return TRUE;
	}
	if (compose->sending && !server_may(sending, compose))
		return TRUE;
	seal_begin(sending->seal, compose);
	if (sending->settling == 0)
		sending->settling = g_timeout_add(SETTLE_PAUSE, settle,
						  sending);
	return FALSE;
}

struct sending *sending_new(const struct settings *settings,
			    struct servers *servers, struct agent *agent)
{
	static const struct seal_events events = { seal_wait, seal_go,
						   seal_fail };
	struct sending *sending = g_new0(struct sending, 1);

	sending->settings = settings;
	sending->servers = servers;
	sending->seal = seal_new(agent, &events, sending);
	sending->hook = hooks_register_hook(COMPOSE_CHECK_BEFORE_SEND_HOOKLIST,
					    before_send, sending);
	return sending;
}

void sending_free(struct sending *sending)
{
	if (sending == NULL)
		return;
	if (sending->hook != HOOK_NONE)
		hooks_unregister_hook(COMPOSE_CHECK_BEFORE_SEND_HOOKLIST,
				      sending->hook);
	if (sending->settling != 0)
		g_source_remove(sending->settling);
	while (sending->waits != NULL)
		wait_free(sending->waits->data);
	seal_free(sending->seal);
	g_free(sending);
}

struct seal *sending_seal(struct sending *sending)
{
	return sending->seal;
}
