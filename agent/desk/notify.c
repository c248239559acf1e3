/* notify.c - the thread that talks to the notification daemon */
#include "agent/desk/notify.h"

#include <fcntl.h>
#include <libnotify/notify.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/clock.h"

#define RETRY_MS	30000	/* when the daemon took nothing */
#define END_WAIT_S	1	/* for a thread that waits for a daemon */

/* One popup on the screen. */
struct shown {
	struct notify *notify;
	enum notice_kind kind;
	NotifyNotification *popup;	/* NULL: none */
	struct notice_popup what;
};

struct notify {
	pthread_mutex_t lock;		/* for the board */
	struct notice_board *board;
	int choices[2];			/* a pipe of struct notify_choice */
	pthread_t thread;
	bool running;
	bool ending;			/* under the lock */
	GMainContext *context;
	GMainLoop *loop;
	/* The thread's own: */
	struct shown shown[NOTICE_KINDS];
	GSource *timer;
	int64_t not_before;		/* the daemon refused: until then */
};

static void choose(struct shown *shown, enum notify_act act)
{
	struct notify_choice choice;

	memset(&choice, 0, sizeof(choice));
	choice.act = act;
	choice.kind = shown->kind;
	memcpy(choice.id, shown->what.id, sizeof(choice.id));
	memcpy(choice.who, shown->what.who, sizeof(choice.who));
	/* Smaller than PIPE_BUF: whole or not at all. */
	if (write(shown->notify->choices[1], &choice, sizeof(choice)) < 0)
		return;			/* nobody takes them: dropped */
}

static void on_explain(NotifyNotification *popup, char *action, gpointer ctx)
{
	(void)popup;
	(void)action;
	choose(ctx, NOTIFY_EXPLAIN);
}

static void on_trust(NotifyNotification *popup, char *action, gpointer ctx)
{
	(void)popup;
	(void)action;
	choose(ctx, NOTIFY_TRUST);
}

static void on_closed(NotifyNotification *popup, gpointer ctx)
{
	struct shown *shown = ctx;

	(void)pthread_mutex_lock(&shown->notify->lock);
	notice_board_closed(shown->notify->board, shown->kind);
	(void)pthread_mutex_unlock(&shown->notify->lock);
	if (shown->popup == popup) {
		g_object_unref(shown->popup);
		shown->popup = NULL;
	}
}

/* What the daemon can do, asked for each popup: it may be another one now. */
static void capabilities(bool *markup, bool *actions)
{
	GList *list = notify_get_server_caps(), *one;

	*markup = *actions = false;
	for (one = list; one != NULL; one = one->next) {
		if (strcmp(one->data, "body-markup") == 0)
			*markup = true;
		if (strcmp(one->data, "actions") == 0)
			*actions = true;
	}
	g_list_free_full(list, g_free);
}

static void popup_dress(struct shown *shown, bool actions)
{
	NotifyNotification *popup = shown->popup;

	notify_notification_set_category(popup, "email.arrived");
	notify_notification_set_urgency(popup, shown->what.urgent ?
		NOTIFY_URGENCY_CRITICAL : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_timeout(popup, shown->what.urgent ?
		NOTIFY_EXPIRES_NEVER : NOTIFY_EXPIRES_DEFAULT);
	notify_notification_set_hint(popup, "desktop-entry",
				     g_variant_new_string("mailseald"));
	notify_notification_clear_actions(popup);
	if (!actions)
		return;
	if (shown->what.can_explain) {
		notify_notification_add_action(popup, "default", "Explain",
					       on_explain, shown, NULL);
		notify_notification_add_action(popup, "explain", "Explain",
					       on_explain, shown, NULL);
	}
	if (shown->what.can_trust)
		notify_notification_add_action(popup, "trust",
					       "Trust this sender", on_trust,
					       shown, NULL);
}

/* False: the daemon did not take it. */
static bool popup_show(struct shown *shown)
{
	const struct notice_popup *what = &shown->what;
	bool markup, actions;
	GError *error = NULL;
	char *body;

	capabilities(&markup, &actions);
	body = markup ? g_markup_escape_text(what->body, -1) :
			g_strdup(what->body);
	if (shown->popup == NULL) {
		shown->popup = notify_notification_new(what->summary, body,
						       "dialog-warning");
		(void)g_signal_connect(shown->popup, "closed",
				       G_CALLBACK(on_closed), shown);
	} else {
		(void)notify_notification_update(shown->popup, what->summary,
						 body, "dialog-warning");
	}
	g_free(body);
	popup_dress(shown, actions);
	if (notify_notification_show(shown->popup, &error))
		return true;
	g_clear_error(&error);
	return false;
}

static gboolean on_timer(gpointer ctx);

/* Looks again at that time. */
static void timer_set(struct notify *notify, int64_t at, int64_t now)
{
	int64_t wait = at <= now ? 0 : at - now;

	if (notify->timer != NULL) {
		g_source_destroy(notify->timer);
		g_source_unref(notify->timer);
	}
	notify->timer = g_timeout_source_new((guint)wait);
	g_source_set_callback(notify->timer, on_timer, notify, NULL);
	(void)g_source_attach(notify->timer, notify->context);
}

static void look(struct notify *notify)
{
	int64_t now = clock_now_ms(), next;
	struct notice_popup what;
	struct shown *shown;
	bool found;
	int kind;

	for (kind = 0; kind < NOTICE_KINDS && now >= notify->not_before;
	     kind++) {
		shown = &notify->shown[kind];
		(void)pthread_mutex_lock(&notify->lock);
		found = notice_board_take(notify->board,
					  (enum notice_kind)kind, now, &what);
		(void)pthread_mutex_unlock(&notify->lock);
		if (!found)
			continue;
		shown->what = what;
		if (popup_show(shown))
			continue;
		notify->not_before = clock_now_ms() + RETRY_MS;
		(void)pthread_mutex_lock(&notify->lock);
		notice_board_back(notify->board, (enum notice_kind)kind);
		(void)pthread_mutex_unlock(&notify->lock);
	}
	now = clock_now_ms();
	(void)pthread_mutex_lock(&notify->lock);
	next = notice_board_next(notify->board, now);
	(void)pthread_mutex_unlock(&notify->lock);
	if (next >= 0)
		timer_set(notify, next < notify->not_before ?
			  notify->not_before : next, now);
}

static gboolean on_timer(gpointer ctx)
{
	struct notify *notify = ctx;

	g_source_unref(notify->timer);
	notify->timer = NULL;
	look(notify);
	return G_SOURCE_REMOVE;
}

static gboolean on_news(gpointer ctx)
{
	struct notify *notify = ctx;
	bool ending;

	(void)pthread_mutex_lock(&notify->lock);
	ending = notify->ending;
	(void)pthread_mutex_unlock(&notify->lock);
	if (ending)
		g_main_loop_quit(notify->loop);
	else
		look(notify);
	return G_SOURCE_REMOVE;
}

/* A daemon that is away is no news for the agent's log. */
static void say_nothing(const gchar *domain, GLogLevelFlags level,
			const gchar *message, gpointer ctx)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)ctx;
}

