/* unseal.c - sealed mail that came: verified, and opened */
#include <string.h>

#include <claws-features.h>
#include <glib.h>
#include <privacy.h>
#include <procmime.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crypt.h"
#include "plugins/claws/entity.h"
#include "plugins/claws/envelope.h"
#include "plugins/claws/msgid.h"
#include "plugins/claws/unseal.h"

#define KEPT_FOR	60	/* s */
#define KEPT_MAX	16	/* objects */

struct unseal {
	struct agent *agent;
	GCancellable *cancel;
	unseal_opened *opened;
	void *ctx;
	GHashTable *objects;	/* name_of() to struct object */
	guint timer;
};

enum object_phase { OBJECT_ASKED, OBJECT_OPEN, OBJECT_SHUT };

struct object {
	struct unseal *unseal;
	enum object_phase phase;
	GBytes *content;	/* or NULL */
	GVariant *report;	/* or NULL */
	gchar *failure;		/* or NULL */
	gint64 used;
};

static void object_free(gpointer data)
{
	struct object *object = data;

	if (object->content != NULL)
		g_bytes_unref(object->content);
	if (object->report != NULL)
		g_variant_unref(object->report);
	g_free(object->failure);
	g_free(object);
}

/* The agent's words for a signature, and the signs that Claws Mail has. */
static SignatureStatus status_of(GVariant *report)
{
	static const struct {
		const char *word;
		SignatureStatus status;
	} words[] = {
		{ "good", SIGNATURE_OK },
		{ "untrusted", SIGNATURE_WARN },
		{ "weak", SIGNATURE_WARN },
		{ "unknown-key", SIGNATURE_WARN },
		{ "unsupported", SIGNATURE_WARN },
		{ "none", SIGNATURE_WARN },
		{ "expired", SIGNATURE_KEY_EXPIRED }
	};
	GVariant *signature = g_variant_lookup_value(report, "signature",
						     G_VARIANT_TYPE_VARDICT);
	const char *word = "none";
	SignatureStatus status = SIGNATURE_INVALID;
	guint i;

	if (signature != NULL)
		(void)g_variant_lookup(signature, "status", "&s", &word);
	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_strcmp0(words[i].word, word) == 0)
			status = words[i].status;
	if (signature != NULL)
		g_variant_unref(signature);
	return status;
}

static gchar *line_of(GVariant *report)
{
	gchar *line = NULL;

	if (!g_variant_lookup(report, "line", "s", &line))
		line = g_strdup(_("The agent says nothing about it."));
	return line;
}

/* Everything that speaks about it, a sentence a line. */
static gchar *full_of(GVariant *report)
{
	gchar *line = line_of(report);
	GString *text = g_string_new(line);
	GVariant *reasons = g_variant_lookup_value(report, "seal_reasons",
						   G_VARIANT_TYPE("aa{sv}"));
	gsize i, count = reasons == NULL ? 0 : g_variant_n_children(reasons);

	for (i = 0; i < count; i++) {
		GVariant *reason = g_variant_get_child_value(reasons, i);
		const char *sentence = "";

		(void)g_variant_lookup(reason, "text", "&s", &sentence);
		g_string_append_printf(text, "\n%s", sentence);
		g_variant_unref(reason);
	}
	if (reasons != NULL)
		g_variant_unref(reasons);
	g_free(line);
	return g_string_free(text, FALSE);
}

static void say_also(gchar **text, const char *sentence)
{
	gchar *both = g_strdup_printf("%s %s", *text, sentence);

	g_free(*text);
	*text = both;
}

static SignatureData *verdict(const struct envelope *envelope,
			      GVariant *report)
{
	SignatureData *data = g_new0(SignatureData, 1);
	const char *lacks = NULL;

	data->status = status_of(report);
	data->info_short = line_of(report);
	data->info_full = full_of(report);
	if (data->status == SIGNATURE_OK ||
	    data->status == SIGNATURE_KEY_EXPIRED)
		lacks = envelope_lacks(envelope, report);
	if (lacks != NULL) {
		data->status = SIGNATURE_WARN;
		say_also(&data->info_short, lacks);
		say_also(&data->info_full, lacks);
	}
	return data;
}

