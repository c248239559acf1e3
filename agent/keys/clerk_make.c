/* clerk_make.c - a certificate by the key itself, or a request for one
 *
 * RFC 5280, RFC 8550 (for e-mail), RFC 9598 (an address beyond ASCII), RFC
 * 2986 (the request).  The key is in the keeper; here is its public half. */
#include <stdlib.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_inside.h"
#include "agent/keys/link.h"
#include "agent/keys/remote_key.h"
#include "agent/mail/address.h"

#define PUBLIC_MAX	2048		/* bytes of a SubjectPublicKeyInfo */
#define SERIAL_SIZE	16
#define NAME_LONGEST	64		/* characters: ub-common-name */
#define CLOCKS_DIFFER	300		/* seconds */
#define DAY		86400
#define OID_UTF8_MAILBOX "1.3.6.1.5.5.7.8.9"

/* What is made, with everything it is made of. */
struct making {
	struct clerk_job *job;
	const char *address, *name;
	struct keys_link *link;
	EVP_PKEY *public, *remote;
	STACK_OF(X509_EXTENSION) *extensions;
};

static EVP_PKEY *public_read(const char *hex)
{
	unsigned char der[PUBLIC_MAX];
	const unsigned char *at = der;
	EVP_PKEY *public;
	size_t len = 0;

	if (hex == NULL ||
	    OPENSSL_hexstr2buf_ex(der, sizeof(der), &len, hex, '\0') != 1)
		return NULL;
	public = d2i_PUBKEY(NULL, &at, (long)len);
	if (public != NULL && at != der + len) {
		EVP_PKEY_free(public);
		public = NULL;
	}
	return public;
}

/* The one address, in its normal form. */
static bool address_take(struct making *making)
{
	struct clerk_job *job = making->job;
	const char *text = value_text(job->args, "address");
	struct mailbox mailbox;

	if (text != NULL && address_parse(job->arena, bytes_of(text),
					  &mailbox) == 0)
		making->address = address_normal(job->arena, &mailbox);
	if (making->address == NULL)
		return clerk_fail(job, "InvalidOption", "The address is none "
				  "that mail can be sent to.");
	making->name = value_text(job->args, "name");
	if (making->name == NULL || making->name[0] == '\0')
		making->name = making->address;
	return true;
}

static bool making_begin(struct making *making, struct clerk_job *job, int fd)
{
	memset(making, 0, sizeof(*making));
	making->job = job;
	making->link = keys_link_new();
	if (making->link == NULL) {
		(void)close(fd);
		return clerk_fail(job, "Failed", "out of memory");
	}
	keys_link_attach(making->link, fd);
	if (!address_take(making))
		return false;
	making->public = public_read(value_text(job->args, "public"));
	if (making->public == NULL ||
	    remote_key_new(making->link, making->public, &making->remote) < 0)
		return clerk_fail(job, "Failed", "The new key could not be "
				  "read; try again.");
	return true;
}

static void making_end(struct making *making)
{
	sk_X509_EXTENSION_pop_free(making->extensions, X509_EXTENSION_free);
	EVP_PKEY_free(making->remote);
	EVP_PKEY_free(making->public);
	keys_link_free(making->link);
	ERR_clear_error();
}

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 128)
			return false;
	return true;
}

/* rfc822Name, or SmtpUTF8Mailbox where that cannot hold it. */
static GENERAL_NAME *address_name(const char *address)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_TYPE *value = NULL;
	ASN1_STRING *text;
	bool ascii = is_ascii(address);

	text = ASN1_STRING_type_new(ascii ? V_ASN1_IA5STRING :
					    V_ASN1_UTF8STRING);
	if (name == NULL || text == NULL ||
	    ASN1_STRING_set(text, address, -1) != 1)
		goto fail;
	if (ascii) {
		GENERAL_NAME_set0_value(name, GEN_EMAIL, text);
		return name;
	}
	value = ASN1_TYPE_new();
	if (value == NULL)
		goto fail;
	ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
	if (GENERAL_NAME_set0_othername(name, OBJ_txt2obj(OID_UTF8_MAILBOX, 1),
					value) == 1)
		return name;
	ASN1_TYPE_free(value);
	text = NULL;
fail:
	ASN1_STRING_free(text);
	GENERAL_NAME_free(name);
	return NULL;
}

static bool extension_add(struct making *making, int nid, int critical,
			  void *value)
{
	return value != NULL &&
	       X509V3_add1_i2d(&making->extensions, nid, value, critical,
			       X509V3_ADD_APPEND) == 1;
}

static bool extension_address(struct making *making)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = address_name(making->address);
	bool added = names != NULL && name != NULL &&
		     sk_GENERAL_NAME_push(names, name) > 0;

	if (!added)
		GENERAL_NAME_free(name);
	added = added && extension_add(making, NID_subject_alt_name, 0, names);
	GENERAL_NAMES_free(names);
	return added;
}

/* Sign, and be encrypted to: RSA carries a key, EC agrees on one. */
static bool extension_usage(struct making *making)
{
	bool rsa = EVP_PKEY_is_a(making->public, "RSA") == 1;
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
	bool added = bits != NULL &&
		     ASN1_BIT_STRING_set_bit(bits, 0, 1) == 1 &&
		     ASN1_BIT_STRING_set_bit(bits, rsa ? 2 : 4, 1) == 1 &&
		     extension_add(making, NID_key_usage, 1, bits);

	ASN1_BIT_STRING_free(bits);
	return added;
}

