/* handshake.c - SSL_dane_* with every trap of it */
#include "agent/dane/handshake.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/dane/dial.h"
#include "agent/dane/trust.h"

/* RFC 9525 section 2: only subjectAltName counts, no f*.example.  A trust
 * anchor of DANE may still vouch for a common name (RFC 7672 section 3.2.3). */
#define DANE_NAMES	X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
#define PKIX_NAMES	(DANE_NAMES | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)

/* The public PKI beside DANE, for the report alone. */
static void pkix_look(struct handshake *handshake, X509_STORE_CTX *like,
		      SSL *ssl)
{
	const struct handshake_wish *wish = handshake->wish;
	X509_STORE_CTX *store = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	size_t i;

	if (store == NULL ||
	    X509_STORE_CTX_init(store, SSL_CTX_get_cert_store(
				SSL_get_SSL_CTX(ssl)),
				X509_STORE_CTX_get0_cert(like),
				handshake->chain) != 1 ||
	    X509_STORE_CTX_set_default(store, "ssl_server") != 1)
		goto out;
	param = X509_STORE_CTX_get0_param(store);
	X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
	for (i = 0; i < wish->name_count; i++)
		(void)X509_VERIFY_PARAM_add1_host(param, wish->names[i], 0);
	X509_VERIFY_PARAM_set_hostflags(param, PKIX_NAMES);
	if (X509_verify_cert(store) == 1)
		handshake->pkix = DECIDE_PKIX_PASSES;
	else
		handshake->pkix_why = X509_verify_cert_error_string(
				X509_STORE_CTX_get_error(store));
out:
	X509_STORE_CTX_free(store);
}

int dane_handshake_verify(X509_STORE_CTX *store, void *unused)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store,
				SSL_get_ex_data_X509_STORE_CTX_idx());
	struct handshake *handshake = SSL_get_app_data(ssl);
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);
	int verified;

	(void)unused;
	if (handshake == NULL || handshake->judged)
		return 0;		/* one judgement a session */
	handshake->judged = true;
	handshake->chain = sent == NULL ? NULL : X509_chain_up_ref(sent);
	verified = X509_verify_cert(store);
	if (handshake->wish->record_count == 0 && verified == 1)
		handshake->pkix = DECIDE_PKIX_PASSES;
	else if (handshake->wish->record_count == 0)
		handshake->pkix_why = X509_verify_cert_error_string(
				X509_STORE_CTX_get_error(store));
	else if (handshake->wish->detail == DANE_EXPLAIN)
		pkix_look(handshake, store, ssl);
	if (handshake->wish->record_count > 0 && verified != 1)
		handshake->match_why = X509_verify_cert_error_string(
				X509_STORE_CTX_get_error(store));
	return verified == 1;
}

/* How many were taken; those that OpenSSL will not have are marked. */
static size_t records_add(SSL *ssl, const struct handshake_wish *wish)
{
	const struct tlsa *tlsa;
	size_t i, added = 0;

	for (i = 0; i < wish->record_count; i++) {
		tlsa = &wish->records[i].tlsa;
		if (wish->records[i].use != TLSA_USABLE)
			continue;
		if (SSL_dane_tlsa_add(ssl, tlsa->usage, tlsa->selector,
				      tlsa->matching, tlsa->data.data,
				      tlsa->data.len) > 0)
			added++;
		else
			wish->records[i].use = tlsa->selector == TLSA_CERT ?
					       TLSA_NO_CERTIFICATE :
					       TLSA_NO_KEY;
	}
	return added;
}

static bool names_set(SSL *ssl, const struct handshake_wish *wish)
{
	size_t i;

	if (wish->literal != NULL)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl),
						     wish->literal) == 1;
	if (wish->name_count == 0)
		return false;
	if (wish->record_count > 0) {
		if (SSL_dane_enable(ssl, wish->names[0]) <= 0 ||
		    records_add(ssl, wish) == 0)
			return false;
	} else if (SSL_set1_host(ssl, wish->names[0]) != 1) {
		return false;
	}
	SSL_set_hostflags(ssl, wish->record_count > 0 ? DANE_NAMES :
						      PKIX_NAMES);
	for (i = 1; i < wish->name_count; i++)
		if (SSL_add1_host(ssl, wish->names[i]) != 1)
			return false;
	return SSL_set_tlsext_host_name(ssl, wish->names[0]) == 1;
}

static bool identity_set(SSL *ssl, const struct dane_identity *identity)
{
	if (identity == NULL || identity->certificate == NULL)
		return true;
	return SSL_use_certificate(ssl, identity->certificate) == 1 &&
	       SSL_use_PrivateKey(ssl, identity->key) == 1 &&
	       (identity->chain == NULL ||
		SSL_set1_chain(ssl, identity->chain) == 1);
}