static void verified(void *ctx, GVariant *report, const char *failure)
{
	GTask *task = ctx;
	SigCheckTaskResult *result = g_new0(SigCheckTaskResult, 1);

	if (report != NULL) {
		result->sig_data = verdict(g_task_get_task_data(task), report);
	} else {
		result->sig_data = g_new0(SignatureData, 1);
		result->sig_data->status = SIGNATURE_CHECK_FAILED;
		result->sig_data->info_short = g_strdup(failure);
		result->sig_data->info_full = g_strdup(failure);
	}
	g_task_return_pointer(task, result,
			      privacy_free_sig_check_task_result);
	g_object_set_data(G_OBJECT(task), "mailseal-told", task);
}

/* Claws Mail hears of a check that it gave up, too. */
static void verify_end(void *ctx)
{
	GTask *task = ctx;

	if (g_object_get_data(G_OBJECT(task), "mailseal-told") == NULL)
		g_task_return_new_error(task, G_IO_ERROR,
					G_IO_ERROR_CANCELLED, "%s",
					_("The check was given up."));
	g_object_unref(task);
}

gint unseal_verify(struct unseal *unseal, enum crypt_scheme scheme,
		   MimeInfo *part, MimeInfo *signature, GCancellable *cancel,
		   GAsyncReadyCallback done, gpointer ctx)
{
	struct crypt_order order = { scheme, NULL, NULL, NULL };
	GBytes *beside = entity_write(signature);
	GTask *task;

	order.entity = entity_signed(procmime_mimeinfo_parent(part));
	if (order.entity == NULL || beside == NULL || cancel == NULL) {
		g_clear_pointer(&order.entity, g_bytes_unref);
		g_clear_pointer(&beside, g_bytes_unref);
		return -1;
	}
	task = g_task_new(NULL, cancel, done, ctx);
	g_task_set_task_data(task, envelope_new(part), envelope_free);
	part->last_sig_check_task = task;
	crypt_verify(unseal->agent, &order, beside, cancel, verified, task,
		     verify_end);
	g_bytes_unref(order.entity);
	g_bytes_unref(beside);
	return 0;
}

static gboolean is_old(gpointer key, gpointer value, gpointer ctx)
{
	const struct object *object = value;
	const gint64 *now = ctx;

	(void)key;
	return object->phase != OBJECT_ASKED &&
	       *now - object->used > KEPT_FOR * G_USEC_PER_SEC;
}

static gboolean sweep(gpointer ctx)
{
	struct unseal *unseal = ctx;
	gint64 now = g_get_monotonic_time();

	g_hash_table_foreach_remove(unseal->objects, is_old, &now);
	if (g_hash_table_size(unseal->objects) > 0)
		return G_SOURCE_CONTINUE;
	unseal->timer = 0;
	return G_SOURCE_REMOVE;
}

static void opened(void *ctx, GBytes *content, GVariant *report,
		   const char *failure)
{
	struct object *object = ctx;
	gint64 size = 0;

	object->used = g_get_monotonic_time();
	object->phase = OBJECT_SHUT;
	if (content == NULL) {
		object->failure = g_strdup(failure);
	} else if (!g_variant_lookup(report, "content_size", "x", &size)) {
		/* Nothing may leave, and the report says why. */
		object->failure = full_of(report);
	} else if ((guint64)size != g_bytes_get_size(content)) {
		object->failure = g_strdup(_("Only a part of what is inside "
					     "was handed back."));
	} else {
		object->phase = OBJECT_OPEN;
		object->content = g_bytes_ref(content);
		object->report = g_variant_ref(report);
	}
	object->unseal->opened(object->unseal->ctx);
}

static gboolean is_settled(gpointer key, gpointer value, gpointer ctx)
{
	const struct object *object = value;

	(void)key;
	(void)ctx;
	return object->phase != OBJECT_ASKED;
}

static void object_ask(struct unseal *unseal, gchar *name, GBytes *bytes,
		       const gchar *id)
{
	struct object *object = g_new0(struct object, 1);

	if (g_hash_table_size(unseal->objects) >= KEPT_MAX)
		g_hash_table_foreach_remove(unseal->objects, is_settled, NULL);
	object->unseal = unseal;
	g_hash_table_insert(unseal->objects, name, object);
	if (unseal->timer == 0)
		unseal->timer = g_timeout_add_seconds(KEPT_FOR / 2, sweep,
						      unseal);
	crypt_decrypt(unseal->agent, bytes, id, unseal->cancel, opened,
		      object);
}

