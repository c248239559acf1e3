/* crypt.c - calls of the agent that seal and open (org.mailseal.Entity1) */
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crypt.h"
#include "plugins/claws/entity.h"

#define PERSON_WAIT	900000	/* ms: a person types a passphrase */
#define VERIFY_WAIT	60000	/* ms */
#define PIECE		65536	/* bytes */

/* A call, and then the reading of what came. */
struct crypt {
	GCancellable *cancel;
	crypt_done *done;
	void *ctx;
	GVariant *report;
	GByteArray *content;
	gchar *piece;
};

const char *crypt_word(enum crypt_scheme scheme)
{
	return scheme == CRYPT_SMIME ? "smime" : "openpgp";
}

static void crypt_free(struct crypt *crypt)
{
	g_object_unref(crypt->cancel);
	if (crypt->report != NULL)
		g_variant_unref(crypt->report);
	if (crypt->content != NULL)
		g_byte_array_unref(crypt->content);
	g_free(crypt->piece);
	g_free(crypt);
}

static void crypt_end(struct crypt *crypt, const char *failure)
{
	GBytes *bytes = g_byte_array_free_to_bytes(crypt->content);

	crypt->content = NULL;
	if (!g_cancellable_is_cancelled(crypt->cancel))
		crypt->done(crypt->ctx, failure == NULL ? bytes : NULL,
			    crypt->report, failure);
	g_bytes_unref(bytes);
	crypt_free(crypt);
}

static void piece_read(GObject *source, GAsyncResult *result, gpointer ctx)
{
	struct crypt *crypt = ctx;
	gssize got = g_input_stream_read_finish(G_INPUT_STREAM(source), result,
						NULL);

	if (got > 0 && crypt->content->len + (gsize)got <= ENTITY_MAX) {
		g_byte_array_append(crypt->content,
				    (const guint8 *)crypt->piece, (guint)got);
		g_input_stream_read_async(G_INPUT_STREAM(source), crypt->piece,
			PIECE, G_PRIORITY_DEFAULT, crypt->cancel, piece_read,
			crypt);
		return;
	}
	g_object_unref(source);
	crypt_end(crypt, got == 0 ? NULL : _("What the agent handed back could "
					     "not be read to its end."));
}

static void content_read(struct crypt *crypt, int file)
{
	GInputStream *stream = g_unix_input_stream_new(file, TRUE);

	crypt->piece = g_malloc(PIECE);
	g_input_stream_read_async(stream, crypt->piece, PIECE,
				  G_PRIORITY_DEFAULT, crypt->cancel,
				  piece_read, crypt);
}

static void replied(void *ctx, GVariant *reply, GUnixFDList *files,
		    const char *failure)
{
	struct crypt *crypt = ctx;
	gint32 place = -1;
	int file = -1;

	if (reply != NULL) {
		g_variant_get(reply, "(h@a{sv})", &place, &crypt->report);
		if (files != NULL)
			file = g_unix_fd_list_get(files, place, NULL);
		failure = _("The agent handed back nothing.");
	}
	if (file < 0) {
		crypt->done(crypt->ctx, NULL, crypt->report, failure);
		return;
	}
	/* The call ends here; this goes on. */
	crypt = g_memdup2(crypt, sizeof(*crypt));
	g_object_ref(crypt->cancel);
	if (crypt->report != NULL)
		g_variant_ref(crypt->report);
	crypt->content = g_byte_array_new();
	content_read(crypt, file);
}

/* Why nothing can be handed over. */
static const char *trouble(void)
{
	return _("The message cannot be handed to the agent: memory or files "
		 "are short.");
}

static void called(void *ctx)
{
	crypt_free(ctx);
}

/* Adds a file of these bytes: its place, or -1. */
static gint file_add(GUnixFDList *files, GBytes *bytes)
{
	int file = entity_file(bytes);
	gint place = -1;

	if (file >= 0) {
		place = g_unix_fd_list_append(files, file, NULL);
		(void)close(file);
	}
	return place;
}

