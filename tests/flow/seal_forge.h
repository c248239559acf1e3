/* seal_forge.h - sealed entities as text, to build attacks out of */
#ifndef MAILSEAL_TEST_SEAL_FORGE_H
#define MAILSEAL_TEST_SEAL_FORGE_H

#include "agent/mail/mime_code.h"
#include "tests/flow/seal_desk.h"

#define FORGE_TEXT	"Content-Type: text/plain\r\n\r\nPay Bob.\r\n"

/* Octets in base64. */
static inline const char *forge_base64(struct bytes octets)
{
	struct buf out;
	struct sink to = sink_of_buf(&out), in;
	struct mime_writer *writer;
	const char *text;

	buf_init(&out, DESK_OUT_MAX);
	writer = mime_writer_new(&to, MIME_TO_BASE64);
	in = mime_writer_sink(writer);
	(void)in.write(in.ctx, octets);
	(void)mime_writer_end(writer);
	mime_writer_free(writer);
	text = arena_print(desk.arena, "%s", buf_string(&out));
	buf_free(&out);
	return text;
}

static inline const char *forge_cms(CMS_ContentInfo *cms)
{
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	return forge_base64(buf_bytes(&desk.blob));
}

/* A signature by `who` over `text`, base64; flags of CMS_sign(). */
static inline const char *forge_signature(const struct lab_identity *who,
					  const char *text, unsigned flags)
{
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms = CMS_sign(who->certificate, who->key, NULL, in,
					flags);
	const char *out = forge_cms(cms);

	BIO_free(in);
	return out;
}

/* A multipart/signed of any two texts. */
static inline const char *forge_signed(const char *text,
				       const char *signature)
{
	return arena_print(desk.arena,
		"Content-Type: multipart/signed; micalg=sha-256;\r\n"
		" protocol=\"application/pkcs7-signature\"; boundary=sig\r\n"
		"\r\n--sig\r\n%s\r\n--sig\r\n"
		"Content-Type: application/pkcs7-signature; name=smime.p7s"
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--sig--\r\n",
		text, signature);
}

/* Alice's own, genuine. */
static inline const char *forge_genuine(void)
{
	return forge_signed(FORGE_TEXT, forge_signature(&desk.alice,
		FORGE_TEXT, CMS_DETACHED | CMS_BINARY));
}

static inline const char *forge_opaque(const struct lab_identity *who,
				       const char *text)
{
	return arena_print(desk.arena,
		"Content-Type: application/pkcs7-mime; "
		"smime-type=signed-data; name=smime.p7m\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s",
		forge_signature(who, text, CMS_BINARY));
}

/* Encrypted to Bob by anybody. */
static inline const char *forge_encrypted(const char *text,
					  const EVP_CIPHER *cipher)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms;
	const char *out;

	(void)sk_X509_push(list, desk.bob.certificate);
	cms = CMS_encrypt(list, in, cipher, CMS_BINARY);
	out = arena_print(desk.arena,
		"Content-Type: application/pkcs7-mime; "
		"smime-type=enveloped-data; name=smime.p7m\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s",
		forge_cms(cms));
	sk_X509_free(list);
	BIO_free(in);
	return out;
}

/* A message of any header and an entity; opened. */
static inline int forge_read(const char *head, const char *entity)
{
	return seal_read(bytes_of(arena_print(desk.arena, "%s%s", head,
					      entity)));
}

#endif