/* Kept apart for each message, for the agent has to hear of each. */
static gchar *name_of(GBytes *object, const gchar *id)
{
	gchar *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, object);
	gchar *name = g_strconcat(sum, " ", id, NULL);

	g_free(sum);
	return name;
}

static MimeInfo *object_show(struct unseal *unseal, struct object *object,
			     MimeInfo *sealed, const gchar *name)
{
	struct envelope *envelope;
	MimeInfo *part = NULL;

	object->used = g_get_monotonic_time();
	switch (object->phase) {
	case OBJECT_ASKED:
		privacy_set_error("%s", _("mailseal is opening it; what is "
					  "inside is shown in a moment."));
		return NULL;
	case OBJECT_SHUT:
		privacy_set_error("%s", object->failure);
		g_hash_table_remove(unseal->objects, name); /* tried anew */
		return NULL;
	case OBJECT_OPEN:
		part = entity_read(object->content);
		if (part == NULL) {
			privacy_set_error("%s", _("What is inside is no part "
						  "of a message."));
			return NULL;
		}
		envelope = envelope_new(sealed);
		part->sig_data = verdict(envelope, object->report);
		envelope_free(envelope);
		return part;
	}
	return NULL;
}

/* The object in the dress that its standard gives it: RFC 8551 section 3.2,
 * RFC 3156 section 4. */
static GBytes *dressed(enum crypt_scheme scheme, GBytes *object)
{
	static const char around[] =
		"Content-Type: multipart/encrypted; boundary=sealed;\r\n"
		" protocol=\"application/pgp-encrypted\"\r\n\r\n"
		"--sealed\r\nContent-Type: application/pgp-encrypted\r\n\r\n"
		"Version: 1\r\n\r\n--sealed\r\n"
		"Content-Type: application/octet-stream\r\n\r\n";
	static const char binary[] =
		"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n"
		"Content-Transfer-Encoding: binary\r\n\r\n";
	GByteArray *bytes = g_byte_array_new();
	const char *head = scheme == CRYPT_SMIME ? binary : around;
	gsize length = 0;
	const guint8 *inside = g_bytes_get_data(object, &length);

	g_byte_array_append(bytes, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(bytes, inside, (guint)length);
	if (scheme == CRYPT_OPENPGP)
		g_byte_array_append(bytes,
			(const guint8 *)"\r\n--sealed--\r\n", 14);
	return g_byte_array_free_to_bytes(bytes);
}

MimeInfo *unseal_open(struct unseal *unseal, enum crypt_scheme scheme,
		      MimeInfo *part)
{
	GBytes *bytes = entity_object(part), *entity;
	struct object *object;
	MimeInfo *inside;
	gchar *name, *id;

	if (bytes == NULL) {
		privacy_set_error("%s", _("It is too large to be opened here, "
					  "or cannot be read."));
		return NULL;
	}
	id = msgid_of(part);
	name = name_of(bytes, id);
	object = g_hash_table_lookup(unseal->objects, name);
	if (object == NULL) {
		entity = dressed(scheme, bytes);
		object_ask(unseal, g_strdup(name), entity, id);
		g_bytes_unref(entity);
		object = g_hash_table_lookup(unseal->objects, name);
	}
	inside = object_show(unseal, object, part, name);
	g_bytes_unref(bytes);
	g_free(name);
	g_free(id);
	return inside;
}

struct unseal *unseal_new(struct agent *agent, unseal_opened *done, void *ctx)
{
	struct unseal *unseal = g_new0(struct unseal, 1);

	unseal->agent = agent;
	unseal->cancel = g_cancellable_new();
	unseal->opened = done;
	unseal->ctx = ctx;
	unseal->objects = g_hash_table_new_full(g_str_hash, g_str_equal,
						g_free, object_free);
	return unseal;
}

void unseal_free(struct unseal *unseal)
{
	if (unseal == NULL)
		return;
	g_cancellable_cancel(unseal->cancel);
	g_object_unref(unseal->cancel);
	if (unseal->timer != 0)
		g_source_remove(unseal->timer);
	g_hash_table_destroy(unseal->objects);
	g_free(unseal);
}
