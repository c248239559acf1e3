/* arrivals.c - new messages are judged when they come, and marked */
#include <claws-features.h>
#include <folder.h>
#include <prefs_common.h>
#include <procmsg.h>

#include "plugins/claws/arrivals.h"
#include "plugins/claws/list.h"
#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"
#include "plugins/claws/settings.h"
#include "plugins/claws/verdict.h"

#define ASKED_MAX	8	/* questions at once; the others wait */
#define WAITING_MAX	4096	/* more are judged when they are read */
#define SEEN_MAX	65536	/* then it starts anew */
#define FETCH_MAX	1048576	/* bytes; larger ones wait to be read */
#define FETCH_PAUSE	200	/* ms */

enum arrival_how { ARRIVAL_FAR, ARRIVAL_FETCHED, ARRIVAL_NEAR };

struct arrivals {
	struct agent *agent;
	const struct settings *settings;
	struct list *list;
	gboolean was_here;	/* the agent, since we are */
	gboolean fetching;	/* Claws Mail runs its main loop meanwhile */
	GCancellable *cancel;
	GHashTable *folders;	/* identifiers that are to be looked at */
	GHashTable *seen;	/* place_text of what was put in the queue */
	GQueue waiting;		/* of struct arrival */
	GList *asked;		/* the same */
	guint idle, timer;
};

struct arrival {
	struct arrivals *all;
	struct place *place;
	enum agent_detail detail;
	enum arrival_how how;
};

static void arrivals_ask(struct arrivals *all);

static void arrival_free(gpointer data)
{
	struct arrival *arrival = data;

	place_free(arrival->place);
	g_free(arrival);
}

static void judged(void *ctx, GVariant *report, const char *failure)
{
	struct arrival *arrival = ctx;
	struct arrivals *all = arrival->all;
	struct verdict *verdict;

	(void)failure;		/* asked again when the agent is back */
	if (report != NULL) {
		verdict = verdict_new(report);
		mark_set(all->settings, arrival->place, verdict->word);
		list_judged(all->list, arrival->place, verdict);
		verdict_free(verdict);
	}
	all->asked = g_list_remove(all->asked, arrival);
	arrival_free(arrival);
	arrivals_ask(all);
}

/* The agent can be asked, or not while Claws Mail fetches for us. */
static gboolean may_ask(struct arrivals *all)
{
	return !all->fetching && g_list_length(all->asked) < ASKED_MAX &&
	       !g_queue_is_empty(&all->waiting);
}

/* Whether `all` is still there: a message may be fetched from a server, Claws
 * Mail runs its main loop meanwhile, and anything can happen in here. */
static gboolean ask(struct arrivals *all, struct arrival *arrival)
{
	GCancellable *cancel = g_object_ref(all->cancel);
	MsgInfo *message = place_find(arrival->place);
	gchar *path = NULL;
	gboolean gone;

	all->fetching = TRUE;
	if (message != NULL)
		path = procmsg_get_message_file(message);
	procmsg_msginfo_free(&message);
	gone = g_cancellable_is_cancelled(cancel);
	if (!gone)
		all->fetching = FALSE;
	if (gone || path == NULL) {
		arrival_free(arrival);
	} else {
		all->asked = g_list_prepend(all->asked, arrival);
		agent_check(all->agent, path, arrival->detail, cancel, judged,
			    arrival);
	}
	g_object_unref(cancel);
	g_free(path);
	return !gone;
}

static gboolean ask_later(gpointer ctx)
{
	struct arrivals *all = ctx;

	all->timer = 0;
	arrivals_ask(all);
	return G_SOURCE_REMOVE;
}

static void arrivals_ask(struct arrivals *all)
{
	const struct arrival *first;

	if (agent_state(all->agent) == AGENT_CONNECTING)
		return;
	while (may_ask(all)) {
		first = g_queue_peek_head(&all->waiting);
		if (first->how == ARRIVAL_FETCHED && g_main_depth() > 1) {
			/* Claws Mail itself waits for a server just now. */
			if (all->timer == 0)
				all->timer = g_timeout_add(FETCH_PAUSE,
							   ask_later, all);
			return;
		}
		if (!ask(all, g_queue_pop_head(&all->waiting)))
			return;
	}
}

/* How a message can be had: from this machine, or from a server. */
static enum arrival_how how_near(const struct arrivals *all,
				 const MsgInfo *message)
{
	if (FOLDER_IS_LOCAL(message->folder->folder) ||
	    MSG_IS_FULLY_CACHED(message->flags))
		return ARRIVAL_NEAR;
	if (all->settings->judge_imap &&
	    !prefs_common_get_prefs()->work_offline &&
	    MSG_IS_NEW(message->flags) && message->size <= FETCH_MAX &&
	    FOLDER_TYPE(message->folder->folder) == F_IMAP)
		return ARRIVAL_FETCHED;
	return ARRIVAL_FAR;
}