static void *thread_main(void *ctx)
{
	struct notify *notify = ctx;
	int kind;

	(void)g_log_set_handler("libnotify", G_LOG_LEVEL_WARNING, say_nothing,
				NULL);
	g_main_context_push_thread_default(notify->context);
	if (notify_init("mailseal"))
		g_main_loop_run(notify->loop);
	for (kind = 0; kind < NOTICE_KINDS; kind++)
		if (notify->shown[kind].popup != NULL)
			g_object_unref(notify->shown[kind].popup);
	if (notify->timer != NULL) {
		g_source_destroy(notify->timer);
		g_source_unref(notify->timer);
	}
	notify_uninit();
	g_main_context_pop_thread_default(notify->context);
	return NULL;
}

struct notify *notify_new(void)
{
	struct notify *notify = calloc(1, sizeof(*notify));
	int kind;

	if (notify == NULL)
		return NULL;
	notify->choices[0] = notify->choices[1] = -1;
	(void)pthread_mutex_init(&notify->lock, NULL);
	notify->board = notice_board_new();
	if (notify->board == NULL ||
	    pipe2(notify->choices, O_CLOEXEC | O_NONBLOCK) < 0) {
		notify_free(notify);
		return NULL;
	}
	for (kind = 0; kind < NOTICE_KINDS; kind++) {
		notify->shown[kind].notify = notify;
		notify->shown[kind].kind = (enum notice_kind)kind;
	}
	return notify;
}

static bool thread_start(struct notify *notify)
{
	if (notify->running)
		return true;
	if (notify->context == NULL)
		notify->context = g_main_context_new();
	if (notify->loop == NULL)
		notify->loop = g_main_loop_new(notify->context, FALSE);
	notify->running = pthread_create(&notify->thread, NULL, thread_main,
					 notify) == 0;
	return notify->running;
}

static void wake(struct notify *notify)
{
	GSource *source = g_idle_source_new();

	g_source_set_callback(source, on_news, notify, NULL);
	(void)g_source_attach(source, notify->context);
	g_source_unref(source);
}

void notify_tell(struct notify *notify, const struct notice *notice)
{
	if (!thread_start(notify))
		return;
	(void)pthread_mutex_lock(&notify->lock);
	notice_board_add(notify->board, notice);
	(void)pthread_mutex_unlock(&notify->lock);
	wake(notify);
}

int notify_fd(const struct notify *notify)
{
	return notify->choices[0];
}

bool notify_take(struct notify *notify, struct notify_choice *out)
{
	return read(notify->choices[0], out, sizeof(*out)) == sizeof(*out);
}

/* False: it waits for a daemon; the process ends without it. */
static bool thread_end(struct notify *notify)
{
	struct timespec until;

	(void)pthread_mutex_lock(&notify->lock);
	notify->ending = true;
	(void)pthread_mutex_unlock(&notify->lock);
	wake(notify);
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_WAIT_S;
	return pthread_timedjoin_np(notify->thread, NULL, &until) == 0;
}

void notify_free(struct notify *notify)
{
	int i;

	if (notify == NULL || (notify->running && !thread_end(notify)))
		return;
	if (notify->loop != NULL)
		g_main_loop_unref(notify->loop);
	if (notify->context != NULL)
		g_main_context_unref(notify->context);
	for (i = 0; i < 2; i++)
		if (notify->choices[i] >= 0)
			(void)close(notify->choices[i]);
	notice_board_free(notify->board);
	(void)pthread_mutex_destroy(&notify->lock);
	free(notify);
}
