/* clerk_read.c - what is in the file: PEM, PKCS #12, or one certificate */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "agent/keys/clerk_inside.h"

#define DAMAGED		"The file is neither PEM nor PKCS #12 nor a " \
			"certificate, or it is damaged."
#define NO_SUCH_KEY	"There is no private key of that number in the file."
#define BAD_KEY		"The private key in the file is damaged, or of a " \
			"kind that is not known here."

/* Of `count` private keys in the file; a file without any has its first. */
static bool nth_is_there(struct clerk_job *job, unsigned count)
{
	if (count > CLERK_KEYS_MAX)
		return clerk_fail(job, "Unreadable", "There are more than 64 "
				  "private keys in the file; split it.");
	if (job->nth > 1 && job->nth > count)
		return clerk_fail(job, "InvalidOption", NO_SUCH_KEY);
	job->left = count > 1 ? count - 1 : 0;
	return true;
}

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

/* What a PEM file has. */
struct blocks {
	unsigned keys;
	struct bytes key;		/* the nth one, alone; of the file */
};

static size_t read_up_to(const struct clerk_job *job, BIO *from)
{
	return job->file_len - (size_t)BIO_ctrl_pending(from);
}

/* The key is looked for in its own block alone: OpenSSL would pass over one
 * that it cannot read and take the next. */
static bool block_take(struct clerk_job *job, struct blocks *blocks,
		       const char *name, struct bytes block, struct bytes der)
{
	if (strstr(name, "PRIVATE KEY") != NULL) {
		if (++blocks->keys == job->nth)
			blocks->key = block;
		return true;
	}
	if (strcmp(name, PEM_STRING_X509) == 0 ||
	    strcmp(name, PEM_STRING_X509_OLD) == 0 ||
	    strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
		return block_certificate(job, name, der.data, (long)der.len);
	return true;
}

/* Takes the certificates, counts the keys.  False: it failed. */
static bool blocks_read(struct clerk_job *job, struct blocks *blocks)
{
	BIO *from = BIO_new_mem_buf(job->file, (int)job->file_len);
	unsigned char *der;
	char *name, *head;
	bool fine = from != NULL;
	size_t begin = 0, end;
	long len;

	memset(blocks, 0, sizeof(*blocks));
	if (!fine)
		return clerk_fail(job, "Failed", "out of memory");
	while (fine && PEM_read_bio(from, &name, &head, &der, &len) == 1) {
		end = read_up_to(job, from);
		fine = block_take(job, blocks, name,
				  (struct bytes){ job->file + begin,
						  end - begin },
				  (struct bytes){ der, (size_t)len });
		begin = end;
		OPENSSL_free(name);
		OPENSSL_free(head);
		OPENSSL_clear_free(der, (size_t)len);
	}
	if (fine && ERR_GET_REASON(ERR_peek_last_error()) !=
		    PEM_R_NO_START_LINE)
		fine = clerk_fail(job, "Unreadable", "A part of the file, "
				  "between BEGIN and END, is damaged.");
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

static bool pem_key_read(struct clerk_job *job, struct bytes block)
{
	struct question question = { job, CLERK_FIRST, false };
	BIO *from;

	while (job->key == NULL && job->error == NULL) {
		question.asked = false;
		from = BIO_new_mem_buf(block.data, (int)block.len);
		if (from == NULL)
			return clerk_fail(job, "Failed", "out of memory");
		job->key = PEM_read_bio_PrivateKey(from, NULL, passphrase_give,
						   &question);
		BIO_free(from);
		ERR_clear_error();
		if (job->key == NULL && !question.asked)
			return clerk_fail(job, "Unreadable", BAD_KEY);
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

	if (!nth_is_there(job, count))
		return false;
	if (job->nth == 1)
		return true;
	EVP_PKEY_free(job->key);
	job->key = key;
	return key != NULL || clerk_fail(job, "Unreadable", BAD_KEY);
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
	return certificate_add(job, certificate) && nth_is_there(job, 0);
}

bool clerk_read(struct clerk_job *job)
{
	struct blocks blocks;

	if (strstr((const char *)job->file, "-----BEGIN PGP ") != NULL)
		return clerk_fail(job, "Unreadable", "The file is for OpenPGP; "
				  "\"gpg --import\" takes it.");
	if (!blocks_read(job, &blocks))
		return false;
	if (blocks.keys == 0 && sk_X509_num(job->certificates) == 0)
		return der_read(job);
	if (!nth_is_there(job, blocks.keys))
		return false;
	return blocks.keys == 0 || pem_key_read(job, blocks.key);
}
