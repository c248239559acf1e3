/* server.c - what the agent found out about a mail server */
#include <claws-features.h>
#include <prefs_account.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/server.h"

#define CHECK_WAIT	30000	/* ms; the agent answers within 24 s */
#define GOOD_FOR	300	/* s, at most; less where DNS says so */
#define BAD_FOR		10	/* s */
#define SERVERS_MAX	256	/* then it starts anew */

struct servers {
	struct agent *agent;
	GHashTable *known;	/* server_key to struct server */
};

struct server_question {
	struct servers *servers;
	gchar *key;
	server_known *known;
	void *ctx;
};

static void server_free(gpointer data)
{
	struct server *server = data;

	g_free(server->text);
	g_free(server->certificate);
	g_free(server);
}

struct servers *servers_new(struct agent *agent)
{
	struct servers *servers = g_new0(struct servers, 1);

	servers->agent = agent;
	servers->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       server_free);
	return servers;
}

void servers_free(struct servers *servers)
{
	if (servers == NULL)
		return;
	g_hash_table_destroy(servers->known);
	g_free(servers);
}

gchar *server_key(const struct server_name *name)
{
	gchar *host = g_ascii_strdown(name->host, -1), *key;

	key = g_strdup_printf("%s %u %s", host, name->port, name->starttls);
	g_free(host);
	return key;
}

const struct server *servers_last(struct servers *servers,
				  const struct server_name *name)
{
	gchar *key = server_key(name);
	const struct server *server = g_hash_table_lookup(servers->known, key);

	g_free(key);
	return server;
}

const struct server *servers_find(struct servers *servers,
				  const struct server_name *name)
{
	const struct server *server = servers_last(servers, name);

	if (server != NULL && server->until < g_get_monotonic_time())
		return NULL;
	return server;
}

void servers_forget(struct servers *servers)
{
	g_hash_table_remove_all(servers->known);
}

static enum server_state state_of(GVariant *report)
{
	static const char *const words[] = { "dane", "pkix", "refused" };
	const char *word = "";
	guint i;

	(void)g_variant_lookup(report, "result", "&s", &word);
	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_strcmp0(words[i], word) == 0)
			return (enum server_state)i;
	return SERVER_DOUBTED;
}

/* The server's own comes first. */
static gchar *certificate_of(GVariant *report)
{
	GVariant *chain = g_variant_lookup_value(report, "chain",
						 G_VARIANT_TYPE("aa{sv}"));
	GVariant *first;
	gchar *sum = NULL;

	if (chain != NULL && g_variant_n_children(chain) > 0) {
		first = g_variant_get_child_value(chain, 0);
		(void)g_variant_lookup(first, "certificate_sha256", "s", &sum);
		g_variant_unref(first);
	}
	if (chain != NULL)
		g_variant_unref(chain);
	return sum != NULL ? sum : g_strdup("");
}

static gint64 good_until(GVariant *report, enum server_state state)
{
	gint64 seconds = BAD_FOR;

	if (state == SERVER_DANE || state == SERVER_PKIX) {
		seconds = GOOD_FOR;
		(void)g_variant_lookup(report, "ttl", "x", &seconds);
		seconds = CLAMP(seconds, BAD_FOR, GOOD_FOR);
	}
	return g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

static struct server *server_new(GVariant *report, const char *failure)
{
	struct server *server = g_new0(struct server, 1);

	if (report == NULL) {
		server->state = SERVER_UNASKED;
		server->text = g_strdup(failure);
		server->certificate = g_strdup("");
		return server;
	}
	server->state = state_of(report);
	if (!g_variant_lookup(report, "text", "s", &server->text))
		server->text = g_strdup("");
	server->certificate = certificate_of(report);
	server->until = good_until(report, server->state);
	return server;
}

static void question_free(void *ctx)
{
	struct server_question *question = ctx;

	g_free(question->key);
	g_free(question);
}

static void answered(void *ctx, GVariant *report, const char *failure)
{
	struct server_question *question = ctx;
	struct servers *servers = question->servers;
	struct server *server = server_new(report, failure);

	if (g_hash_table_size(servers->known) >= SERVERS_MAX)
		g_hash_table_remove_all(servers->known);
	g_hash_table_insert(servers->known, g_strdup(question->key), server);
	question->known(question->ctx, server);
}

void servers_ask(struct servers *servers, const struct server_name *name,
		 GCancellable *cancel, server_known *known, void *ctx)
{
	struct agent_call call = { "org.mailseal.Outgoing1", "CheckServer",
				   NULL, NULL, "(a{sv})", CHECK_WAIT,
				   question_free, NULL };
	struct server_question *question = g_new0(struct server_question, 1);
	GVariantBuilder options;

	question->servers = servers;
	question->key = server_key(name);
	question->known = known;
	question->ctx = ctx;
	g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&options, "{sv}", "starttls",
			      g_variant_new_string(name->starttls));
	call.arguments = g_variant_new("(sqa{sv})", name->host, name->port,
				       &options);
	agent_ask(servers->agent, &call, cancel, answered, question);
}

