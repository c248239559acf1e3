/* clerk_import.c - a key from a file to the keeper, its certificate back */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/descriptor.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_inside.h"
#include "agent/keys/clerk_key.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/keyfile.h"
#include "agent/keys/remote_key.h"

static bool file_take(struct clerk_job *job, int fd)
{
	ssize_t got;

	job->file = OPENSSL_malloc(CLERK_FILE_MAX + 1);
	if (job->file == NULL)
		return clerk_fail(job, "Failed", "out of memory");
	got = descriptor_read(fd, job->file, CLERK_FILE_MAX + 1, 0);
	if (got < 0)
		return clerk_fail(job, "Unreadable", "The file cannot be "
				  "read.");
	job->file_len = (size_t)got;
	if (job->file_len > CLERK_FILE_MAX)
		return clerk_fail(job, "Unreadable", "The file is larger than "
				  "256 kB; keys and their certificates are "
				  "not.");
	job->file[job->file_len] = '\0';
	return true;
}

/* Its certificate to the end of `chain`. */
static bool own_find(struct clerk_job *job, STACK_OF(X509) *chain)
{
	X509 *certificate;
	int i;

	for (i = 0; i < sk_X509_num(job->certificates); i++) {
		certificate = sk_X509_value(job->certificates, i);
		if (EVP_PKEY_eq(X509_get0_pubkey(certificate), job->key) != 1)
			continue;
		(void)sk_X509_delete(job->certificates, i);
		if (sk_X509_push(chain, certificate) > 0)
			return true;
		X509_free(certificate);
		return clerk_fail(job, "Failed", "out of memory");
	}
	return clerk_fail(job, "Unreadable", "No certificate in the file "
			  "belongs to the private key in it.");
}

/* Those that may have issued it to the end of `chain`. */
static void issuers_find(struct clerk_job *job, STACK_OF(X509) *chain,
			 X509 *issued)
{
	X509 *certificate;
	int i = 0;

	while (i < sk_X509_num(job->certificates)) {
		certificate = sk_X509_value(job->certificates, i);
		if (X509_check_issued(certificate, issued) == X509_V_OK &&
		    sk_X509_push(chain, certificate) > 0)
			(void)sk_X509_delete(job->certificates, i);
		else
			i++;
	}
}

/* The key's certificate and those up to its authority; what belongs to other
 * keys in the file does not go out with each signature of this one. */
static bool certificate_find(struct clerk_job *job)
{
	STACK_OF(X509) *chain;
	int i;

	if (sk_X509_num(job->certificates) == 0)
		return true;
	chain = sk_X509_new_null();
	if (chain == NULL)
		return clerk_fail(job, "Failed", "out of memory");
	if (own_find(job, chain))
		for (i = 0; i < sk_X509_num(chain); i++)
			issuers_find(job, chain, sk_X509_value(chain, i));
	sk_X509_pop_free(job->certificates, X509_free);
	job->certificates = chain;
	return job->error == NULL;
}

static bool usage_find(struct clerk_job *job, uint8_t *usage)
{
	*usage = KEYS_FOR_SIGNING | KEYS_FOR_OPENING;
	if (sk_X509_num(job->certificates) > 0)
		*usage = (uint8_t)clerk_usage(sk_X509_value(job->certificates,
							    0));
	if (*usage != 0)
		return true;
	return clerk_fail(job, "UnsupportedKey", "The certificate allows its "
			  "key neither to sign nor to open mail.");
}

/* To the keeper, over the socket that only the two of us have. */
static bool key_send(struct clerk_job *job, int keeper)
{
	struct clerk_key *room = OPENSSL_secure_zalloc(sizeof(*room));
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(job->key);
	unsigned char *at;
	struct iovec part;
	struct msghdr message;
	bool sent = false;
	int len = -1;

	if (room != NULL && info != NULL)
		len = i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
	if (len > 0 && len <= CLERK_KEY_MAX && usage_find(job, &room->usage)) {
		at = room->der;
		room->version = CLERK_KEY_VERSION;
		room->len = (uint16_t)i2d_PKCS8_PRIV_KEY_INFO(info, &at);
		memset(&message, 0, sizeof(message));
		part.iov_base = room;
		part.iov_len = offsetof(struct clerk_key, der) + room->len;
		message.msg_iov = &part;
		message.msg_iovlen = 1;
		sent = sendmsg(keeper, &message, MSG_NOSIGNAL) ==
		       (ssize_t)part.iov_len;
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	OPENSSL_secure_clear_free(room, sizeof(*room));
	if (!sent)
		(void)clerk_fail(job, "Failed", "The key could not be handed "
				 "to the keeper; try again.");
	return sent;
}

static void report(struct clerk_job *job)
{
	struct value *dict = value_dict(job->arena);
	BIO *pem = BIO_new(BIO_s_mem());
	int fd = -1, i, count = sk_X509_num(job->certificates);
	bool fine = pem != NULL;

	if (count > 0)
		fine = clerk_facts(job, sk_X509_value(job->certificates, 0),
				   dict);
	if (job->left > 0)
		value_put_number(job->arena, dict, "left", job->left);
	for (i = 0; fine && i < count; i++)
		fine = PEM_write_bio_X509(pem, sk_X509_value(
						job->certificates, i)) == 1;
	if (fine && count > 0)
		fd = clerk_pem(pem);
	if (!fine || (count > 0 && fd < 0))
		(void)clerk_fail(job, "Failed", "out of memory");
	else
		job->answers->report(job->id, dict, &fd, count > 0 ? 1 : 0);
	if (fd >= 0)
		(void)close(fd);
	BIO_free(pem);
}

void clerk_import(struct clerk_job *job, struct frame *frame)
{
	const struct value *nth = value_find(job->args, "nth", VALUE_NUMBER);
	int keeper = frame_take(frame, 2);

	job->nth = nth == NULL || nth->number < 1 ? 1 :
		   nth->number > UINT16_MAX ? UINT16_MAX :
		   (unsigned)nth->number;
	job->pinentry_fd = frame_take(frame, 1);
	job->certificates = sk_X509_new_null();
	if (job->certificates == NULL)
		(void)clerk_fail(job, "Failed", "out of memory");
	else if (file_take(job, frame->fds[0]))
		(void)clerk_read(job);
	if (job->error == NULL && job->key != NULL &&
	    keyfile_accepts(job->key) < 0)
		(void)clerk_fail(job, "UnsupportedKey", "The key is neither "
				 "RSA of 2048 to 8192 bits nor P-256 or "
				 "P-384.");
	if (job->error == NULL && job->key != NULL && certificate_find(job))
		(void)key_send(job, keeper);
	(void)close(keeper);
	if (job->error == NULL)
		report(job);
	pinentry_free(job->pinentry);
	if (job->pinentry_fd >= 0)
		(void)close(job->pinentry_fd);
	OPENSSL_clear_free(job->file, CLERK_FILE_MAX + 1);
	EVP_PKEY_free(job->key);
	sk_X509_pop_free(job->certificates, X509_free);
}
