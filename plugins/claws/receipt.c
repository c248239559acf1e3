/* receipt.c - a return receipt goes the way of other mail */
#include <claws-features.h>
#include <folder.h>
#include <hooks.h>
#include <mainwindow.h>
#include <noticeview.h>
#include <prefs_common.h>
#include <procmsg.h>

#include "plugins/claws/place.h"
#include "plugins/claws/queue.h"
#include "plugins/claws/receipt.h"
#include "plugins/claws/settings.h"

#define LINE_KEY	"mailseal-receipt"
#define SEND_PAUSE	100	/* ms between looks whether Claws Mail waits */

struct receipts {
	const struct settings *settings;
	struct queue *queue;
	GList *lines;		/* of struct line */
	GList *unsent;		/* of struct place */
	gulong hook;
	guint timer;
};

/* The line over a message; its button is ours. */
struct line {
	struct receipts *receipts;
	NoticeView *shown;
	void (*press)(NoticeView *shown, gpointer message);
};

/* What is queued gets a higher number than all that lies there. */
struct newest {
	GHashTable *before;	/* FolderItem to the highest number in it */
	FolderItem *item;
	gint number;
};

static gint highest(FolderItem *item)
{
	GSList *numbers = folder_item_get_number_list(item), *link;
	gint number = 0;

	for (link = numbers; link != NULL; link = link->next)
		number = MAX(number, GPOINTER_TO_INT(link->data));
	g_slist_free(numbers);
	return number;
}

static void newest_begin(FolderItem *item, gpointer ctx)
{
	struct newest *newest = ctx;

	if (item->stype == F_QUEUE)
		(void)g_hash_table_insert(newest->before, item,
					  GINT_TO_POINTER(highest(item)));
}

static void newest_end(FolderItem *item, gpointer ctx)
{
	struct newest *newest = ctx;
	gint number;

	if (item->stype != F_QUEUE ||
	    !g_hash_table_contains(newest->before, item))
		return;
	number = highest(item);
	if (number <= GPOINTER_TO_INT(g_hash_table_lookup(newest->before,
							  item)))
		return;
	newest->item = item;
	newest->number = number;
}

static void send_now(MsgInfo *message)
{
	gchar *path = procmsg_get_message_file(message), *error = NULL;
	gint number = (gint)message->msgnum;
	gboolean removed = FALSE;

	if (path != NULL &&
	    procmsg_send_message_queue_with_lock(path, &error, message->folder,
						 number, &removed) == 0 &&
	    !removed)
		(void)folder_item_remove_msg(message->folder, number);
	g_free(error);
	g_free(path);
}

/* Whether it is through: tried, or gone. */
static gboolean try_to_send(const struct place *place)
{
	MsgInfo *message = place_find(place);
	gboolean locked;

	if (message == NULL)
		return TRUE;
	locked = MSG_IS_LOCKED(message->flags);
	if (!locked)
		send_now(message);
	procmsg_msginfo_free(&message);
	return !locked;
}

static gboolean send_all(gpointer ctx)
{
	struct receipts *receipts = ctx;
	GList *list, *link;

	/* Claws Mail shows an alert, or sends. */
	if (g_main_depth() > 1 || procmsg_is_sending())
		return G_SOURCE_CONTINUE;
	receipts->timer = 0;
	if (prefs_common_get_prefs()->work_offline)
		return G_SOURCE_REMOVE;
	list = receipts->unsent;
	receipts->unsent = NULL;
	for (link = list; link != NULL; link = link->next)
		if (try_to_send(link->data))
			place_free(link->data);
		else
			receipts->unsent = g_list_prepend(receipts->unsent,
							  link->data);
	g_list_free(list);
	return G_SOURCE_REMOVE;
}

static void send_soon(struct receipts *receipts)
{
	if (receipts->unsent != NULL && receipts->timer == 0)
		receipts->timer = g_timeout_add(SEND_PAUSE, send_all,
						receipts);
}