/* Why SSL_connect failed, when it was not the certificate. */
static void failure_read(struct handshake *handshake, int ssl_error)
{
	unsigned long error = ERR_peek_last_error();
	int reason = ERR_GET_REASON(error);

	handshake->wire = DECIDE_TLS_FAILED;
	handshake->trouble = "";
	if (ssl_error == SSL_ERROR_SYSCALL ||
	    reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		handshake->wire = DECIDE_CUT;
		handshake->error = ERR_GONE;
	} else if (reason == SSL_R_UNSUPPORTED_PROTOCOL ||
		   reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) {
		handshake->wire = DECIDE_OLD_TLS;
	} else if (ERR_reason_error_string(error) != NULL) {
		handshake->trouble = ERR_reason_error_string(error);
	}
}

/* 0: the session is up. */
static int connect_wait(int fd, SSL *ssl, const struct dial_patience *patience,
			struct handshake *handshake)
{
	int r, error, waited;

	for (;;) {
		ERR_clear_error();
		r = SSL_connect(ssl);
		if (r == 1)
			return 0;
		error = SSL_get_error(ssl, r);
		if (error != SSL_ERROR_WANT_READ &&
		    error != SSL_ERROR_WANT_WRITE) {
			failure_read(handshake, error);
			return -1;
		}
		waited = dial_wait(fd, error == SSL_ERROR_WANT_READ ? POLLIN :
				   POLLOUT, patience);
		if (waited < 0) {
			handshake->wire = DECIDE_CUT;
			handshake->error = waited;
			return -1;
		}
	}
}

/* By which record and certificate OpenSSL verified. */
static bool match_read(SSL *ssl, struct handshake *handshake)
{
	const struct handshake_wish *wish = handshake->wish;
	const unsigned char *data;
	uint8_t usage, selector, matching;
	const struct tlsa *tlsa;
	size_t i, length;

	handshake->depth = SSL_get0_dane_authority(ssl, NULL, NULL);
	if (handshake->depth < 0 ||
	    SSL_get0_dane_tlsa(ssl, &usage, &selector, &matching, &data,
			       &length) < 0)
		return false;
	for (i = 0; i < wish->record_count; i++) {
		tlsa = &wish->records[i].tlsa;
		if (wish->records[i].use != TLSA_USABLE ||
		    tlsa->usage != usage || tlsa->selector != selector ||
		    tlsa->matching != matching || tlsa->data.len != length ||
		    memcmp(tlsa->data.data, data, length) != 0)
			continue;
		wish->records[i].verified = true;
		wish->records[i].depth = handshake->depth;
		return true;
	}
	return false;			/* none of ours: no match */
}

/* The last word: nothing is left to a default of OpenSSL. */
static void judge(SSL *ssl, struct handshake *handshake)
{
	bool fine = handshake->judged &&
		    SSL_get_verify_result(ssl) == X509_V_OK &&
		    SSL_session_reused(ssl) == 0 &&
		    SSL_version(ssl) >= TLS1_2_VERSION;

	handshake->wire = DECIDE_SEEN;
	if (handshake->wish->record_count > 0) {
		if (fine && match_read(ssl, handshake))
			handshake->match = DECIDE_MATCH;
		fine = handshake->match == DECIDE_MATCH;
	} else if (!fine) {
		handshake->pkix = DECIDE_PKIX_FAILS;
	}
	if (fine)
		handshake->ssl = ssl;
}

void dane_handshake(int fd, const struct dane_trust *trust,
		    const struct handshake_wish *wish,
		    const struct dial_patience *patience,
		    struct handshake *out)
{
	SSL *ssl = SSL_new(dane_trust_context(trust));

	memset(out, 0, sizeof(*out));
	out->wire = DECIDE_TLS_FAILED;
	out->trouble = "OpenSSL cannot be used with these names and records";
	out->depth = -1;
	out->wish = wish;
	if (ssl == NULL)
		return;
	if (SSL_set_app_data(ssl, out) == 1 && SSL_set_fd(ssl, fd) == 1 &&
	    names_set(ssl, wish) && identity_set(ssl, wish->identity)) {
		if (connect_wait(fd, ssl, patience, out) == 0)
			judge(ssl, out);
		else if (out->judged && out->wire == DECIDE_TLS_FAILED &&
			 SSL_get_verify_result(ssl) != X509_V_OK)
			out->wire = DECIDE_SEEN;	/* and found wanting */
	}
	(void)SSL_set_app_data(ssl, NULL);
	out->wish = NULL;
	if (out->ssl == NULL)
		SSL_free(ssl);
	ERR_clear_error();
}

const char *dane_handshake_protocol(const struct handshake *handshake)
{
	return SSL_get_version(handshake->ssl);
}

const char *dane_handshake_cipher(const struct handshake *handshake)
{
	return SSL_get_cipher_name(handshake->ssl);
}

const char *dane_handshake_name(struct arena *arena,
				const struct handshake *handshake)
{
	const char *name = SSL_get0_peername(handshake->ssl);

	return name == NULL ? NULL : arena_text(arena, bytes_of(name));
}

void dane_handshake_end(struct handshake *out)
{
	SSL_free(out->ssl);
	sk_X509_pop_free(out->chain, X509_free);
	memset(out, 0, sizeof(*out));
}