static void option(GVariantBuilder *options, const char *name,
		   const char *value)
{
	if (value != NULL)
		g_variant_builder_add(options, "{sv}", name,
				      g_variant_new_string(value));
}

static void options_start(GVariantBuilder *options)
{
	g_variant_builder_init(options, G_VARIANT_TYPE_VARDICT);
	option(options, "display", g_getenv("DISPLAY"));
}

/* Starts the call; `make` gives the arguments, with the entity's place. */
static void crypt_call(struct agent *agent, const char *method, GBytes *entity,
		       GVariant *(*make)(gint place, const void *order),
		       const void *order, struct crypt *crypt)
{
	struct agent_call call = { "org.mailseal.Entity1", method, NULL, NULL,
				   "(ha{sv})", PERSON_WAIT, called, NULL };
	gint place;

	call.files = g_unix_fd_list_new();
	place = file_add(call.files, entity);
	if (place < 0)
		call.trouble = trouble();
	else
		call.arguments = make(place, order);
	agent_call(agent, &call, crypt->cancel, replied, crypt);
	g_object_unref(call.files);
}

static struct crypt *crypt_new(GCancellable *cancel, crypt_done *done,
			       void *ctx)
{
	struct crypt *crypt = g_new0(struct crypt, 1);

	crypt->cancel = g_object_ref(cancel);
	crypt->done = done;
	crypt->ctx = ctx;
	return crypt;
}

static GVariant *sign_arguments(gint place, const void *data)
{
	const struct crypt_order *order = data;
	GVariantBuilder options;

	options_start(&options);
	option(&options, "scheme", crypt_word(order->scheme));
	option(&options, "sender", order->sender);
	return g_variant_new("(ha{sv})", place, &options);
}

void crypt_sign(struct agent *agent, const struct crypt_order *order,
		GCancellable *cancel, crypt_done *done, void *ctx)
{
	crypt_call(agent, "Sign", order->entity, sign_arguments, order,
		   crypt_new(cancel, done, ctx));
}

static GVariant *encrypt_arguments(gint place, const void *data)
{
	const struct crypt_order *order = data;
	GVariantBuilder options;

	options_start(&options);
	option(&options, "scheme", crypt_word(order->scheme));
	option(&options, "sender", order->sender);
	option(&options, "form", "part");
	return g_variant_new("(h^asa{sv})", place, order->recipients,
			     &options);
}

void crypt_encrypt(struct agent *agent, const struct crypt_order *order,
		   GCancellable *cancel, crypt_done *done, void *ctx)
{
	crypt_call(agent, "Encrypt", order->entity, encrypt_arguments, order,
		   crypt_new(cancel, done, ctx));
}

static GVariant *decrypt_arguments(gint place, const void *data)
{
	GVariantBuilder options;

	options_start(&options);
	option(&options, "message_id", data);
	return g_variant_new("(ha{sv})", place, &options);
}

void crypt_decrypt(struct agent *agent, GBytes *object, const char *id,
		   GCancellable *cancel, crypt_done *done, void *ctx)
{
	crypt_call(agent, "Decrypt", object, decrypt_arguments, id,
		   crypt_new(cancel, done, ctx));
}

void crypt_verify(struct agent *agent, const struct crypt_order *order,
		  GBytes *signature, GCancellable *cancel, agent_done *done,
		  void *ctx, void (*free)(void *ctx))
{
	struct agent_call call = { "org.mailseal.Entity1", "Verify", NULL,
				   NULL, "(a{sv})", VERIFY_WAIT, free, NULL };
	GVariantBuilder options;
	gint entity, beside;

	call.files = g_unix_fd_list_new();
	entity = file_add(call.files, order->entity);
	beside = file_add(call.files, signature);
	g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
	option(&options, "scheme", crypt_word(order->scheme));
	call.arguments = g_variant_new("(hha{sv})", entity, beside, &options);
	if (entity < 0 || beside < 0)
		call.trouble = trouble();
	agent_ask(agent, &call, cancel, done, ctx);
	g_object_unref(call.files);
}