static guint16 port_or(gboolean set, gushort port, guint16 usual)
{
	return set && port != 0 ? port : usual;
}

static gboolean sends(const PrefsAccount *account, struct server_name *name)
{
	if (account->smtp_server == NULL || account->smtp_server[0] == '\0')
		return FALSE;
	name->host = account->smtp_server;
	name->port = port_or(account->set_smtpport, account->smtpport,
			     account->ssl_smtp == SSL_TUNNEL ? 465 : 25);
	name->starttls = account->ssl_smtp == SSL_TUNNEL ? "none" : "smtp";
	return TRUE;
}

static gboolean receives(const PrefsAccount *account, struct server_name *name)
{
	if (account->recv_server == NULL || account->recv_server[0] == '\0')
		return FALSE;
	name->host = account->recv_server;
	switch (account->protocol) {
	case A_IMAP4:
		name->port = port_or(account->set_imapport, account->imapport,
				     account->ssl_imap == SSL_TUNNEL ? 993 :
								       143);
		name->starttls = account->ssl_imap == SSL_TUNNEL ? "none" :
								   "imap";
		return TRUE;
	case A_POP3:
		name->port = port_or(account->set_popport, account->popport,
				     account->ssl_pop == SSL_TUNNEL ? 995 :
								      110);
		name->starttls = account->ssl_pop == SSL_TUNNEL ? "none" :
								  "pop3";
		return TRUE;
	default:
		return FALSE;
	}
}

gboolean server_of(const PrefsAccount *account, enum server_side side,
		   struct server_name *name)
{
	return side == SERVER_SENDS ? sends(account, name) :
				      receives(account, name);
}

gboolean server_has_tls(const PrefsAccount *account, enum server_side side)
{
	if (side == SERVER_SENDS)
		return account->ssl_smtp != SSL_NONE;
	return account->protocol == A_IMAP4 ? account->ssl_imap != SSL_NONE :
					      account->ssl_pop != SSL_NONE;
}

/* A connection that leaves this machine. */
static gboolean is_far(const char *host)
{
	GInetAddress *address = g_inet_address_new_from_string(host);
	gboolean near = g_ascii_strcasecmp(host, "localhost") == 0 ||
		(address != NULL && g_inet_address_get_is_loopback(address));

	g_clear_object(&address);
	return !near;
}

gboolean server_matters(const PrefsAccount *account, struct server_name *name)
{
	if (account->use_mail_command && account->mail_command != NULL &&
	    account->mail_command[0] != '\0')
		return FALSE;
	return sends(account, name) &&
	       (server_has_tls(account, SERVER_SENDS) || is_far(name->host));
}

gchar *server_silence(const struct server *server)
{
	return g_strdup_printf(_("%s Without the agent nobody verifies the "
		"server. Start it and send again, or turn this check off in "
		"the preferences, Plugins, mailseal."), server->text);
}

gchar *server_objection(const PrefsAccount *account,
			const struct server *server)
{
	switch (server->state) {
	case SERVER_DANE:
		if (!server_has_tls(account, SERVER_SENDS))
			return g_strdup_printf(_("%s says in DNS by which "
				"certificate it is known, but this account "
				"sends without encryption: anybody on the way "
				"could read the message. Choose TLS or "
				"STARTTLS in the account's preferences."),
				account->smtp_server);
		return NULL;
	case SERVER_PKIX:
		return NULL;
	case SERVER_UNASKED:
		return server_silence(server);
	default:
		return g_strdup(server->text);
	}
}

const char *server_word(enum server_state state)
{
	static const char *const words[] = {
		[SERVER_DANE] = N_("Verified by DANE"),
		[SERVER_PKIX] = N_("Verified by public authorities"),
		[SERVER_REFUSED] = N_("Refused"),
		[SERVER_DOUBTED] = N_("Cannot be verified now"),
		[SERVER_UNASKED] = N_("The agent did not answer")
	};

	return words[state];
}
