/* probe.c - a plugin that tells the tests what nobody else can see
 *
 * The list of messages is no text to a screen reader.  Into the folder that
 * MAILSEAL_PROBE names go, a few times a second: "rows", the cells of the rows
 * that are on the screen, a line each; "tip", the tooltip; and "delay", the
 * longest time in milliseconds that the main loop took nobody's turn, since the
 * file was last removed, but for the time that others had the processor.
 * Servers are told the password that MAILSEAL_PROBE_PASSWORD holds. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <claws-features.h>
#include <account.h>
#include <glib.h>
#include <gtk/gtk.h>
#include <gtkcmctree.h>
#include <hooks.h>
#include <main.h>
#include <mainwindow.h>
#include <plugin.h>
#include <summaryview.h>

#define TICK		5	/* ms */
#define ROWS_TICKS	40	/* of them between two looks at the rows */
#define ROW_GAP		1	/* pixels */

#pragma GCC visibility push(default)
gint plugin_init(gchar **error);
gboolean plugin_done(void);
const gchar *plugin_name(void);
const gchar *plugin_desc(void);
const gchar *plugin_type(void);
const gchar *plugin_licence(void);
const gchar *plugin_version(void);
struct PluginFeature *plugin_provides(void);
#pragma GCC visibility pop

static guint timer, ticks;
static gint64 last, longest;
static int waits = -1;		/* /proc/thread-self/schedstat, or -1 */
static gulong hook;

static void file_write(const char *name, const char *text)
{
	gchar *path = g_build_filename(g_getenv("MAILSEAL_PROBE"), name, NULL);

	(void)g_file_set_contents(path, text, -1, NULL);
	g_free(path);
}

static void cell_add(GString *text, GtkCMCTree *tree, GtkCMCTreeNode *node,
		     gint column)
{
	gchar *cell = NULL;
	guint8 spacing;
	GdkPixbuf *picture;

	if (!gtk_cmctree_node_get_text(tree, node, column, &cell))
		(void)gtk_cmctree_node_get_pixtext(tree, node, column, &cell,
						   &spacing, &picture);
	g_string_append_printf(text, "%s|", cell == NULL ? "" : cell);
}

static void rows_write(void)
{
	MainWindow *window = claws_is_exiting() ? NULL :
						  mainwindow_get_mainwindow();
	GString *text = g_string_new(NULL);
	GtkCMCTreeNode *node = NULL;
	GtkCMCList *list;
	GtkCMCTree *tree;
	gint count = 0, column;

	if (window != NULL && window->summaryview != NULL) {
		tree = GTK_CMCTREE(window->summaryview->ctree);
		list = GTK_CMCLIST(tree);
		count = list->clist_window_height /
			(list->row_height + ROW_GAP);
		node = gtk_cmctree_node_nth(tree, (guint)MAX(0,
			-list->voffset / (list->row_height + ROW_GAP)));
	}
	for (; node != NULL && count > 0; count--) {
		for (column = 0; column < list->columns; column++)
			cell_add(text, tree, node, column);
		g_string_append_c(text, '\n');
		node = GTK_CMCTREE_NODE_NEXT(node);
	}
	file_write("rows", text->str);
	g_string_free(text, TRUE);
}

static void label_find(GtkWidget *widget, gpointer text)
{
	if (GTK_IS_LABEL(widget))
		g_string_append(text, gtk_label_get_text(GTK_LABEL(widget)));
	else if (GTK_IS_CONTAINER(widget))
		gtk_container_foreach(GTK_CONTAINER(widget), label_find, text);
}

/* No screen reader is told of its window. */
static void tip_write(void)
{
	GList *windows = gtk_window_list_toplevels(), *link;
	GString *text = g_string_new(NULL);

	for (link = windows; link != NULL; link = link->next)
		if (g_strcmp0(G_OBJECT_TYPE_NAME(link->data),
			      "GtkTooltipWindow") == 0 &&
		    gtk_widget_get_visible(link->data))
			label_find(link->data, text);
	file_write("tip", text->str);
	g_string_free(text, TRUE);
	g_list_free(windows);
}

static void delay_write(void)
{
	gchar *path = g_build_filename(g_getenv("MAILSEAL_PROBE"), "delay",
				       NULL);
	gchar *text;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		longest = 0;
	g_free(path);
	text = g_strdup_printf("%" G_GINT64_FORMAT "\n", longest / 1000);
	file_write("delay", text);
	g_free(text);
}

/* Microseconds, without those in which we waited for a processor. */
static gint64 own_time(void)
{
	char text[128] = "";
	unsigned long long ran = 0, waited = 0;

	if (waits >= 0 && pread(waits, text, sizeof(text) - 1, 0) > 0 &&
	    sscanf(text, "%llu %llu", &ran, &waited) != 2)
		waited = 0;
	return g_get_monotonic_time() - (gint64)(waited / 1000);
}

static gboolean tick(gpointer ctx)
{
	gint64 now = own_time();

	(void)ctx;
	longest = MAX(longest, now - last - TICK * 1000);
	if (++ticks % ROWS_TICKS == 0) {
		rows_write();
		tip_write();
		delay_write();
		now = own_time();	/* the probe's own work */
	}
	last = now;
	return G_SOURCE_CONTINUE;
}

static gboolean password(gpointer source, gpointer ctx)
{
	PasswordRequest *request = source;

	(void)ctx;
	request->password = g_strdup(g_getenv("MAILSEAL_PROBE_PASSWORD"));
	return request->password != NULL;
}

gint plugin_init(gchar **error)
{
	(void)error;
	hook = HOOK_NONE;
	if (g_getenv("MAILSEAL_PROBE") == NULL)
		return 0;
	hook = hooks_register_hook(PASSWORD_GET_HOOKLIST, password, NULL);
	waits = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	last = own_time();
	timer = g_timeout_add(TICK, tick, NULL);
	return 0;
}

gboolean plugin_done(void)
{
	if (timer != 0)
		g_source_remove(timer);
	if (waits >= 0)
		(void)close(waits);
	waits = -1;
	if (hook != HOOK_NONE)
		hooks_unregister_hook(PASSWORD_GET_HOOKLIST, hook);
	return TRUE;
}

const gchar *plugin_name(void)
{
	return "probe";
}

const gchar *plugin_desc(void)
{
	return "Tells the tests of mailseal what is in the list.";
}

const gchar *plugin_type(void)
{
	return "GTK3";
}

const gchar *plugin_licence(void)
{
	return "GPL3";
}

const gchar *plugin_version(void)
{
	return "1";
}

struct PluginFeature *plugin_provides(void)
{
	static struct PluginFeature features[] = {
		{ PLUGIN_UTILITY, "probe" },
		{ PLUGIN_NOTHING, NULL }
	};

	return features;
}
