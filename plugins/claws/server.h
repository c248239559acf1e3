/* server.h - what the agent found out about a mail server
 *
 * Outgoing1.CheckServer, remembered for a few minutes, so that what Claws Mail
 * wants to know at once can be answered at once.  The certificate is that of
 * the agent's own connection: the one who asks compares it with the one he
 * sees. */
#ifndef PLUGINS_CLAWS_SERVER_H
#define PLUGINS_CLAWS_SERVER_H

#include "plugins/claws/agent.h"

struct _PrefsAccount;
struct servers;

enum server_state {
	SERVER_DANE,		/* its certificate is vouched for by DNS */
	SERVER_PKIX,		/* by public authorities; DNS says nothing */
	SERVER_REFUSED,		/* it is another one, or hides */
	SERVER_DOUBTED,		/* cannot be decided now */
	SERVER_UNASKED		/* the agent did not answer */
};

struct server {
	enum server_state state;
	gchar *text;		/* a sentence */
	gchar *certificate;	/* SHA-256, hexadecimal, or "" */
	gint64 until;		/* g_get_monotonic_time(): good so long */
};

struct server_name {
	const char *host;	/* borrowed */
	guint16 port;
	const char *starttls;	/* none, smtp, imap, pop3 */
};

enum server_side { SERVER_SENDS, SERVER_RECEIVES };

/* Borrowed, good until the loop runs on. */
typedef void server_known(void *ctx, const struct server *server);

/* `agent` must outlive it. */
struct servers *servers_new(struct agent *agent);

/* NULL is allowed. */
void servers_free(struct servers *servers);

/* The same for two names of one server; the caller frees. */
gchar *server_key(const struct server_name *name);

/* What was heard last, however long ago, or NULL. */
const struct server *servers_last(struct servers *servers,
				  const struct server_name *name);

/* What is known and still good, or NULL. */
const struct server *servers_find(struct servers *servers,
				  const struct server_name *name);

/* Asks, and answers later, exactly once; never after `cancel`. */
void servers_ask(struct servers *servers, const struct server_name *name,
		 GCancellable *cancel, server_known *known, void *ctx);

/* What was found out is asked anew. */
void servers_forget(struct servers *servers);

/* The server of an account: whether there is one, over TLS or not. */
gboolean server_of(const struct _PrefsAccount *account, enum server_side side,
		   struct server_name *name);

/* Whether the account speaks TLS with it. */
gboolean server_has_tls(const struct _PrefsAccount *account,
			enum server_side side);

/* Whether mail of that account goes by Claws Mail itself to a server that is to
 * be verified first: `*name`. */
gboolean server_matters(const struct _PrefsAccount *account,
			struct server_name *name);

/* Why mail of that account must not go there, or NULL; the caller frees. */
gchar *server_objection(const struct _PrefsAccount *account,
			const struct server *server);

/* The sentence for SERVER_UNASKED, whichever account; the caller frees. */
gchar *server_silence(const struct server *server);

/* A word for it, not translated yet. */
const char *server_word(enum server_state state);

#endif
