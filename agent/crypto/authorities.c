/* authorities.c - a descriptor at first, a store of certificates later */
#include "agent/crypto/authorities.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/memfile.h"

#define PEM_MAX		(16 * 1024 * 1024)	/* octets of all files */
#define CERTIFICATES_MAX 2000

struct authorities {
	pthread_mutex_t lock;
	int fd;				/* not read yet; -1 */
	X509_STORE *store;		/* NULL: not made yet */
};

struct authorities *authorities_new(void)
{
	struct authorities *authorities = calloc(1, sizeof(*authorities));

	if (authorities == NULL)
		return NULL;
	(void)pthread_mutex_init(&authorities->lock, NULL);
	authorities->fd = -1;
	return authorities;
}

void authorities_free(struct authorities *authorities)
{
	if (authorities == NULL)
		return;
	if (authorities->fd >= 0)
		(void)close(authorities->fd);
	X509_STORE_free(authorities->store);
	(void)pthread_mutex_destroy(&authorities->lock);
	free(authorities);
}

void authorities_take(struct authorities *authorities, int fd)
{
	(void)pthread_mutex_lock(&authorities->lock);
	if (authorities->fd >= 0)
		(void)close(authorities->fd);
	authorities->fd = fd;
	(void)pthread_mutex_unlock(&authorities->lock);
}

static X509_STORE *store_read(int fd)
{
	X509_STORE *store = X509_STORE_new();
	struct memfile file;
	unsigned count = 0;
	BIO *bio = NULL;
	X509 *x509;

	if (store == NULL || memfile_open(fd, PEM_MAX, &file) < 0) {
		X509_STORE_free(store);
		return NULL;
	}
	if (file.bytes.len > 0 && file.bytes.len <= PEM_MAX)
		bio = BIO_new_mem_buf(file.bytes.data, (int)file.bytes.len);
	while (bio != NULL && count++ < CERTIFICATES_MAX &&
	       (x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		(void)X509_STORE_add_cert(store, x509);
		X509_free(x509);
	}
	BIO_free(bio);
	memfile_close(&file);
	ERR_clear_error();
	return store;
}

X509_STORE *authorities_store(struct authorities *authorities)
{
	X509_STORE *store;

	(void)pthread_mutex_lock(&authorities->lock);
	if (authorities->store == NULL && authorities->fd >= 0) {
		authorities->store = store_read(authorities->fd);
		authorities->fd = -1;		/* handed over */
	}
	store = authorities->store;
	(void)pthread_mutex_unlock(&authorities->lock);
	return store;
}