static bool extension_purpose(struct making *making)
{
	EXTENDED_KEY_USAGE *usage = EXTENDED_KEY_USAGE_new();
	bool added = usage != NULL &&
		     sk_ASN1_OBJECT_push(usage,
					 OBJ_nid2obj(NID_email_protect)) > 0 &&
		     extension_add(making, NID_ext_key_usage, 0, usage);

	EXTENDED_KEY_USAGE_free(usage);
	return added;
}

/* What certificate and request both have. */
static bool extensions_make(struct making *making)
{
	BASIC_CONSTRAINTS *no_authority = BASIC_CONSTRAINTS_new();
	bool made = extension_add(making, NID_basic_constraints, 1,
				  no_authority) &&
		    extension_usage(making) && extension_purpose(making) &&
		    extension_address(making);

	BASIC_CONSTRAINTS_free(no_authority);
	return made;
}

static bool name_set(struct making *making, X509_NAME *name)
{
	if (X509_NAME_add_entry_by_txt(
			name, "CN", MBSTRING_UTF8,
			(const unsigned char *)making->name, -1, -1, 0) == 1)
		return true;
	return clerk_fail(making->job, "InvalidOption", "The name is longer "
			  "than 64 characters; say a shorter one with "
			  "\"--name\".");
}

static bool serial_set(X509 *certificate)
{
	unsigned char bytes[SERIAL_SIZE];
	BIGNUM *number;
	bool set;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	set = number != NULL &&
	      BN_to_ASN1_INTEGER(number,
				 X509_get_serialNumber(certificate)) != NULL;
	BN_free(number);
	return set;
}

/* Which key this is, of the subject and of the issuer, who are one. */
static bool key_names_add(X509 *certificate)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	static const int nids[] = { NID_subject_key_identifier,
				    NID_authority_key_identifier };
	static const char *const words[] = { "hash", "keyid:always" };
	bool added = true;
	size_t i;

	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	for (i = 0; added && i < 2; i++) {
		extension = X509V3_EXT_conf_nid(NULL, &context, nids[i],
						words[i]);
		added = extension != NULL &&
			X509_add_ext(certificate, extension, -1) == 1;
		X509_EXTENSION_free(extension);
	}
	return added;
}

static bool fill(struct making *making, X509 *certificate)
{
	const struct value *days = value_find(making->job->args, "days",
					      VALUE_NUMBER);
	X509_NAME *subject = X509_get_subject_name(certificate);
	int i;

	if (days == NULL || days->number < 1 || days->number > 36500 ||
	    X509_set_version(certificate, X509_VERSION_3) != 1 ||
	    !serial_set(certificate) || !name_set(making, subject) ||
	    X509_set_issuer_name(certificate, subject) != 1 ||
	    X509_gmtime_adj(X509_getm_notBefore(certificate),
			    -CLOCKS_DIFFER) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(certificate),
			     (int)days->number, 0, NULL) == NULL ||
	    X509_set_pubkey(certificate, making->public) != 1 ||
	    !extensions_make(making) || !key_names_add(certificate))
		return false;
	for (i = 0; i < sk_X509_EXTENSION_num(making->extensions); i++)
		if (X509_add_ext(certificate,
				 sk_X509_EXTENSION_value(making->extensions,
							 i), -1) != 1)
			return false;
	return true;
}

/* Whatever could not be signed, in words. */
static void fail_signing(struct making *making)
{
	enum keys_answer answer = KEYS_DONE;

	if (making->remote != NULL)
		answer = remote_key_answer(making->remote);
	(void)clerk_fail(making->job, "Failed", answer == KEYS_DONE ?
			 "The certificate could not be made: out of memory." :
			 answer == KEYS_WRONG_USE ?
			 "The key is for opening mail only; it cannot sign "
			 "for itself." :
			 "The keeper did not sign; try again.");
}

/* With what was written into `pem`; `fine` false: nothing, it failed. */
static void answer(struct making *making, const struct value *dict, BIO *pem,
		   bool fine)
{
	struct clerk_job *job = making->job;
	int fd = fine ? clerk_pem(pem) : -1;

	if (fd < 0) {
		fail_signing(making);
		return;
	}
	job->answers->report(job->id, dict, &fd, 1);
	(void)close(fd);
}

void clerk_certify(struct clerk_job *job, struct frame *frame)
{
	struct value *dict = value_dict(job->arena);
	X509 *certificate = X509_new();
	BIO *pem = BIO_new(BIO_s_mem());
	struct making making;

	answer(&making, dict, pem,
	       making_begin(&making, job, frame_take(frame, 0)) &&
	       certificate != NULL && pem != NULL &&
	       fill(&making, certificate) &&
	       X509_sign(certificate, making.remote, EVP_sha256()) > 0 &&
	       clerk_facts(job, certificate, dict) &&
	       PEM_write_bio_X509(pem, certificate) == 1);
	X509_free(certificate);
	BIO_free(pem);
	making_end(&making);
}

void clerk_request(struct clerk_job *job, struct frame *frame)
{
	struct value *dict = value_dict(job->arena);
	X509_REQ *request = X509_REQ_new();
	BIO *pem = BIO_new(BIO_s_mem());
	struct making making;

	answer(&making, dict, pem,
	       making_begin(&making, job, frame_take(frame, 0)) &&
	       request != NULL && pem != NULL &&
	       X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
	       name_set(&making, X509_REQ_get_subject_name(request)) &&
	       X509_REQ_set_pubkey(request, making.public) == 1 &&
	       extensions_make(&making) &&
	       X509_REQ_add_extensions(request, making.extensions) == 1 &&
	       X509_REQ_sign(request, making.remote, EVP_sha256()) > 0 &&
	       PEM_write_bio_X509_REQ(pem, request) == 1);
	X509_REQ_free(request);
	BIO_free(pem);
	making_end(&making);
}
