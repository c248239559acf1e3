/* systems.c - S/MIME and OpenPGP as two of Claws Mail's privacy systems */
#include <claws-features.h>
#include <prefs_account.h>
#include <privacy.h>
#include <procmime.h>
#include <utils.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/crypt.h"
#include "plugins/claws/envelope.h"
#include "plugins/claws/seal.h"
#include "plugins/claws/systems.h"
#include "plugins/claws/unseal.h"

static struct seal *sealing;
static struct unseal *unsealing;

static PrivacySystem systems[];

/* A sealed part, and what is known of it. */
struct known {
	PrivacyData data;	/* first: Claws Mail knows this alone */
	enum crypt_scheme scheme;
};

static void known_free(PrivacyData *data)
{
	g_free(data);
}

static gboolean is(const MimeInfo *part, MimeMediaType type,
		   const char *subtype)
{
	return part != NULL && part->type == type && part->subtype != NULL &&
	       g_ascii_strcasecmp(part->subtype, subtype) == 0;
}

static gboolean is_pkcs7(const MimeInfo *part, const char *kind)
{
	gchar *old = g_strconcat("x-", kind, NULL);
	gboolean same = is(part, MIMETYPE_APPLICATION, kind) ||
			is(part, MIMETYPE_APPLICATION, old);

	g_free(old);
	return same;
}

static MimeInfo *child_of(const MimeInfo *part, guint number)
{
	GNode *node = g_node_nth_child(part->node, number);

	return node == NULL ? NULL : node->data;
}

/* Of the part that is signed: its signature stands beside it. */
static MimeInfo *signature_of(MimeInfo *part, enum crypt_scheme scheme)
{
	MimeInfo *around = procmime_mimeinfo_parent(part), *beside;

	if (!is(around, MIMETYPE_MULTIPART, "signed") ||
	    child_of(around, 0) != part)
		return NULL;
	beside = child_of(around, 1);
	if (beside == NULL)
		return NULL;
	if (scheme == CRYPT_SMIME)
		return is_pkcs7(beside, "pkcs7-signature") ? beside : NULL;
	return is(beside, MIMETYPE_APPLICATION, "pgp-signature") ? beside :
								   NULL;
}

static gboolean is_signed(MimeInfo *part, enum crypt_scheme scheme)
{
	struct known *known;

	if (part->privacy != NULL)
		return part->privacy->system == &systems[scheme];
	if (signature_of(part, scheme) == NULL)
		return FALSE;
	known = g_new0(struct known, 1);
	known->data.system = &systems[scheme];
	known->scheme = scheme;
	part->privacy = &known->data;
	return TRUE;
}

static gboolean smime_is_signed(MimeInfo *part)
{
	return is_signed(part, CRYPT_SMIME);
}

static gboolean openpgp_is_signed(MimeInfo *part)
{
	return is_signed(part, CRYPT_OPENPGP);
}

static gint check(MimeInfo *part, GCancellable *cancel,
		  GAsyncReadyCallback done, gpointer ctx)
{
	const struct known *known = (const struct known *)part->privacy;
	MimeInfo *signature = signature_of(part, known->scheme);

	/* Opened parts bring their verdict with them. */
	if (signature == NULL)
		return part->sig_data != NULL ? 1 : -1;
	return unseal_verify(unsealing, known->scheme, part, signature,
			     cancel, done, ctx);
}

/* The part with the sealed object in it, or NULL. */
static MimeInfo *object_of(MimeInfo *part, enum crypt_scheme scheme)
{
	const gchar *kind;
	MimeInfo *object;

	if (scheme == CRYPT_SMIME) {
		kind = procmime_mimeinfo_get_parameter(part, "smime-type");
		return is_pkcs7(part, "pkcs7-mime") &&
		       (kind == NULL || g_ascii_strcasecmp(kind,
							   "certs-only") != 0) ?
		       part : NULL;
	}
	if (!is(part, MIMETYPE_MULTIPART, "encrypted") ||
	    !is(child_of(part, 0), MIMETYPE_APPLICATION, "pgp-encrypted"))
		return NULL;
	object = child_of(part, 1);
	return is(object, MIMETYPE_APPLICATION, "octet-stream") ? object :
								  NULL;
}