/* One that was locked may be free now. */
static gboolean flags_changed(gpointer source, gpointer ctx)
{
	const MsgInfoUpdate *update = source;

	if ((update->flags & MSGINFO_UPDATE_FLAGS) != 0 &&
	    update->msginfo->folder != NULL &&
	    update->msginfo->folder->stype == F_QUEUE)
		send_soon(ctx);
	return FALSE;
}

/* It lies in the queue: the user's part is done. */
static void queued(struct receipts *receipts, const struct newest *newest,
		   MsgInfo *answered)
{
	MsgInfo *receipt = folder_item_get_msginfo(newest->item,
						   newest->number);
	struct place *place = NULL;

	if (receipt != NULL) {
		place = place_new(receipt);
		procmsg_msginfo_free(&receipt);
	}
	if (place == NULL)
		return;
	procmsg_msginfo_set_flags(answered, MSG_RETRCPT_SENT, 0);
	receipts->unsent = g_list_append(receipts->unsent, place);
	queue_look(receipts->queue);
	send_soon(receipts);
}

static void pressed(NoticeView *shown, gpointer message)
{
	struct line *line = g_object_get_data(G_OBJECT(shown->button),
					      LINE_KEY);
	struct receipts *receipts = line->receipts;
	struct newest newest = { NULL, NULL, 0 };
	GtkWidget *button = shown->button;
	MsgInfo *answered;
	gchar *error = NULL;

	if (!receipts->settings->check_server || !procmsg_queue_lock(&error)) {
		g_free(error);
		line->press(shown, message);
		return;
	}
	newest.before = g_hash_table_new(NULL, NULL);
	folder_func_to_all_folders(newest_begin, &newest);
	answered = procmsg_msginfo_new_ref(message);
	/* What it asks takes time, and the window may be closed meanwhile. */
	g_object_add_weak_pointer(G_OBJECT(button), (gpointer *)&button);
	line->press(shown, message);
	procmsg_queue_unlock();
	folder_func_to_all_folders(newest_end, &newest);
	if (newest.item != NULL) {
		queued(receipts, &newest, answered);
		if (button != NULL)
			noticeview_hide(shown);
	}
	if (button != NULL)
		g_object_remove_weak_pointer(G_OBJECT(button),
					     (gpointer *)&button);
	procmsg_msginfo_free(&answered);
	g_hash_table_destroy(newest.before);
}

static void line_free(gpointer data)
{
	struct line *line = data;

	line->receipts->lines = g_list_remove(line->receipts->lines, line);
	g_free(line);
}

void receipts_watch(struct receipts *receipts, NoticeView *shown)
{
	struct line *line = g_object_get_data(G_OBJECT(shown->button),
					      LINE_KEY);

	if (shown->press == NULL || shown->press == pressed)
		return;
	if (line == NULL) {
		line = g_new0(struct line, 1);
		line->receipts = receipts;
		line->shown = shown;
		receipts->lines = g_list_prepend(receipts->lines, line);
		g_object_set_data_full(G_OBJECT(shown->button), LINE_KEY, line,
				       line_free);
	}
	line->press = shown->press;
	shown->press = pressed;
}

struct receipts *receipts_new(const struct settings *settings,
			      struct queue *queue)
{
	struct receipts *receipts = g_new0(struct receipts, 1);

	receipts->settings = settings;
	receipts->queue = queue;
	receipts->hook = hooks_register_hook(MSGINFO_UPDATE_HOOKLIST,
					     flags_changed, receipts);
	return receipts;
}

static void place_drop(gpointer data)
{
	place_free(data);
}

void receipts_free(struct receipts *receipts)
{
	if (receipts == NULL)
		return;
	while (receipts->lines != NULL) {
		struct line *line = receipts->lines->data;

		if (line->shown->press == pressed)
			line->shown->press = line->press;
		g_object_set_data(G_OBJECT(line->shown->button), LINE_KEY,
				  NULL);	/* frees the line */
	}
	if (receipts->hook != HOOK_NONE)
		hooks_unregister_hook(MSGINFO_UPDATE_HOOKLIST,
				      receipts->hook);
	if (receipts->timer != 0)
		g_source_remove(receipts->timer);
	g_list_free_full(receipts->unsent, place_drop);
	g_free(receipts);
}
