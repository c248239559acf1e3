/* shape.c - what the parts of a message are when it is sent */
#include <claws-features.h>
#include <procmime.h>

#include "plugins/claws/shape.h"

MimeInfo *shape_content(MimeInfo *message)
{
	return message->node->children->data;
}

struct names {
	GPtrArray *boundaries;
	guint count;		/* of multiparts, so far */
};

static gboolean boundary_keep(GNode *node, gpointer ctx)
{
	struct names *names = ctx;
	MimeInfo *part = node->data;
	const gchar *boundary;

	if (part->type != MIMETYPE_MULTIPART)
		return FALSE;
	boundary = g_hash_table_lookup(part->typeparameters, "boundary");
	if (boundary == NULL)
		return FALSE;
	if (names->count == names->boundaries->len)
		g_ptr_array_add(names->boundaries, g_strdup(boundary));
	g_hash_table_replace(part->typeparameters, g_strdup("boundary"),
		g_strdup(g_ptr_array_index(names->boundaries, names->count)));
	names->count++;
	return FALSE;
}

void shape_boundaries(MimeInfo *message, GPtrArray *boundaries)
{
	struct names names = { boundaries, 0 };

	g_node_traverse(shape_content(message)->node, G_PRE_ORDER,
			G_TRAVERSE_ALL, -1, boundary_keep, &names);
}

/* In lines of 72 letters. */
static gchar *base64_lines(const guchar *bytes, gsize length)
{
	gsize size = (length / 3 + 1) * 4 + 4, used;
	gchar *text = g_malloc(size + size / 72 + 2);
	gint state = 0, kept = 0;

	used = g_base64_encode_step(bytes, length, TRUE, text, &state, &kept);
	used += g_base64_encode_close(TRUE, text + used, &state, &kept);
	text[used] = '\0';
	return text;
}

/* Armor with the ends of lines that Claws Mail has. */
static gchar *armor_lines(const guchar *bytes, gsize length)
{
	GString *text = g_string_sized_new(length);
	gsize i;

	for (i = 0; i < length; i++)
		if (bytes[i] != '\r' && bytes[i] != '\0')
			g_string_append_c(text, (gchar)bytes[i]);
	return g_string_free(text, FALSE);
}

/* A signature as a part of its own. */
static MimeInfo *signature_new(enum crypt_scheme scheme, GBytes *signature)
{
	MimeInfo *part = procmime_mimeinfo_new();
	gsize length = 0;
	const guchar *bytes = g_bytes_get_data(signature, &length);

	part->type = MIMETYPE_APPLICATION;
	part->content = MIMECONTENT_MEM;
	part->tmp = TRUE;
	if (scheme == CRYPT_OPENPGP) {
		part->subtype = g_strdup("pgp-signature");
		part->data.mem = armor_lines(bytes, length);
		return part;
	}
	part->subtype = g_strdup("pkcs7-signature");
	g_hash_table_insert(part->typeparameters, g_strdup("name"),
			    g_strdup("smime.p7s"));
	part->disposition = DISPOSITIONTYPE_ATTACHMENT;
	g_hash_table_insert(part->dispositionparameters, g_strdup("filename"),
			    g_strdup("smime.p7s"));
	part->encoding_type = ENC_BASE64;
	part->data.mem = base64_lines(bytes, length);
	return part;
}

void shape_sign(MimeInfo *message, const struct shape_signature *with)
{
	MimeInfo *content = shape_content(message);
	MimeInfo *around = procmime_mimeinfo_new();
	const char *protocol = with->scheme == CRYPT_SMIME ?
		"application/pkcs7-signature" : "application/pgp-signature";
	const char *digest = with->digest != NULL ? with->digest :
			     with->scheme == CRYPT_SMIME ? "sha-256" :
							   "pgp-sha256";

	around->type = MIMETYPE_MULTIPART;
	around->subtype = g_strdup("signed");
	g_hash_table_insert(around->typeparameters, g_strdup("boundary"),
			    g_strdup(with->boundary));
	g_hash_table_insert(around->typeparameters, g_strdup("protocol"),
			    g_strdup(protocol));
	g_hash_table_insert(around->typeparameters, g_strdup("micalg"),
			    g_strdup(digest));
	g_node_unlink(content->node);
	g_node_append(around->node, content->node);
	g_node_append(around->node,
		      signature_new(with->scheme, with->signature)->node);
	g_node_append(message->node, around->node);
}

void shape_replace(MimeInfo *message, MimeInfo *part)
{
	MimeInfo *content = shape_content(message);

	g_node_unlink(content->node);
	procmime_mimeinfo_free_all(&content);
	g_node_append(message->node, part->node);
}
