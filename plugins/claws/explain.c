/* explain.c - the window that tells how a verdict came about */
#include <glib/gi18n-lib.h>

#include "plugins/claws/explain.h"
#include "plugins/claws/verdict.h"

#define DEPTH_MAX	6	/* of dictionaries in dictionaries */
#define TEXT_MAX	65536	/* bytes */
#define WINDOW_WIDTH	640
#define WINDOW_HEIGHT	480
#define WINDOW_MARGIN	12

/* Line breaks and what acts on a reader's eye become visible. */
static void text_add(GString *text, const char *value)
{
	for (; *value != '\0'; value = g_utf8_next_char(value)) {
		gunichar c = g_utf8_get_char(value);

		if (g_unichar_isprint(c) &&
		    g_unichar_type(c) != G_UNICODE_FORMAT)
			g_string_append_unichar(text, c);
		else
			g_string_append_unichar(text, 0xfffd);
	}
}

static void indent(GString *text, guint depth)
{
	guint i;

	for (i = 0; i < depth; i++)
		g_string_append(text, "    ");
}

static void value_add(GString *text, GVariant *value, guint depth);

static void dictionary_add(GString *text, GVariant *dictionary, guint depth)
{
	GVariantIter iter;
	const char *name;
	GVariant *value;

	g_variant_iter_init(&iter, dictionary);
	while (g_variant_iter_next(&iter, "{&sv}", &name, &value)) {
		indent(text, depth);
		text_add(text, name);
		g_string_append(text, ":");
		value_add(text, value, depth + 1);
		g_variant_unref(value);
	}
}

static void list_add(GString *text, GVariant *list, guint depth)
{
	gsize i;

	if (g_variant_n_children(list) == 0) {
		g_string_append(text, _(" none\n"));
		return;
	}
	g_string_append_c(text, '\n');
	for (i = 0; i < g_variant_n_children(list); i++) {
		GVariant *member = g_variant_get_child_value(list, i);

		if (g_variant_is_of_type(member, G_VARIANT_TYPE_VARDICT)) {
			if (i > 0)
				g_string_append_c(text, '\n');
			dictionary_add(text, member, depth);
		} else {
			indent(text, depth);
			g_string_append_c(text, '-');
			value_add(text, member, depth);
		}
		g_variant_unref(member);
	}
}

static void value_add(GString *text, GVariant *value, guint depth)
{
	if (depth > DEPTH_MAX || text->len > TEXT_MAX) {
		g_string_append(text, " ...\n");
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE_STRING)) {
		g_string_append_c(text, ' ');
		text_add(text, g_variant_get_string(value, NULL));
		g_string_append_c(text, '\n');
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN)) {
		g_string_append(text, g_variant_get_boolean(value) ?
				_(" yes\n") : _(" no\n"));
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE_INT64)) {
		g_string_append_printf(text, " %" G_GINT64_FORMAT "\n",
				       g_variant_get_int64(value));
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE_VARDICT)) {
		g_string_append_c(text, '\n');
		dictionary_add(text, value, depth);
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE_ARRAY)) {
		list_add(text, value, depth);
	} else {
		g_string_append(text, " ?\n");
	}
}

static void reasons_add(GString *text, GVariant *report)
{
	GVariantIter iter;
	GVariant *reasons, *reason;

	reasons = g_variant_lookup_value(report, "reasons",
					 G_VARIANT_TYPE("aa{sv}"));
	if (reasons == NULL)
		return;
	g_variant_iter_init(&iter, reasons);
	while ((reason = g_variant_iter_next_value(&iter)) != NULL) {
		const char *sentence = "";

		(void)g_variant_lookup(reason, "text", "&s", &sentence);
		text_add(text, sentence);
		g_string_append_c(text, '\n');
		g_variant_unref(reason);
	}
	g_variant_unref(reasons);
}

static gchar *report_text(GVariant *report)
{
	GString *text = g_string_new(NULL);
	struct verdict *verdict = verdict_new(report);

	g_string_append(text, _(verdict_look(verdict->word)->title));
	if (verdict->shown_from[0] != '\0') {
		g_string_append(text, ": ");
		text_add(text, verdict->shown_from);
	}
	g_string_append(text, "\n\n");
	reasons_add(text, report);
	g_string_append(text, _("\nThe evidence\n\n"));
	dictionary_add(text, report, 0);
	verdict_free(verdict);
	return g_string_free(text, FALSE);
}

GtkWidget *explain_open(GtkWindow *parent, GVariant *report,
			const char *failure)
{
	GtkWidget *window, *scrolled, *view;
	gchar *text;

	text = report == NULL ? g_strdup(failure) : report_text(report);
	window = gtk_dialog_new_with_buttons(_("mailseal explains"), parent,
		GTK_DIALOG_DESTROY_WITH_PARENT, _("_Close"),
		GTK_RESPONSE_CLOSE, NULL);
	gtk_window_set_default_size(GTK_WINDOW(window), WINDOW_WIDTH,
				    WINDOW_HEIGHT);
	view = gtk_text_view_new();
	gtk_text_view_set_editable(GTK_TEXT_VIEW(view), FALSE);
	gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(view), GTK_WRAP_WORD_CHAR);
	gtk_text_view_set_left_margin(GTK_TEXT_VIEW(view), WINDOW_MARGIN);
	gtk_text_view_set_right_margin(GTK_TEXT_VIEW(view), WINDOW_MARGIN);
	gtk_text_view_set_top_margin(GTK_TEXT_VIEW(view), WINDOW_MARGIN);
	gtk_text_buffer_set_text(
		gtk_text_view_get_buffer(GTK_TEXT_VIEW(view)), text, -1);
	scrolled = gtk_scrolled_window_new(NULL, NULL);
	gtk_container_add(GTK_CONTAINER(scrolled), view);
	gtk_box_pack_start(
		GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window))),
		scrolled, TRUE, TRUE, 0);
	g_signal_connect(window, "response", G_CALLBACK(gtk_widget_destroy),
			 NULL);
	gtk_widget_show_all(window);
	g_free(text);
	return window;
}
