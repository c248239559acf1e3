/* link.c - reading and writing with a deadline */
#include "agent/dane/link.h"

#include <limits.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/dane/dial.h"
#include "agent/dane/link_new.h"

#define EXPORTER_LABEL	"EXPORTER-Channel-Binding"	/* RFC 9266 */
#define EXPORTER_BYTES	32

struct dane_link {
	int fd;
	SSL *ssl;
	int cancel_fd;
	bool broken;		/* no goodbye any more */
};

struct dane_link *dane_link_new(int fd, struct ssl_st *ssl, int cancel_fd)
{
	struct dane_link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		return NULL;
	link->fd = fd;
	link->ssl = ssl;
	link->cancel_fd = cancel_fd;
	return link;
}

/* Waits for what OpenSSL wants; 1: the session was ended properly; else an
 * error, or 0: try again. */
static int link_wait(struct dane_link *link, int result, int64_t deadline)
{
	struct dial_patience patience = { deadline, link->cancel_fd };
	int r = ERR_GONE;

	switch (SSL_get_error(link->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		r = dial_wait(link->fd, POLLIN, &patience);
		break;
	case SSL_ERROR_WANT_WRITE:
		r = dial_wait(link->fd, POLLOUT, &patience);
		break;
	case SSL_ERROR_ZERO_RETURN:
		r = 1;
		break;
	default:
		break;
	}
	link->broken = link->broken || r < 0;
	return r;
}

/* A server that waits for our delayed ACK (Nagle) costs 40 ms a turn. */
static void ack_quickly(const struct dane_link *link)
{
	int one = 1;

	(void)setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &one,
			 sizeof(one));
}

int dane_link_read(struct dane_link *link, void *room, size_t size,
		   int64_t deadline)
{
	int got, r;

	if (link->broken)
		return ERR_GONE;
	if (size > INT_MAX)
		size = INT_MAX;
	for (;;) {
		ack_quickly(link);
		ERR_clear_error();
		got = SSL_read(link->ssl, room, (int)size);
		if (got > 0)
			return got;
		r = link_wait(link, got, deadline);
		if (r != 0)
			return r < 0 ? r : 0;
	}
}

int dane_link_write(struct dane_link *link, struct bytes bytes,
		    int64_t deadline)
{
	int sent, r;

	while (bytes.len > 0) {
		if (link->broken)
			return ERR_GONE;
		ERR_clear_error();
		sent = SSL_write(link->ssl, bytes.data, bytes.len > INT_MAX ?
				 INT_MAX : (int)bytes.len);
		if (sent > 0) {
			bytes = bytes_slice(bytes, (size_t)sent, bytes.len);
			continue;
		}
		r = link_wait(link, sent, deadline);
		if (r != 0)
			return r < 0 ? r : ERR_GONE;
	}
	return 0;
}

bool dane_link_has_input(const struct dane_link *link)
{
	return SSL_pending(link->ssl) > 0;
}

static size_t binding_exporter(SSL *ssl, unsigned char *out)
{
	/* RFC 9266 section 4.2: TLS 1.2 only with RFC 7627. */
	if (SSL_version(ssl) < TLS1_3_VERSION &&
	    SSL_get_extms_support(ssl) != 1)
		return 0;
	return SSL_export_keying_material(ssl, out, EXPORTER_BYTES,
					  EXPORTER_LABEL,
					  sizeof(EXPORTER_LABEL) - 1, NULL, 0,
					  0) == 1 ? EXPORTER_BYTES : 0;
}

/* RFC 5929 section 4.1: the digest of the certificate's signature, SHA-256
 * for MD5 and SHA-1; none where the signature has no digest of its own. */
static size_t binding_end_point(SSL *ssl, unsigned char *out)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	const EVP_MD *md = NULL;
	unsigned length = 0;
	int digest;

	if (certificate == NULL ||
	    X509_get_signature_info(certificate, &digest, NULL, NULL,
				    NULL) != 1)
		return 0;
	if (digest == NID_md5 || digest == NID_sha1)
		md = EVP_sha256();
	else if (digest != NID_undef)
		md = EVP_get_digestbynid(digest);
	if (md == NULL || EVP_MD_get_size(md) > LINK_BINDING_MAX ||
	    X509_digest(certificate, md, out, &length) != 1)
		return 0;
	return length;
}

size_t dane_link_binding(const struct dane_link *link, enum dane_binding kind,
			 unsigned char out[LINK_BINDING_MAX])
{
	size_t length = kind == DANE_BINDING_EXPORTER ?
			binding_exporter(link->ssl, out) :
			binding_end_point(link->ssl, out);

	ERR_clear_error();
	return length;
}

void dane_link_free(struct dane_link *link)
{
	if (link == NULL)
		return;
	ERR_clear_error();
	if (!link->broken)
		(void)SSL_shutdown(link->ssl);
	SSL_free(link->ssl);
	(void)close(link->fd);
	ERR_clear_error();
	free(link);
}
