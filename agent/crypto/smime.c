/* smime.c - the table, and what its functions share */
#include "agent/crypto/smime.h"

#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/cms_walk.h"
#include "agent/crypto/smime_step.h"

#define WHY_MAX	512

void smime_prepare(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
				  OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
				  OPENSSL_INIT_ADD_ALL_CIPHERS |
				  OPENSSL_INIT_ADD_ALL_DIGESTS, NULL);
}

int smime_own_read(const struct smime_world *world, struct arena *arena,
		   size_t nth, struct certificate *out)
{
	if (world->own_facts == NULL)
		return certificate_read(arena, world->own[nth], out);
	*out = world->own_facts[nth];
	return 0;
}

static bool ends_in(const char *name, const char *with)
{
	size_t a = name == NULL ? 0 : strlen(name), b = strlen(with), i;

	if (a < b)
		return false;
	for (i = 0; i < b; i++)
		if (byte_lower((unsigned char)name[a - b + i]) !=
		    (unsigned char)with[i])
			return false;
	return true;
}

static bool is_one_of(const char *text, const char *a, const char *b)
{
	return text != NULL && (strcasecmp(text, a) == 0 ||
				strcasecmp(text, b) == 0);
}

/* RFC 8551 section 3.2 and 3.5; the types of the time before it, and bare
 * octets by the name of their file (section 3.9). */
static enum seal_kind knows(const struct seal_type *type)
{
	if (type->type == NULL)
		return SEAL_KIND_NONE;
	if (strcmp(type->type, "multipart/signed") == 0)
		return is_one_of(type->protocol,
				 "application/pkcs7-signature",
				 "application/x-pkcs7-signature") ?
		       SEAL_KIND_DETACHED : SEAL_KIND_NONE;
	if (is_one_of(type->type, "application/pkcs7-mime",
		      "application/x-pkcs7-mime"))
		return is_one_of(type->smime_type, "certs-only",
				 "certs-only") ||
		       (type->smime_type == NULL &&
			ends_in(type->name, ".p7c")) ?
		       SEAL_KIND_NONE : SEAL_KIND_ENVELOPE;
	if (strcmp(type->type, "application/octet-stream") == 0 &&
	    ends_in(type->name, ".p7m"))
		return SEAL_KIND_ENVELOPE;
	return SEAL_KIND_NONE;
}

struct CMS_ContentInfo_st *smime_frame(const struct cms_walk *walk)
{
	CMS_ContentInfo *out = NULL;
	const unsigned char *at;
	struct buf frame;

	buf_init(&frame, CMS_WALK_FRAME_MAX + 64);
	if (cms_walk_frame(walk, &frame) == 0) {
		at = frame.data;
		out = d2i_CMS_ContentInfo(NULL, &at, (long)frame.len);
	}
	buf_free(&frame);
	ERR_clear_error();
	return out;
}

bool smime_is_data(const struct cms_walk_name *name)
{
	static const unsigned char data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
					      0x0d, 0x01, 0x07, 0x01 };

	return name->len == sizeof(data) &&
	       memcmp(name->octets, data, sizeof(data)) == 0;
}

int smime_fail(struct seal_job *job, int error, const char *format, ...)
{
	char text[WHY_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (job->why != NULL) {
		buf_clear(job->why);
		buf_text(job->why, text);
	}
	return error;
}

int smime_in_time(struct seal_job *job)
{
	struct pollfd gone = { job->cancel == NULL ? -1 : *job->cancel,
			       POLLIN, 0 };

	/* Whoever waited no longer does may take the time away. */
	if (clock_now_ms() < __atomic_load_n(&job->deadline,
					     __ATOMIC_RELAXED) &&
	    (gone.fd < 0 || poll(&gone, 1, 0) <= 0))
		return 0;
	return smime_fail(job, ERR_TIMEOUT, "It took longer than one message "
			  "may take");
}

/* RFC 8551 section 3.3 and 3.4: by the object's own name. */
static const char *blob_type(struct bytes start)
{
	static const unsigned char auth[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
					      0x0d, 0x01, 0x09, 0x10, 0x01,
					      0x17 };

	start = bytes_slice(start, 0, 32);
	return start.len > 0 && memmem(start.data, start.len, auth,
				       sizeof(auth)) != NULL ?
	       "application/pkcs7-mime; smime-type=authEnveloped-data;\r\n"
	       " name=\"smime.p7m\"" :
	       "application/pkcs7-mime; smime-type=enveloped-data;\r\n"
	       " name=\"smime.p7m\"";
}

const struct scheme scheme_smime = {
	"S/MIME", "smime",
	"application/pkcs7-signature; name=\"smime.p7s\"",
	"application/pkcs7-signature", "",
	false, NULL, NULL, blob_type,
	knows, smime_sign, smime_sign_start, smime_sign_more, smime_sign_end,
	smime_sign_free, smime_verify, smime_encrypt, smime_open
};
