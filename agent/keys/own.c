/* own.c - reading the user's own certificates */
#include "agent/keys/own.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "agent/keys/keeper_inside.h"
#include "agent/keys/remote_key.h"

void own_free(struct own *own)
{
	size_t i;

	if (own == NULL)
		return;
	for (i = 0; i < own->count; i++) {
		EVP_PKEY_free(own->remote[i]);
		X509_free(own->certificates[i]);
	}
	sk_X509_pop_free(own->helpers, X509_free);
	free(own);
}

/* Whether this certificate is of the key that the line named. */
static bool certificate_is_of(X509 *certificate, struct bytes name,
			      uint8_t id[KEYS_ID_SIZE])
{
	EVP_PKEY *public = X509_get0_pubkey(certificate);
	char hex[KEEPER_HEX_SIZE];

	if (public == NULL || remote_key_id(public, id) < 0)
		return false;
	keeper_hex(id, KEYS_ID_SIZE, hex);
	return bytes_is_nocase(name, hex);
}

/* What stands under one key's line. */
static void section_read(struct own *own, struct bytes name, struct bytes text)
{
	X509 *certificate;
	bool first = true;
	BIO *from = NULL;

	if (text.len > 0)
		from = BIO_new_mem_buf(text.data, (int)text.len);
	while (from != NULL &&
	       (certificate = PEM_read_bio_X509(from, NULL, NULL, NULL)) !=
	       NULL) {
		if (first) {
			if (own->count == OWN_MAX ||
			    !certificate_is_of(certificate, name,
					       own->keys[own->count])) {
				X509_free(certificate);
				break;
			}
			own->certificates[own->count++] = certificate;
			first = false;
		} else if (sk_X509_num(own->helpers) >= OWN_HELPERS_MAX ||
			   sk_X509_push(own->helpers, certificate) == 0) {
			X509_free(certificate);
			break;
		}
	}
	BIO_free(from);
	ERR_clear_error();
}

struct own *own_read(struct bytes text)
{
	struct own *own = calloc(1, sizeof(*own));
	struct bytes name = { NULL, 0 }, line, rest, section = { NULL, 0 };

	if (own == NULL)
		return NULL;
	own->helpers = sk_X509_new_null();
	if (own->helpers == NULL) {
		own_free(own);
		return NULL;
	}
	for (rest = bytes_slice(text, 0, OWN_TEXT_MAX); rest.len > 0;) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (!bytes_starts(line, OWN_KEY_LINE)) {
			if (line.len > 0 && section.data == NULL)
				section.data = line.data;
			if (line.len > 0)
				section.len = (size_t)(line.data + line.len -
						       section.data);
			continue;
		}
		if (name.len > 0)
			section_read(own, name, section);
		name = bytes_trim(bytes_slice(line, sizeof(OWN_KEY_LINE) - 1,
					      line.len));
		section.data = NULL;
		section.len = 0;
	}
	if (name.len > 0)
		section_read(own, name, section);
	ERR_clear_error();
	return own;
}

void own_bind(struct own *own, struct keys_link *link)
{
	EVP_PKEY *public;
	size_t i;

	for (i = 0; i < own->count; i++) {
		public = X509_get0_pubkey(own->certificates[i]);
		if (public != NULL && own->remote[i] == NULL)
			(void)remote_key_named(link, public, own->keys[i],
					       &own->remote[i]);
	}
}
