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
	guint watch, signals;
	enum agent_state state;
	struct agent_events events;
	void *ctx;
};

struct question {
	struct agent *agent;		/* gone where this is cancelled */
	GCancellable *cancel;
	GVariant *reply;		/* the answer */
	GUnixFDList *files;		/* what came with it, or NULL */
	gchar *failure;			/* or why there is none */
	agent_replied *done;
	agent_done *told;		/* or this, with the only value */
	void (*free)(void *ctx);
	void *ctx;
};

static void agent_set(struct agent *agent, enum agent_state state)
{
	if (agent->state == state)
		return;
	agent->state = state;
	agent->events.state(agent->ctx, state);
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

static void contacts_changed(GDBusConnection *bus, const gchar *sender,
			     const gchar *path, const gchar *interface,
			     const gchar *name, GVariant *arguments,
			     gpointer ctx)
{
	struct agent *agent = ctx;

	(void)bus;
	(void)sender;
	(void)path;
	(void)interface;
	(void)name;
	(void)arguments;
	agent->events.contacts(agent->ctx);
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
	agent->signals = g_dbus_connection_signal_subscribe(bus, AGENT_NAME,
		"org.mailseal.Contacts1", "Changed", AGENT_PATH, NULL,
		G_DBUS_SIGNAL_FLAGS_NONE, contacts_changed, agent, NULL);
}

struct agent *agent_new(const struct agent_events *events, void *ctx)
{
	struct agent *agent = g_new0(struct agent, 1);

	agent->state = AGENT_CONNECTING;
	agent->events = *events;
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
	if (agent->signals != 0)
		g_dbus_connection_signal_unsubscribe(agent->bus,
						     agent->signals);
	g_clear_object(&agent->bus);
	g_free(agent);
}

enum agent_state agent_state(const struct agent *agent)
{
	return agent->state;
}

static void question_tell(struct question *question)
{
	GVariant *report = NULL;

	if (question->reply != NULL)
		report = g_variant_get_child_value(question->reply, 0);
	question->told(question->ctx, report, question->failure);
	if (report != NULL)
		g_variant_unref(report);
}

static gboolean question_answer(gpointer data)
{
	struct question *question = data;

	if (g_cancellable_is_cancelled(question->cancel))
		return G_SOURCE_REMOVE;
	if (question->told != NULL)
		question_tell(question);
	else
		question->done(question->ctx, question->reply,
			       question->files, question->failure);
	return G_SOURCE_REMOVE;
}

static void question_free(gpointer data)
{
	struct question *question = data;

	if (question->free != NULL)
		question->free(question->ctx);
	g_object_unref(question->cancel);
	if (question->reply != NULL)
		g_variant_unref(question->reply);
	g_clear_object(&question->files);
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
	} else if (g_error_matches(error, G_DBUS_ERROR,
				   G_DBUS_ERROR_UNKNOWN_METHOD)) {
		sentence = g_strdup(_("The mailseal agent that runs is another "
				      "version and cannot do that. Restart "
				      "it."));
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

static void pinged(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct agent *agent = ctx;
	GError *error = NULL;
	GVariant *reply = g_dbus_connection_call_finish(
		G_DBUS_CONNECTION(source), result, &error);

	if (reply != NULL) {
		g_variant_unref(reply);
		if (agent->state == AGENT_SILENT)
			agent_set(agent, AGENT_HERE);
		return;
	}
	g_error_free(error);
}

/* It answers when it goes on: then who waits asks again. */
static void agent_silent(struct agent *agent)
{
	if (agent->state != AGENT_HERE)
		return;
	agent_set(agent, AGENT_SILENT);
	g_dbus_connection_call(agent->bus, AGENT_NAME, AGENT_PATH,
			       "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
			       G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT,
			       agent->connecting, pinged, agent);
}

static void replied(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct question *question = ctx;
	struct agent *agent = question->agent;
	GError *error = NULL;
	gboolean late = FALSE;

	question->reply = g_dbus_connection_call_with_unix_fd_list_finish(
		G_DBUS_CONNECTION(source), &question->files, result, &error);
	if (question->reply == NULL) {
		question->failure = sentence_of(error);
		late = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
		g_error_free(error);
	}
	if (late)
		agent_silent(agent);
	(void)question_answer(question);
	question_free(question);
}

/* Takes the question over, and the arguments where they float. */
static void question_send(struct agent *agent, const struct agent_call *call,
			  struct question *question)
{
	GVariant *arguments = call->arguments == NULL ? NULL :
			      g_variant_ref_sink(call->arguments);

	question->agent = agent;
	question->free = call->free;
	if (call->trouble != NULL)
		question_fail(question, g_strdup(call->trouble));
	else if (agent->bus == NULL)
		question_fail(question, g_strdup(_("There is no session bus, "
			"so the mailseal agent cannot be asked.")));
	else
		g_dbus_connection_call_with_unix_fd_list(agent->bus,
			AGENT_NAME, AGENT_PATH, call->interface, call->method,
			arguments, G_VARIANT_TYPE(call->reply),
			G_DBUS_CALL_FLAGS_NONE, call->wait, call->files,
			question->cancel, replied, question);
	if (arguments != NULL)
		g_variant_unref(arguments);
}

static struct question *question_new(GCancellable *cancel, void *ctx)
{
	struct question *question = g_new0(struct question, 1);

	question->cancel = g_object_ref(cancel);
	question->ctx = ctx;
	return question;
}

void agent_call(struct agent *agent, const struct agent_call *call,
		GCancellable *cancel, agent_replied *done, void *ctx)
{
	struct question *question = question_new(cancel, ctx);

	question->done = done;
	question_send(agent, call, question);
}

void agent_ask(struct agent *agent, const struct agent_call *call,
	       GCancellable *cancel, agent_done *done, void *ctx)
{
	struct question *question = question_new(cancel, ctx);

	question->told = done;
	question_send(agent, call, question);
}

static GVariant *check_arguments(enum agent_detail detail, gint place)
{
	GVariantBuilder options;

	g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
	if (detail == AGENT_EVERYTHING)
		g_variant_builder_add(&options, "{sv}", "explain",
				      g_variant_new_string("yes"));
	else if (detail == AGENT_ARRIVAL)
		g_variant_builder_add(&options, "{sv}", "arrival",
				      g_variant_new_boolean(TRUE));
	return g_variant_new("(ha{sv})", place, &options);
}

void agent_check(struct agent *agent, const char *path,
		 enum agent_detail detail, GCancellable *cancel,
		 agent_done *done, void *ctx)
{
	struct agent_call call = { "org.mailseal.Incoming1", "Check", NULL,
				   NULL, "(a{sv})", CHECK_WAIT, NULL, NULL };
	struct question *question = question_new(cancel, ctx);
	gint place;
	int file;

	question->told = done;
	file = g_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	if (file < 0) {
		question_fail(question, g_strdup_printf(_("The message's file "
			"cannot be read: %s."), g_strerror(errno)));
		return;
	}
	call.files = g_unix_fd_list_new();
	place = g_unix_fd_list_append(call.files, file, NULL);
	if (place < 0) {
		question_fail(question, g_strdup(_("There are too many open "
			"files; close some windows and try again.")));
	} else {
		call.arguments = check_arguments(detail, place);
		question_send(agent, &call, question);
	}
	g_object_unref(call.files);
	(void)close(file);
}
