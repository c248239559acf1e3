/* cert.c - the certificates that Claws Mail asks about */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <claws-features.h>
#include <account.h>
#include <folder.h>
#include <hooks.h>
#include <mainwindow.h>
#include <prefs_account.h>
#include <prefs_common.h>
#include <procmsg.h>
#include <ssl_certificate.h>
#include <sslcertwindow.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/cert.h"
#include "plugins/claws/say.h"
#include "plugins/claws/server.h"
#include "plugins/claws/settings.h"

#define SUM_BYTES	32	/* SHA-256 */
#define RETRY_PAUSE	500	/* ms between looks whether Claws Mail waits */
#define WARM_PAUSE	3600	/* s; records change while Claws Mail runs */

struct certs {
	const struct settings *settings;
	struct servers *servers;
	GCancellable *cancel;
	gulong hook;
	guint retry, warm;
	GList *asked;		/* of struct cert_question */
	GList *warming;		/* the same, before any certificate came */
};

/* A server that the agent has still to tell of. */
struct cert_question {
	struct certs *certs;
	gchar *host;
	guint16 port;
	enum server_side side;	/* one that mail waits for, or not */
};

/* Of the hook that asks the user: Claws Mail registers it first, and ours has
 * to be in front of it.  Survives our unloading, as the code does. */
static gulong builtin = 1;

static gchar *sum_of(const SSLCertificate *certificate)
{
	unsigned char sum[SUM_BYTES];
	size_t length = sizeof(sum), i;
	GString *text;

	if (gnutls_x509_crt_get_fingerprint(certificate->x509_cert,
					    GNUTLS_DIG_SHA256, sum,
					    &length) < 0)
		return g_strdup("?");
	text = g_string_new(NULL);
	for (i = 0; i < length; i++)
		g_string_append_printf(text, "%02x", sum[i]);
	return g_string_free(text, FALSE);
}

/* Which of the accounts' servers that is. */
static gboolean find_server(const SSLCertificate *certificate,
			    struct server_name *name, enum server_side *side)
{
	GList *link;
	gint i;

	for (i = SERVER_SENDS; i <= SERVER_RECEIVES; i++)
		for (link = account_get_list(); link != NULL;
		     link = link->next) {
			*side = (enum server_side)i;
			if (server_of(link->data, *side, name) &&
			    name->port == certificate->port &&
			    g_strcmp0(name->host, certificate->host) == 0)
				return TRUE;
		}
	return FALSE;
}

static void tell(const char *host, const char *why)
{
	MainWindow *window = mainwindow_get_mainwindow();
	gchar *title = g_strdup_printf(_("%s was refused"), host);

	(void)say_open(window == NULL ? NULL : GTK_WINDOW(window->window),
		       GTK_MESSAGE_ERROR, title, why);
	g_free(title);
}

static void certificate_free(gpointer data)
{
	SSLCertificate *certificate = data;

	g_free(certificate->host);
	g_free(certificate->fingerprint);
	g_free(certificate);
}

static gboolean forget(gpointer data)
{
	ssl_certificate_delete_from_disk(data);
	return G_SOURCE_REMOVE;
}

/* Claws Mail writes its copy when we return. */
static void forget_soon(const SSLCertificate *certificate)
{
	SSLCertificate *copy = g_new0(SSLCertificate, 1);

	copy->host = g_strdup(certificate->host);
	copy->port = certificate->port;
	copy->fingerprint = g_strdup(certificate->fingerprint);
	g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, forget, copy,
			certificate_free);
}

static gboolean retry(gpointer ctx)
{
	struct certs *certs = ctx;
	GList *link;
	gchar *error = NULL;

	if (g_main_depth() > 1)		/* Claws Mail shows an alert */
		return G_SOURCE_CONTINUE;
	certs->retry = 0;
	for (link = folder_get_list(); link != NULL; link = link->next) {
		const Folder *folder = link->data;

		if (folder->queue != NULL)
			(void)procmsg_send_queue(folder->queue,
				prefs_common_get_prefs()->savemsg, &error);
		g_clear_pointer(&error, g_free);
	}
	return G_SOURCE_REMOVE;
}

static struct cert_question *question_new(struct certs *certs,
					   const struct server_name *name,
					   enum server_side side)
{
	struct cert_question *question = g_new0(struct cert_question, 1);

	question->certs = certs;
	question->host = g_strdup(name->host);
	question->port = name->port;
	question->side = side;
	return question;
}

static void question_free(gpointer data)
{
	struct cert_question *question = data;

	g_free(question->host);
	g_free(question);
}

static void known_now(void *ctx, const struct server *server)
{
	struct cert_question *question = ctx;
	struct certs *certs = question->certs;

	certs->asked = g_list_remove(certs->asked, question);
	if (question->side == SERVER_SENDS) {
		if (server->state != SERVER_DANE &&
		    server->state != SERVER_PKIX)
			tell(question->host, server->text);
		else if (certs->retry == 0)
			certs->retry = g_timeout_add(RETRY_PAUSE, retry,
						     certs);
	}
	question_free(question);
}

/* No answer yet: mail waits in the queue for it, the rest is the user's. */
static gboolean ask_first(struct certs *certs, const struct server_name *name,
			  enum server_side side)
{
	struct cert_question *question;
	GList *link;

