/* trust.c - one SSL_CTX with what holds for every session */
#include "agent/dane/trust.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/dane/handshake.h"

struct dane_trust {
	SSL_CTX *context;
	size_t roots;
};

void dane_trust_prepare(void)
{
	(void)OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

static bool context_set(SSL_CTX *context)
{
	(void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET |
				  SSL_OP_NO_RENEGOTIATION |
				  SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_read_ahead(context, 1);	/* fewer system calls */
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY |
			       SSL_MODE_ENABLE_PARTIAL_WRITE |
			       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
			       SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(context, dane_handshake_verify,
					 NULL);
	/* RFC 7671 section 5.1: DANE-EE needs no name. */
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_dane_enable(context) > 0 &&
	       (SSL_CTX_dane_set_flags(context,
				       DANE_FLAG_NO_DANE_EE_NAMECHECKS),
		true);
}

struct dane_trust *dane_trust_new(void)
{
	struct dane_trust *trust = calloc(1, sizeof(*trust));

	if (trust == NULL)
		return NULL;
	trust->context = SSL_CTX_new(TLS_client_method());
	if (trust->context == NULL || !context_set(trust->context)) {
		dane_trust_free(trust);
		trust = NULL;
	}
	ERR_clear_error();
	return trust;
}

void dane_trust_free(struct dane_trust *trust)
{
	if (trust == NULL)
		return;
	SSL_CTX_free(trust->context);
	free(trust);
}

int dane_trust_add(struct dane_trust *trust, struct bytes pem)
{
	X509_STORE *store = SSL_CTX_get_cert_store(trust->context);
	X509 *certificate;
	BIO *from;
	int added = 0;

	if (pem.len > INT_MAX)
		return ERR_LIMIT;
	from = BIO_new_mem_buf(pem.data, (int)pem.len);
	if (from == NULL)
		return ERR_MEMORY;
	while ((certificate = PEM_read_bio_X509(from, NULL, NULL,
						NULL)) != NULL) {
		if (trust->roots >= TRUST_ROOTS_MAX)
			added = ERR_LIMIT;
		else if (X509_STORE_add_cert(store, certificate) == 1)
			added++, trust->roots++;
		X509_free(certificate);
		if (added < 0)
			break;
	}
	BIO_free(from);
	ERR_clear_error();
	return added;
}

size_t dane_trust_count(const struct dane_trust *trust)
{
	return trust->roots;
}

struct ssl_ctx_st *dane_trust_context(const struct dane_trust *trust)
{
	return trust->context;
}
