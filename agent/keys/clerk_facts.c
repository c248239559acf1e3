/* clerk_facts.c - what a certificate says, for those who do not read it */
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "agent/base/arena.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/crypto/certificate.h"
#include "agent/keys/clerk_inside.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/remote_key.h"

unsigned clerk_usage(X509 *certificate)
{
	uint32_t bits = X509_get_key_usage(certificate);
	unsigned usage = 0;

	/* Without the extension every bit is set. */
	if ((bits & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0)
		usage |= KEYS_FOR_SIGNING;
	if ((bits & (KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)) != 0)
		usage |= KEYS_FOR_OPENING;
	return usage;
}

bool clerk_facts(struct clerk_job *job, X509 *certificate, struct value *dict)
{
	struct arena *arena = job->arena;
	EVP_PKEY *public = X509_get0_pubkey(certificate);
	unsigned usage = clerk_usage(certificate);
	struct certificate facts;
	char hex[KEEPER_HEX_SIZE];
	uint8_t id[KEYS_ID_SIZE];
	struct value *list;
	size_t i;

	if (public == NULL || remote_key_id(public, id) < 0 ||
	    certificate_read(arena, certificate, &facts) < 0)
		return clerk_fail(job, "Unreadable", "A certificate in the "
				  "file is damaged.");
	keeper_hex(id, sizeof(id), hex);
	value_put_text(arena, dict, "key", hex);
	value_put_text(arena, dict, "certificate", facts.fingerprint);
	list = value_put_list(arena, dict, "addresses");
	for (i = 0; i < facts.address_count; i++)
		value_put_text(arena, list, NULL, facts.addresses[i]);
	value_put_text(arena, dict, "name", facts.name);
	value_put_text(arena, dict, "issuer", facts.issuer);
	value_put_text(arena, dict, "algorithm", facts.algorithm);
	value_put_number(arena, dict, "bits", facts.key_bits);
	value_put_number(arena, dict, "from", facts.from);
	value_put_number(arena, dict, "until", facts.until);
	value_put_truth(arena, dict, "self_signed",
			(X509_get_extension_flags(certificate) &
			 EXFLAG_SI) != 0);
	list = value_put_list(arena, dict, "usage");
	if ((usage & KEYS_FOR_SIGNING) != 0)
		value_put_text(arena, list, NULL, "sign");
	if ((usage & KEYS_FOR_OPENING) != 0)
		value_put_text(arena, list, NULL, "open");
	return true;
}

int clerk_pem(BIO *from)
{
	char *text = NULL;
	long len = BIO_get_mem_data(from, &text);
	struct bytes bytes = { (unsigned char *)text, 0 };

	if (len > 0)
		bytes.len = (size_t)len;
	return memfile_make("certificate", bytes);
}
