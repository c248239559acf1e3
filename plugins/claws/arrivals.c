/* arrivals.c - new messages are judged when they come, and marked */
#include <claws-features.h>
#include <folder.h>
#include <procmsg.h>

#include "plugins/claws/arrivals.h"
#include "plugins/claws/mark.h"
#include "plugins/claws/place.h"
#include "plugins/claws/verdict.h"

#define ASKED_MAX	8	/* questions at once; the others wait */
#define WAITING_MAX	4096	/* more are judged when they are read */
#define SEEN_MAX	65536	/* then it starts anew */

struct arrivals {
	struct agent *agent;
	GCancellable *cancel;
	GHashTable *folders;	/* identifiers that are to be looked at */
	GHashTable *seen;	/* place_text of what was put in the queue */
	GQueue waiting;		/* of struct place */
	GList *asked;		/* of struct arrival */
	guint idle;
};

struct arrival {
	struct arrivals *all;
	struct place *place;
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

	(void)failure;
	if (report == NULL) {
		/* Asked again when the folder is looked at again. */
		g_hash_table_remove(all->seen, place_text(arrival->place));
	} else {
		verdict = verdict_new(report);
		mark_set(arrival->place, verdict->word);
		verdict_free(verdict);
	}
	all->asked = g_list_remove(all->asked, arrival);
	arrival_free(arrival);
	arrivals_ask(all);
}

static void ask(struct arrivals *all, struct place *place)
{
	struct arrival *arrival;
	MsgInfo *message = place_find(place);
	gchar *path = NULL;

	if (message != NULL) {
		path = procmsg_get_message_file(message);
		procmsg_msginfo_free(&message);
	}
	if (path == NULL) {
		place_free(place);
		return;
	}
	arrival = g_new0(struct arrival, 1);
	arrival->all = all;
	arrival->place = place;
	all->asked = g_list_prepend(all->asked, arrival);
	agent_check(all->agent, path, AGENT_ARRIVAL, all->cancel, judged,
		    arrival);
	g_free(path);
}

static void arrivals_ask(struct arrivals *all)
{
	if (agent_state(all->agent) == AGENT_CONNECTING)
		return;
	while (g_list_length(all->asked) < ASKED_MAX &&
	       !g_queue_is_empty(&all->waiting))
		ask(all, g_queue_pop_head(&all->waiting));
}

static void arrivals_add(struct arrivals *all, const MsgInfo *message)
{
	struct place *place;

	if (g_queue_get_length(&all->waiting) >= WAITING_MAX)
		return;
	place = place_new(message);
	if (place == NULL)
		return;
	if (g_hash_table_size(all->seen) >= SEEN_MAX)
		g_hash_table_remove_all(all->seen);
	if (g_hash_table_add(all->seen, g_strdup(place_text(place))))
		g_queue_push_tail(&all->waiting, place);
	else
		place_free(place);
}

static void folder_look(struct arrivals *all, const char *identifier)
{
	FolderItem *folder = folder_find_item_from_identifier(identifier);
	GSList *messages, *link;

	if (folder == NULL)
		return;
	messages = folder_item_get_msg_list(folder);
	for (link = messages; link != NULL; link = link->next) {
		MsgInfo *message = link->data;

		if (MSG_IS_NEW(message->flags))
			arrivals_add(all, message);
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

/* Mail of others, in files. */
static gboolean is_watched(const FolderItem *folder)
{
	return folder->folder != NULL && FOLDER_IS_LOCAL(folder->folder) &&
	       folder->stype != F_OUTBOX && folder->stype != F_DRAFT &&
	       folder->stype != F_QUEUE && folder->path != NULL;
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

void arrivals_agent(struct arrivals *all, enum agent_state state)
{
	if (state != AGENT_CONNECTING)
		arrivals_ask(all);
}

struct arrivals *arrivals_new(struct agent *agent)
{
	struct arrivals *all = g_new0(struct arrivals, 1);

	all->agent = agent;
	all->cancel = g_cancellable_new();
	all->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     NULL);
	all->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  NULL);
	g_queue_init(&all->waiting);
	return all;
}

static void place_drop(gpointer data)
{
	place_free(data);
}

void arrivals_free(struct arrivals *all)
{
	if (all == NULL)
		return;
	g_cancellable_cancel(all->cancel);
	g_object_unref(all->cancel);
	if (all->idle != 0)
		g_source_remove(all->idle);
	g_list_free_full(all->asked, arrival_free);
	g_queue_clear_full(&all->waiting, place_drop);
	g_hash_table_destroy(all->folders);
	g_hash_table_destroy(all->seen);
	g_free(all);
}
