/* queue.c - queued mail that would go out in clear waits */
#include <string.h>

#include <claws-features.h>
#include <account.h>
#include <folder.h>
#include <mainwindow.h>
#include <prefs_account.h>
#include <procheader.h>
#include <procmsg.h>
#include <tags.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/agent.h"
#include "plugins/claws/queue.h"
#include "plugins/claws/say.h"
#include "plugins/claws/server.h"
#include "plugins/claws/settings.h"

#define TAG		"held by mailseal"
#define LOOK_PAUSE	60	/* s between looks while something waits */
#define ASK_AHEAD	5	/* s before what is known of a server ends */
#define ASKED_MAX	16	/* servers at once */

enum queue_mode { QUEUE_WATCHED, QUEUE_LEFT };

struct queue {
	const struct settings *settings;
	const struct agent *agent;
	struct servers *servers;
	GCancellable *cancel;
	GHashTable *asked;	/* server_key to struct queue_question */
	GHashTable *told;	/* server_key: the user knows that it is bad */
	guint timer;
	gint64 next;		/* look; as of this one, or 0 */
	gboolean looking;	/* what we change comes back as a change */
	enum queue_mode mode;
};

/* A question under way. */
struct queue_question {
	struct queue *queue;
	gchar *key;
};

/* A field of Claws Mail's own on top of a queued message, or NULL. */
static gchar *field_of(MsgInfo *message, const char *name)
{
	gchar *line = NULL, *value = NULL, *field = g_strdup(name);

	if (procheader_get_header_from_msginfo(message, &line, field) == 0 &&
	    line != NULL && strlen(line) > strlen(name))
		value = g_strdup(g_strstrip(line + strlen(name)));
	g_free(line);
	g_free(field);
	return value;
}

/* As procmsg_send_queue of Claws Mail finds it. */
static const PrefsAccount *account_of(MsgInfo *message)
{
	const PrefsAccount *account = NULL;
	gchar *number = field_of(message, "MAID:");
	gchar *sender = field_of(message, "S:");
	gchar *server = field_of(message, "SSV:");

	if (number != NULL)
		account = account_find_from_id(
			(gint)g_ascii_strtoll(number, NULL, 10));
	if (account == NULL && sender != NULL && server != NULL)
		account = account_find_from_smtp_server(sender, server);
	if (account == NULL)
		account = account_get_cur_account();
	g_free(number);
	g_free(sender);
	g_free(server);
	return account;
}

static gboolean is_ours(const MsgInfo *message)
{
	gint tag = tags_get_id_for_str(TAG);

	return tag > 0 &&
	       g_slist_find(message->tags, GINT_TO_POINTER(tag)) != NULL;
}

static void keep(MsgInfo *message)
{
	gint tag = tags_get_id_for_str(TAG);

	/* The tag alone: the user unlocked it, and may. */
	if (is_ours(message) || MSG_IS_LOCKED(message->flags))
		return;
	if (tag <= 0)
		tag = tags_add_tag(TAG);
	procmsg_msginfo_update_tags(message, TRUE, tag);
	procmsg_msginfo_set_flags(message, MSG_LOCKED, 0);
}

static void release(MsgInfo *message)
{
	if (!is_ours(message))
		return;
	procmsg_msginfo_update_tags(message, FALSE, tags_get_id_for_str(TAG));
	procmsg_msginfo_unset_flags(message, MSG_LOCKED, 0);
}

/* Another look is due at `time` (g_get_monotonic_time()). */
static void look_at(struct queue *queue, gint64 time)
{
	if (queue->next == 0 || time < queue->next)
		queue->next = time;
}

/* Once, until it is good again. */
static void refuse(struct queue *queue, const char *key, const char *why)
{
	MainWindow *window = mainwindow_get_mainwindow();
	gchar *sentence;

	if (!g_hash_table_add(queue->told, g_strdup(key)))
		return;
	sentence = g_strdup_printf(_("%s\n\nIt is locked there, and goes out "
		"when this has changed, or when you unlock it."), why);
	(void)say_open(window == NULL ? NULL : GTK_WINDOW(window->window),
		       GTK_MESSAGE_ERROR, _("Mail stays in the queue"),
		       sentence);
	g_free(sentence);
}

static void question_free(gpointer data)
{
	struct queue_question *question = data;

	g_free(question->key);
	g_free(question);
}

static void known_now(void *ctx, const struct server *server)
{
	struct queue_question *question = ctx;
	struct queue *queue = question->queue;
	gchar *why;

	/* Nobody answered: a look before the question is over asks no more. */
	if (server->state == SERVER_UNASKED) {
		why = server_silence(server);
		refuse(queue, question->key, why);
		g_free(why);
		queue_look(queue);
		(void)g_hash_table_steal(queue->asked, question->key);
	} else {
		(void)g_hash_table_steal(queue->asked, question->key);
		queue_look(queue);
	}
	question_free(question);
}