	for (link = certs->asked; link != NULL; link = link->next) {
		question = link->data;
		if (question->port == name->port && question->side == side &&
		    g_strcmp0(question->host, name->host) == 0)
			return side == SERVER_SENDS;
	}
	question = question_new(certs, name, side);
	certs->asked = g_list_prepend(certs->asked, question);
	servers_ask(certs->servers, name, certs->cancel, known_now, question);
	return side == SERVER_SENDS;
}

/* Whether the question is answered; `accept` is no. */
static gboolean refuse(const struct server_name *name, enum server_side side,
		       const struct server *server)
{
	if (side == SERVER_RECEIVES && server->state != SERVER_REFUSED)
		return FALSE;
	tell(name->host, server->text);
	return TRUE;
}

/* A refusal that is to be asked anew holds until something else is said. */
static gboolean still_refused(struct certs *certs,
			      const struct server_name *name,
			      enum server_side side)
{
	const struct server *server = servers_last(certs->servers, name);

	return side == SERVER_RECEIVES && server != NULL &&
	       refuse(name, side, server);
}

static gboolean is_same(const SSLCertificate *certificate,
			const struct server *server)
{
	gchar *sum = sum_of(certificate);
	gboolean same = g_ascii_strcasecmp(sum, server->certificate) == 0;

	g_free(sum);
	return same;
}

static gboolean asked(gpointer source, gpointer ctx)
{
	SSLCertHookData *question = source;
	struct certs *certs = ctx;
	const struct server *server;
	struct server_name name;
	enum server_side side;
	gboolean refused;

	if (!certs->settings->check_server ||
	    !find_server(question->cert, &name, &side))
		return FALSE;	/* the user is asked */
	question->accept = FALSE;
	server = servers_find(certs->servers, &name);
	if (server == NULL) {
		refused = still_refused(certs, &name, side);
		return ask_first(certs, &name, side) || refused;
	}
	if (server->state != SERVER_DANE && server->state != SERVER_PKIX)
		return refuse(&name, side, server);
	if (!is_same(question->cert, server)) {
		servers_forget(certs->servers);
		if (side == SERVER_RECEIVES && server->state == SERVER_PKIX)
			return FALSE;
		tell(name.host, _("It showed another certificate than a moment "
			"ago, when it was verified. Try again; if this "
			"repeats, somebody may be in between."));
		return TRUE;
	}
	question->accept = TRUE;
	if (side == SERVER_SENDS)
		forget_soon(question->cert);
	return TRUE;
}

/* A copy that was accepted before would be believed without us. */
static void forget_copy(const gchar *host, guint16 port)
{
	SSLCertificate *copy = ssl_certificate_find(host, port, NULL);

	if (copy == NULL)
		return;
	ssl_certificate_delete_from_disk(copy);
	ssl_certificate_destroy(copy);
}

/* Where mail is fetched, a copy stays: without it, the user would be asked each
 * time that the agent is away.  One that is refused now goes. */
static void warmed(void *ctx, const struct server *server)
{
	struct cert_question *question = ctx;
	struct certs *certs = question->certs;

	certs->warming = g_list_remove(certs->warming, question);
	if (question->side == SERVER_RECEIVES &&
	    server->state == SERVER_REFUSED)
		forget_copy(question->host, question->port);
	question_free(question);
}

static void warm(struct certs *certs, const struct server_name *name,
		 enum server_side side)
{
	struct cert_question *question;

	if (side == SERVER_SENDS)
		forget_copy(name->host, name->port);
	if (servers_find(certs->servers, name) != NULL)
		return;
	question = question_new(certs, name, side);
	certs->warming = g_list_prepend(certs->warming, question);
	servers_ask(certs->servers, name, certs->cancel, warmed, question);
}

void certs_warm(struct certs *certs)
{
	struct server_name name;
	GList *link;
	gint i;

	if (!certs->settings->check_server ||
	    prefs_common_get_prefs()->work_offline)
		return;
	for (i = SERVER_SENDS; i <= SERVER_RECEIVES; i++)
		for (link = account_get_list(); link != NULL;
		     link = link->next) {
			enum server_side side = (enum server_side)i;

			if (server_of(link->data, side, &name) &&
			    server_has_tls(link->data, side))
				warm(certs, &name, side);
		}
}

static gboolean warm_again(gpointer ctx)
{
	certs_warm(ctx);
	return G_SOURCE_CONTINUE;
}

struct certs *certs_new(const struct settings *settings,
			struct servers *servers)
{
	struct certs *certs = g_new0(struct certs, 1);

	certs->settings = settings;
	certs->servers = servers;
	certs->cancel = g_cancellable_new();
	hooks_unregister_hook(SSLCERT_ASK_HOOKLIST, builtin);
	certs->hook = hooks_register_hook(SSLCERT_ASK_HOOKLIST, asked, certs);
	sslcertwindow_register_hook();
	builtin = certs->hook + 1;
	certs->warm = g_timeout_add_seconds(WARM_PAUSE, warm_again, certs);
	return certs;
}

void certs_free(struct certs *certs)
{
	if (certs == NULL)
		return;
	g_cancellable_cancel(certs->cancel);
	g_object_unref(certs->cancel);
	hooks_unregister_hook(SSLCERT_ASK_HOOKLIST, certs->hook);
	if (certs->retry != 0)
		g_source_remove(certs->retry);
	g_source_remove(certs->warm);
	g_list_free_full(certs->asked, question_free);
	g_list_free_full(certs->warming, question_free);
	g_free(certs);
}
