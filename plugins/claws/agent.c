/* agent.c - the agent, asked without waiting */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plugins/claws/agent.h"

#define AGENT_NAME	"org.mailseal.Agent1"
#define AGENT_PATH	"/org/mailseal/Agent1"
#define CHECK_WAIT	15000	/* ms; the agent answers within 12 s */

struct agent {
	GCancellable *connecting;
	GDBusConnection *bus;		/* NULL until connected */
	guint watch;
	enum agent_state state;
	agent_changed *changed;
	void *ctx;
};

struct question {
	GCancellable *cancel;
	GVariant *report;		/* the answer */
	gchar *failure;			/* or why there is none */
	agent_done *done;
	void *ctx;
};

static void agent_set(struct agent *agent, enum agent_state state)
{
	if (agent->state == state)
		return;
	agent->state = state;
	agent->changed(agent->ctx, state);
}

static void name_here(GDBusConnection *bus, const gchar *name,
		      const gchar *owner, gpointer ctx)
{
	(void)bus;
	(void)name;
	(void)owner;
	agent_set(ctx, AGENT_HERE);
}

static void name_away(GDBusConnection *bus, const gchar *name, gpointer ctx)
{
	(void)name;
	agent_set(ctx, bus == NULL ? AGENT_NO_BUS : AGENT_AWAY);
}

static void connected(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct agent *agent = ctx;
	GError *error = NULL;
	GDBusConnection *bus = g_bus_get_finish(result, &error);

	(void)source;
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);		/* the agent is freed */
		return;
	}
	if (bus == NULL) {
		g_clear_error(&error);
		agent_set(agent, AGENT_NO_BUS);
		return;
	}
	/* Claws Mail goes on without a bus. */
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	agent->bus = bus;
	agent->watch = g_bus_watch_name_on_connection(bus, AGENT_NAME,
		G_BUS_NAME_WATCHER_FLAGS_NONE, name_here, name_away, agent,
		NULL);
}

struct agent *agent_new(agent_changed *changed, void *ctx)
{
	struct agent *agent = g_new0(struct agent, 1);

	agent->state = AGENT_CONNECTING;
	agent->changed = changed;
	agent->ctx = ctx;
	agent->connecting = g_cancellable_new();
	g_bus_get(G_BUS_TYPE_SESSION, agent->connecting, connected, agent);
	return agent;
}

void agent_free(struct agent *agent)
{
	if (agent == NULL)
		return;
	g_cancellable_cancel(agent->connecting);
	g_object_unref(agent->connecting);
	if (agent->watch != 0)
		g_bus_unwatch_name(agent->watch);
	g_clear_object(&agent->bus);
	g_free(agent);
}

enum agent_state agent_state(const struct agent *agent)
{
	return agent->state;
}

static gboolean question_answer(gpointer data)
{
	struct question *question = data;

	if (!g_cancellable_is_cancelled(question->cancel))
		question->done(question->ctx, question->report,
			       question->failure);
	return G_SOURCE_REMOVE;
}

static void question_free(gpointer data)
{
	struct question *question = data;

	g_object_unref(question->cancel);
	if (question->report != NULL)
		g_variant_unref(question->report);
	g_free(question->failure);
	g_free(question);
}

static void question_fail(struct question *question, gchar *sentence)
{
	question->failure = sentence;
	g_idle_add_full(G_PRIORITY_DEFAULT, question_answer, question,
			question_free);
}

/* The agent's own sentence, or ours for what the bus says. */
static gchar *sentence_of(GError *error)
{
	gchar *name = g_dbus_error_get_remote_error(error);
	gchar *sentence = NULL;

	if (name != NULL && g_str_has_prefix(name, "org.mailseal.")) {
		g_dbus_error_strip_remote_error(error);
		sentence = g_strdup(error->message);
	} else if (g_error_matches(error, G_DBUS_ERROR,
				   G_DBUS_ERROR_SERVICE_UNKNOWN)) {
		sentence = g_strdup(_("The mailseal agent does not run, and "
				      "the bus does not know how to start it. "
				      "Start mailseald."));
	} else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
		sentence = g_strdup(_("The mailseal agent did not answer in "
				      "time."));
	} else {
		sentence = g_strdup(_("The mailseal agent ended or could not "
				      "be started."));
	}
	g_free(name);
	return sentence;
}

static void replied(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct question *question = ctx;
	GError *error = NULL;
	GVariant *reply;

	reply = g_dbus_connection_call_with_unix_fd_list_finish(
		G_DBUS_CONNECTION(source), NULL, result, &error);
	if (reply != NULL) {
		question->report = g_variant_get_child_value(reply, 0);
		g_variant_unref(reply);
	} else {
		question->failure = sentence_of(error);
		g_error_free(error);
	}
	(void)question_answer(question);
	question_free(question);
}

static void question_send(struct agent *agent, struct question *question,
			  GUnixFDList *files, gint place,
			  enum agent_detail detail)
{
	GVariantBuilder options;

	g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
	if (detail == AGENT_EVERYTHING)
		g_variant_builder_add(&options, "{sv}", "explain",
				      g_variant_new_string("yes"));
	else if (detail == AGENT_ARRIVAL)
		g_variant_builder_add(&options, "{sv}", "arrival",
				      g_variant_new_boolean(TRUE));
	g_dbus_connection_call_with_unix_fd_list(agent->bus, AGENT_NAME,
		AGENT_PATH, "org.mailseal.Incoming1", "Check",
		g_variant_new("(ha{sv})", place, &options),
		G_VARIANT_TYPE("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, CHECK_WAIT,
		files, question->cancel, replied, question);
}

void agent_check(struct agent *agent, const char *path,
		 enum agent_detail detail, GCancellable *cancel,
		 agent_done *done, void *ctx)
{
	struct question *question = g_new0(struct question, 1);
	GUnixFDList *files = NULL;
	gint place;
	int file = -1;

	question->cancel = g_object_ref(cancel);
	question->done = done;
	question->ctx = ctx;
	if (agent->bus == NULL) {
		question_fail(question, g_strdup(_("There is no session bus, "
			"so the mailseal agent cannot be asked.")));
		return;
	}
	file = g_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	if (file < 0) {
		question_fail(question, g_strdup_printf(_("The message's file "
			"cannot be read: %s."), g_strerror(errno)));
		return;
	}
	files = g_unix_fd_list_new();
	place = g_unix_fd_list_append(files, file, NULL);
	if (place < 0)
		question_fail(question, g_strdup(_("There are too many open "
			"files; close some windows and try again.")));
	else
		question_send(agent, question, files, place, detail);
	g_object_unref(files);
	(void)close(file);
}
