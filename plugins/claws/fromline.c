/* fromline.c - the name on the From line of a message's text */
#include <string.h>

#include "plugins/claws/address.h"
#include "plugins/claws/fromline.h"

#define HIDDEN_TAG	"mailseal-hidden"
#define TITLE_TAG	"header_title"	/* of Claws Mail: before each value */

static GtkTextTag *tag_find(GtkTextBuffer *text, const char *name)
{
	return gtk_text_tag_table_lookup(
		gtk_text_buffer_get_tag_table(text), name);
}

static gboolean is_from(const gchar *title, const char *label)
{
	gchar *word = g_strstrip(g_strdup(title));
	gboolean is;

	is = g_ascii_strcasecmp(word, "From:") == 0 ||
	     g_ascii_strcasecmp(word, "From") == 0 ||
	     g_utf8_collate(word, label) == 0;
	g_free(word);
	return is;
}

static gboolean is_proved(const gchar *value, const char *proved)
{
	gchar *bare, *wanted;
	gboolean is;

	if (proved == NULL)
		return FALSE;
	bare = g_strstrip(g_strdup(value));
	wanted = g_strstrip(g_strdup(proved));
	is = strcmp(bare, wanted) == 0;
	g_free(bare);
	g_free(wanted);
	return is;
}

/* Hides [start, end) but the one plain address in it. */
static void value_hide(GtkTextBuffer *text, GtkTextTag *hidden,
		       const GtkTextIter *start, const GtkTextIter *end,
		       const char *proved)
{
	struct address_place place;
	GtkTextIter from = *start, to = *start;
	/* A slice has a character for each picture, so places stay right. */
	gchar *value = gtk_text_buffer_get_slice(text, start, end, TRUE);

	if (!is_proved(value, proved))
		gtk_text_buffer_apply_tag(text, hidden, start, end);
	if (address_find(value, &place)) {
		gtk_text_iter_forward_chars(&from, (gint)place.start);
		gtk_text_iter_forward_chars(&to, (gint)place.end);
		gtk_text_buffer_remove_tag(text, hidden, &from, &to);
	}
	g_free(value);
}

/* Where the value behind a title ends: before the next title, or at the end
 * of the line; a line break inside a decoded name does not end it. */
static void value_end(GtkTextIter *end, GtkTextTag *title)
{
	GtkTextIter next = *end, line = *end;

	if (!gtk_text_iter_ends_line(&line))
		gtk_text_iter_forward_to_line_end(&line);
	*end = line;
	if (gtk_text_iter_forward_to_tag_toggle(&next, title) &&
	    gtk_text_iter_starts_tag(&next, title)) {
		/* Only header lines lie between two titles of one header. */
		*end = next;
		gtk_text_iter_backward_char(end);
		if (gtk_text_iter_compare(end, &line) < 0)
			*end = line;
	}
}

void fromline_apply(GtkTextBuffer *text, const char *label,
		    const char *proved)
{
	GtkTextTag *title = tag_find(text, TITLE_TAG);
	GtkTextTag *hidden = tag_find(text, HIDDEN_TAG);
	GtkTextIter start, value, end, last;

	if (hidden == NULL)
		hidden = gtk_text_buffer_create_tag(text, HIDDEN_TAG,
						    "invisible", TRUE, NULL);
	gtk_text_buffer_get_bounds(text, &start, &last);
	gtk_text_buffer_remove_tag(text, hidden, &start, &last);
	if (title == NULL)
		return;
	if (!gtk_text_iter_starts_tag(&start, title) &&
	    !gtk_text_iter_forward_to_tag_toggle(&start, title))
		return;
	do {
		gchar *word;

		if (!gtk_text_iter_starts_tag(&start, title))
			continue;
		value = start;
		if (!gtk_text_iter_forward_to_tag_toggle(&value, title))
			break;
		word = gtk_text_buffer_get_slice(text, &start, &value, TRUE);
		if (is_from(word, label)) {
			end = value;
			value_end(&end, title);
			value_hide(text, hidden, &value, &end, proved);
		}
		g_free(word);
	} while (gtk_text_iter_forward_to_tag_toggle(&start, title));
}

void fromline_clear(GtkTextBuffer *text)
{
	GtkTextTag *hidden = tag_find(text, HIDDEN_TAG);

	if (hidden != NULL)
		gtk_text_tag_table_remove(gtk_text_buffer_get_tag_table(text),
					  hidden);
}