/* Claws Mail opens all that is said to be encrypted, and puts it among what is
 * beside it, and into answers: elsewhere than at the root it stays closed. */
static gboolean is_encrypted(MimeInfo *part, enum crypt_scheme scheme)
{
	return object_of(part, scheme) != NULL &&
	       envelope_place(part) == ENVELOPE_WHOLE;
}

static gboolean smime_is_encrypted(MimeInfo *part)
{
	return is_encrypted(part, CRYPT_SMIME);
}

static gboolean openpgp_is_encrypted(MimeInfo *part)
{
	return is_encrypted(part, CRYPT_OPENPGP);
}

static MimeInfo *decrypt(MimeInfo *part, enum crypt_scheme scheme)
{
	MimeInfo *object = object_of(part, scheme);
	MimeInfo *inside = object == NULL ? NULL :
			   unseal_open(unsealing, scheme, object);
	struct known *known;

	if (inside != NULL && inside->sig_data != NULL) {
		known = g_new0(struct known, 1);
		known->data.system = &systems[scheme];
		known->scheme = scheme;
		inside->privacy = &known->data;
	}
	return inside;
}

static MimeInfo *smime_decrypt(MimeInfo *part)
{
	return decrypt(part, CRYPT_SMIME);
}

static MimeInfo *openpgp_decrypt(MimeInfo *part)
{
	return decrypt(part, CRYPT_OPENPGP);
}

static gboolean smime_sign(MimeInfo *message, PrefsAccount *account,
			   const gchar *from)
{
	return seal_sign(sealing, CRYPT_SMIME, message, account, from);
}

static gboolean openpgp_sign(MimeInfo *message, PrefsAccount *account,
			     const gchar *from)
{
	return seal_sign(sealing, CRYPT_OPENPGP, message, account, from);
}

/* One line: Claws Mail keeps it in the queue's header. */
static gchar *recipients(GSList *names)
{
	GString *text = g_string_new(NULL);

	for (; names != NULL; names = names->next) {
		gchar *address = g_strdup(names->data);

		extract_address(address);
		if (text->len > 0)
			g_string_append_c(text, ' ');
		g_string_append(text, address);
		g_free(address);
	}
	return g_string_free(text, FALSE);
}

static gboolean encrypt(MimeInfo *message, const gchar *data)
{
	return seal_encrypt(sealing, message, data);
}

static gboolean always(void)
{
	return TRUE;
}

static gchar smime_id[] = "mailseal-smime", smime_name[] = "S/MIME (mailseal)";
static gchar openpgp_id[] = "mailseal-openpgp";
static gchar openpgp_name[] = "OpenPGP (mailseal)";

static PrivacySystem systems[] = {
	[CRYPT_SMIME] = { smime_id, smime_name, known_free, smime_is_signed,
		check, smime_is_encrypted, smime_decrypt, TRUE, smime_sign,
		TRUE, recipients, encrypt, NULL, NULL, always },
	[CRYPT_OPENPGP] = { openpgp_id, openpgp_name, known_free,
		openpgp_is_signed, check, openpgp_is_encrypted,
		openpgp_decrypt, TRUE, openpgp_sign, TRUE, recipients, encrypt,
		NULL, NULL, always }
};

void systems_register(struct seal *seal, struct unseal *unseal)
{
	sealing = seal;
	unsealing = unseal;
	privacy_register_system(&systems[CRYPT_SMIME]);
	privacy_register_system(&systems[CRYPT_OPENPGP]);
}

void systems_unregister(void)
{
	privacy_unregister_system(&systems[CRYPT_SMIME]);
	privacy_unregister_system(&systems[CRYPT_OPENPGP]);
	sealing = NULL;
	unsealing = NULL;
}

gboolean systems_has(const char *id)
{
	return g_strcmp0(id, smime_id) == 0 || g_strcmp0(id, openpgp_id) == 0;
}
