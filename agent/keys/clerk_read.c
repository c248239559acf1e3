/* clerk_read.c - what is in the file: PEM, PKCS #12, or one certificate */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "agent/keys/clerk_inside.h"

#define DAMAGED		"The file is neither PEM nor PKCS #12 nor a " \
			"certificate, or it is damaged."
#define NO_SUCH_KEY	"There is no private key of that number in the file."

static bool certificate_add(struct clerk_job *job, X509 *certificate)
{
	if (certificate == NULL)
		return clerk_fail(job, "Unreadable", "A certificate in the "
				  "file is damaged.");
	if (sk_X509_num(job->certificates) < CLERK_CERTIFICATES_MAX &&
	    sk_X509_push(job->certificates, certificate) > 0)
		return true;
	X509_free(certificate);
	return clerk_fail(job, "Unreadable", "There are too many certificates "
			  "in the file.");
}

/* One PEM block that is a certificate. */
static bool block_certificate(struct clerk_job *job, const char *name,
			      const unsigned char *der, long len)
{
	const unsigned char *at = der;

	if (strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
		return certificate_add(job, d2i_X509_AUX(NULL, &at, len));
	return certificate_add(job, d2i_X509(NULL, &at, len));
}

/* Takes the certificates, counts the keys.  False: it failed. */
static bool blocks_read(struct clerk_job *job, unsigned *keys)
{
	BIO *from = BIO_new_mem_buf(job->file, (int)job->file_len);
	unsigned char *der;
	char *name, *head;
	bool fine = from != NULL;
	long len;

	*keys = 0;
	while (fine && PEM_read_bio(from, &name, &head, &der, &len) == 1) {
		if (strstr(name, "PRIVATE KEY") != NULL)
			(*keys)++;
		else if (strcmp(name, PEM_STRING_X509) == 0 ||
			 strcmp(name, PEM_STRING_X509_OLD) == 0 ||
			 strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
			fine = block_certificate(job, name, der, len);
		OPENSSL_free(name);
		OPENSSL_free(head);
		OPENSSL_clear_free(der, (size_t)len);
	}
	BIO_free(from);
	ERR_clear_error();
	return fine;
}

/* OpenSSL's question for a passphrase. */
struct question {
	struct clerk_job *job;
	enum clerk_turn turn;
	bool asked;
};

static int passphrase_give(char *to, int room, int writing, void *ctx)
{
	struct question *question = ctx;
	struct bytes secret;

	(void)writing;
	question->asked = true;
	if (!clerk_ask(question->job, question->turn, &secret) ||
	    secret.len > (size_t)room)
		return -1;
	memcpy(to, secret.data, secret.len);
	return (int)secret.len;
}

static bool pem_key_read(struct clerk_job *job)
{
	struct question question = { job, CLERK_FIRST, false };
	BIO *from;

	while (job->key == NULL && job->error == NULL) {
		question.asked = false;
		from = BIO_new_mem_buf(job->file, (int)job->file_len);
		if (from == NULL)
			return clerk_fail(job, "Failed", "out of memory");
		job->key = PEM_read_bio_PrivateKey(from, NULL, passphrase_give,
						   &question);
		BIO_free(from);
		ERR_clear_error();
		if (job->key == NULL && !question.asked)
			return clerk_fail(job, "Unreadable", "The private key "
					  "in the file is damaged, or of a "
					  "kind that is not known here.");
		question.turn = CLERK_AGAIN;
	}
	return job->key != NULL;
}

/* Whether one of these words opens it without asking: most programs write a
 * file without a passphrase in one of the two ways. */
static const char *pkcs12_open_word(PKCS12 *p12)
{
	if (PKCS12_verify_mac(p12, NULL, 0) == 1)
		return NULL;
	return "";
}

/* OpenSSL took the first one. */
static bool nth_take(struct clerk_job *job, const PKCS12 *p12,
		     const char *word)
{
	EVP_PKEY *key;
	unsigned count = clerk_bags(p12, word, job->nth > 1 ? job->nth : 0,
				    &key);

	if (job->nth > 1 && job->nth > count)
		return clerk_fail(job, "InvalidOption", NO_SUCH_KEY);
	job->left = count > 1 ? count - 1 : 0;
	if (job->nth == 1)
		return true;
	EVP_PKEY_free(job->key);
	job->key = key;
	return key != NULL || clerk_fail(job, "Unreadable", "The private key "
					 "of that number is damaged, or of a "
					 "kind that is not known here.");
}

static bool pkcs12_parse(struct clerk_job *job, PKCS12 *p12, const char *word)
{
	STACK_OF(X509) *others = NULL;
	X509 *own = NULL;
	unsigned long why;
	bool fine;

	ERR_clear_error();
	fine = PKCS12_parse(p12, word, &job->key, &own, &others) == 1;
	why = ERR_peek_last_error();
	if (fine && own != NULL)
		fine = certificate_add(job, own);
	while (fine && sk_X509_num(others) > 0)
		fine = certificate_add(job, sk_X509_shift(others));
	sk_X509_pop_free(others, X509_free);
	ERR_clear_error();
	if (fine)
		fine = nth_take(job, p12, word);
	if (fine || job->error != NULL)
		return fine;
	if (ERR_GET_REASON(why) == ERR_R_UNSUPPORTED ||
	    ERR_GET_REASON(why) == EVP_R_UNSUPPORTED_ALGORITHM)
		return clerk_fail(job, "Unreadable", "The file is protected "
				  "with an algorithm that is not supported "
				  "here; export it again, with AES.");
	return clerk_fail(job, "Unreadable", DAMAGED);
}

static bool pkcs12_read(struct clerk_job *job, PKCS12 *p12)
{
	enum clerk_turn turn = CLERK_FIRST;
	struct bytes secret;
	char *word;
	bool fine;

	if (PKCS12_verify_mac(p12, NULL, 0) == 1 ||
	    PKCS12_verify_mac(p12, "", 0) == 1)
		return pkcs12_parse(job, p12, pkcs12_open_word(p12));
	if (PKCS12_mac_present(p12) != 1)
		return clerk_fail(job, "Unreadable", "The file has no check "
				  "value (MAC); it is not believed.");
	while (clerk_ask(job, turn, &secret)) {
		turn = CLERK_AGAIN;
		if (PKCS12_verify_mac(p12, (const char *)secret.data,
				      (int)secret.len) != 1)
			continue;
		word = OPENSSL_secure_zalloc(secret.len + 1);
		if (word == NULL)
			return clerk_fail(job, "Failed", "out of memory");
		memcpy(word, secret.data, secret.len);
		fine = pkcs12_parse(job, p12, word);
		OPENSSL_secure_clear_free(word, secret.len + 1);
		return fine;
	}
	return false;
}

static bool der_read(struct clerk_job *job)
{
	const unsigned char *at = job->file;
	PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)job->file_len);
	X509 *certificate;
	bool fine;

	if (p12 != NULL) {
		fine = pkcs12_read(job, p12);
		PKCS12_free(p12);
		return fine;
	}
	at = job->file;
	certificate = d2i_X509(NULL, &at, (long)job->file_len);
	ERR_clear_error();
	if (certificate == NULL)
		return clerk_fail(job, "Unreadable", DAMAGED);
	if (job->nth > 1) {
		X509_free(certificate);
		return clerk_fail(job, "InvalidOption", NO_SUCH_KEY);
	}
	return certificate_add(job, certificate);
}

bool clerk_read(struct clerk_job *job)
{
	unsigned keys;

	if (!blocks_read(job, &keys))
		return clerk_fail(job, "Failed", "out of memory");
	if (keys > 1)
		return clerk_fail(job, "SeveralKeys", "There are several "
				  "private keys in the file; import each from "
				  "a file of its own.");
	if (job->nth > 1 && (keys == 1 ||
			     sk_X509_num(job->certificates) > 0))
		return clerk_fail(job, "InvalidOption", NO_SUCH_KEY);
	if (keys == 1)
		return pem_key_read(job);
	if (sk_X509_num(job->certificates) > 0)
		return true;
	return der_read(job);
}