static void ask(struct queue *queue, const struct server_name *name,
		const char *key)
{
	struct queue_question *question;

	if (agent_state(queue->agent) == AGENT_CONNECTING ||
	    g_hash_table_size(queue->asked) >= ASKED_MAX ||
	    g_hash_table_contains(queue->asked, key))
		return;
	question = g_new0(struct queue_question, 1);
	question->queue = queue;
	question->key = g_strdup(key);
	g_hash_table_insert(queue->asked, question->key, question);
	servers_ask(queue->servers, name, queue->cancel, known_now, question);
}

/* Whether what was found out keeps mail of that account back. */
static gboolean is_refused(struct queue *queue, const char *key,
			   const PrefsAccount *account,
			   const struct server *server)
{
	gchar *why = server_objection(account, server);
	gboolean refused = why != NULL;

	if (refused)
		refuse(queue, key, why);
	else
		(void)g_hash_table_remove(queue->told, key);
	g_free(why);
	return refused;
}

/* What is known ends, and nobody tells when the queue is flushed: asked anew
 * before, so that mail need not be locked meanwhile. */
static void renew(struct queue *queue, const struct server_name *name,
		  const char *key, const struct server *server)
{
	gint64 ahead = server->until - ASK_AHEAD * G_USEC_PER_SEC;

	if (ahead > g_get_monotonic_time()) {
		look_at(queue, ahead);
		return;
	}
	look_at(queue, server->until + 1);
	ask(queue, name, key);
}

/* Whether it must wait. */
static gboolean waits(struct queue *queue, MsgInfo *message)
{
	const PrefsAccount *account = account_of(message);
	const struct server *server;
	struct server_name name;
	gchar *key;
	gboolean bad = TRUE;

	if (!queue->settings->check_server || account == NULL ||
	    server_has_tls(account, SERVER_SENDS) ||
	    !server_matters(account, &name))
		return FALSE;
	key = server_key(&name);
	server = servers_find(queue->servers, &name);
	if (server != NULL)
		bad = is_refused(queue, key, account, server);
	if (server == NULL)
		ask(queue, &name, key);
	else if (!bad)
		renew(queue, &name, key, server);
	g_free(key);
	return bad;
}

static void look_into(FolderItem *item, gpointer ctx)
{
	struct queue *queue = ctx;
	GSList *messages, *link;

	if (item->stype != F_QUEUE &&
	    !folder_has_parent_of_type(item, F_QUEUE))
		return;
	messages = folder_item_get_msg_list(item);
	for (link = messages; link != NULL; link = link->next) {
		MsgInfo *message = link->data;

		if (queue->mode == QUEUE_WATCHED && waits(queue, message)) {
			look_at(queue, g_get_monotonic_time() +
				LOOK_PAUSE * G_USEC_PER_SEC);
			keep(message);
		} else {
			release(message);
		}
		procmsg_msginfo_free(&message);
	}
	g_slist_free(messages);
}

static gboolean again(gpointer ctx)
{
	struct queue *queue = ctx;

	queue->timer = 0;
	queue_look(queue);
	return G_SOURCE_REMOVE;
}

void queue_look(struct queue *queue)
{
	gint64 pause;

	if (queue->looking)
		return;
	queue->looking = TRUE;
	queue->next = 0;
	folder_func_to_all_folders(look_into, queue);
	queue->looking = FALSE;
	if (queue->timer != 0)
		g_source_remove(queue->timer);
	queue->timer = 0;
	if (queue->next == 0)
		return;
	pause = (queue->next - g_get_monotonic_time()) / 1000 + 1;
	queue->timer = g_timeout_add((guint)MAX(pause, 1), again, queue);
}

struct queue *queue_new(const struct settings *settings,
			const struct agent *agent, struct servers *servers)
{
	struct queue *queue = g_new0(struct queue, 1);

	queue->settings = settings;
	queue->agent = agent;
	queue->servers = servers;
	queue->cancel = g_cancellable_new();
	queue->asked = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					     question_free);
	queue->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    NULL);
	queue_look(queue);
	return queue;
}

void queue_free(struct queue *queue)
{
	if (queue == NULL)
		return;
	g_cancellable_cancel(queue->cancel);
	g_object_unref(queue->cancel);
	queue->mode = QUEUE_LEFT;
	queue_look(queue);
	if (queue->timer != 0)
		g_source_remove(queue->timer);
	g_hash_table_destroy(queue->asked);
	g_hash_table_destroy(queue->told);
	g_free(queue);
}
