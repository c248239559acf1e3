/* envelope.c - what a part that is signed or encrypted says of its message */
#include <stdio.h>
#include <string.h>

#include <claws-features.h>
#include <procmime.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/address.h"
#include "plugins/claws/envelope.h"

#define HEADER_MAX	65536	/* bytes that are looked at */

static gboolean is_signed_around(MimeInfo *around, const MimeInfo *part)
{
	GNode *first = g_node_first_child(around->node);

	return around->type == MIMETYPE_MULTIPART && around->subtype != NULL &&
	       g_ascii_strcasecmp(around->subtype, "signed") == 0 &&
	       first != NULL && first->data == part;
}

enum envelope_place envelope_place(MimeInfo *part)
{
	MimeInfo *around = procmime_mimeinfo_parent(part);

	while (around != NULL && is_signed_around(around, part)) {
		part = around;
		around = procmime_mimeinfo_parent(part);
	}
	/* The message itself is Claws Mail's root. */
	return around == NULL || procmime_mimeinfo_parent(around) == NULL ?
	       ENVELOPE_WHOLE : ENVELOPE_BESIDE;
}

/* A text before the address that holds an '@' may be taken for it. */
static gchar *address_of(const gchar *value)
{
	const gchar *sign = strchr(value, '@'), *angle = strchr(value, '<');

	return sign != NULL && angle != NULL && sign < angle ? NULL :
	       address_alone(value);
}

/* The one From in a header; NULL: none, several, no single address. */
static gchar *author_of(const gchar *header)
{
	gchar **lines = g_strsplit(header, "\n", -1), *author = NULL;
	GString *value = NULL;
	gboolean several = FALSE, inside = FALSE;
	gsize i;

	for (i = 0; lines[i] != NULL && *g_strchomp(lines[i]) != '\0'; i++) {
		if (lines[i][0] == ' ' || lines[i][0] == '\t') {
			if (inside)
				g_string_append(value, lines[i]);
			continue;
		}
		inside = g_ascii_strncasecmp(lines[i], "From:", 5) == 0;
		if (!inside)
			continue;
		several = several || value != NULL;
		if (value == NULL)
			value = g_string_new(NULL);
		g_string_append(value, lines[i] + 5);
	}
	if (value != NULL) {
		if (!several)
			author = address_of(value->str);
		(void)g_string_free(value, TRUE);
	}
	g_strfreev(lines);
	return author;
}

static gchar *author_in(MimeInfo *part)
{
	MimeInfo *around;
	gchar *header, *author;
	FILE *file;
	gsize got;

	while ((around = procmime_mimeinfo_parent(part)) != NULL)
		part = around;
	if (part->content != MIMECONTENT_FILE)
		return NULL;
	file = fopen(part->data.filename, "re");
	if (file == NULL)
		return NULL;
	header = g_malloc(HEADER_MAX + 1);
	got = fread(header, 1, HEADER_MAX, file);
	header[got] = '\0';
	(void)fclose(file);
	author = author_of(header);
	g_free(header);
	return author;
}

struct envelope *envelope_new(MimeInfo *part)
{
	struct envelope *envelope = g_new0(struct envelope, 1);

	envelope->place = envelope_place(part);
	envelope->author = author_in(part);
	return envelope;
}

void envelope_free(gpointer data)
{
	struct envelope *envelope = data;

	if (envelope == NULL)
		return;
	g_free(envelope->author);
	g_free(envelope);
}

static gboolean is_signers(const gchar *author, GVariant *report)
{
	GVariant *signature = g_variant_lookup_value(report, "signature",
						     G_VARIANT_TYPE_VARDICT);
	GVariant *list = signature == NULL ? NULL :
			 g_variant_lookup_value(signature, "addresses",
						G_VARIANT_TYPE("as"));
	gsize i, count = list == NULL ? 0 : g_variant_n_children(list);
	gboolean found = FALSE;

	for (i = 0; i < count && !found; i++) {
		const char *address = "";

		g_variant_get_child(list, i, "&s", &address);
		found = g_ascii_strcasecmp(address, author) == 0;
	}
	if (list != NULL)
		g_variant_unref(list);
	if (signature != NULL)
		g_variant_unref(signature);
	return found;
}

const char *envelope_lacks(const struct envelope *envelope, GVariant *report)
{
	if (envelope->place == ENVELOPE_BESIDE)
		return _("That is of one part alone: the rest of the message "
			 "may come from anybody.");
	if (envelope->author == NULL)
		return _("Who the message says to be from is not clear.");
	if (!is_signers(envelope->author, report))
		return _("That is not the one whom the message says to be "
			 "from.");
	return NULL;
}