/* NULL: it waits already, or it cannot. */
static struct arrival *arrival_new(struct arrivals *all,
				   const MsgInfo *message)
{
	enum arrival_how how = how_near(all, message);
	struct arrival *arrival;
	struct place *place;

	if (g_queue_get_length(&all->waiting) >= WAITING_MAX ||
	    how == ARRIVAL_FAR)
		return NULL;
	place = place_new(message);
	if (place == NULL)
		return NULL;
	if (g_hash_table_size(all->seen) >= SEEN_MAX)
		g_hash_table_remove_all(all->seen);
	if (!g_hash_table_add(all->seen, g_strdup(place_text(place)))) {
		place_free(place);
		return NULL;
	}
	arrival = g_new0(struct arrival, 1);
	arrival->all = all;
	arrival->place = place;
	arrival->detail = MSG_IS_NEW(message->flags) ? AGENT_ARRIVAL :
						       AGENT_VERDICT;
	arrival->how = how;
	return arrival;
}

static void folder_look(struct arrivals *all, const char *identifier)
{
	FolderItem *folder = folder_find_item_from_identifier(identifier);
	struct arrival *arrival;
	GSList *messages, *link;

	if (folder == NULL)
		return;
	messages = folder_item_get_msg_list(folder);
	for (link = messages; link != NULL; link = link->next) {
		MsgInfo *message = link->data;

		arrival = MSG_IS_NEW(message->flags) ?
			  arrival_new(all, message) : NULL;
		if (arrival != NULL)
			g_queue_push_tail(&all->waiting, arrival);
		procmsg_msginfo_free(&message);
	}
	g_slist_free(messages);
}

static gboolean look(gpointer ctx)
{
	struct arrivals *all = ctx;
	GHashTable *folders = all->folders;
	GHashTableIter iter;
	gpointer identifier;

	all->idle = 0;
	all->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     NULL);
	g_hash_table_iter_init(&iter, folders);
	while (g_hash_table_iter_next(&iter, &identifier, NULL))
		folder_look(all, identifier);
	g_hash_table_destroy(folders);
	arrivals_ask(all);
	return G_SOURCE_REMOVE;
}

/* Mail of others. */
static gboolean is_watched(FolderItem *folder)
{
	return folder->folder != NULL &&
	       FOLDER_TYPE(folder->folder) != F_NEWS &&
	       folder->path != NULL && !place_is_own(folder);
}

void arrivals_look(struct arrivals *all, FolderItem *folder)
{
	gchar *identifier;

	if (!is_watched(folder) || folder->new_msgs <= 0)
		return;
	identifier = folder_item_get_identifier(folder);
	if (identifier == NULL)
		return;
	g_hash_table_add(all->folders, identifier);
	if (all->idle == 0)
		all->idle = g_idle_add(look, all);
}

void arrivals_want(struct arrivals *all, const MsgInfo *message)
{
	struct arrival *arrival;

	/* An agent that ended is not started by a look at a list. */
	if (message->folder == NULL || message->folder->folder == NULL ||
	    (all->was_here && agent_state(all->agent) != AGENT_HERE))
		return;
	arrival = arrival_new(all, message);
	if (arrival == NULL)
		return;
	g_queue_push_head(&all->waiting, arrival);
	if (all->idle == 0)
		all->idle = g_idle_add(look, all);
}

void arrivals_again(struct arrivals *all)
{
	g_hash_table_remove_all(all->seen);
}

void arrivals_agent(struct arrivals *all, enum agent_state state)
{
	if (state == AGENT_HERE)
		all->was_here = TRUE;
	if (state != AGENT_CONNECTING)
		arrivals_ask(all);
}

struct arrivals *arrivals_new(struct agent *agent,
			      const struct settings *settings,
			      struct list *list)
{
	struct arrivals *all = g_new0(struct arrivals, 1);

	all->agent = agent;
	all->settings = settings;
	all->list = list;
	all->cancel = g_cancellable_new();
	all->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     NULL);
	all->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  NULL);
	g_queue_init(&all->waiting);
	return all;
}

void arrivals_free(struct arrivals *all)
{
	if (all == NULL)
		return;
	g_cancellable_cancel(all->cancel);
	g_object_unref(all->cancel);
	if (all->idle != 0)
		g_source_remove(all->idle);
	if (all->timer != 0)
		g_source_remove(all->timer);
	g_list_free_full(all->asked, arrival_free);
	g_queue_clear_full(&all->waiting, arrival_free);
	g_hash_table_destroy(all->folders);
	g_hash_table_destroy(all->seen);
	g_free(all);
}
