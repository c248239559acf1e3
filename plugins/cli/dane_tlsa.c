/* dane_tlsa.c - mailseal-tlsa CERT HOST PORT: the records to publish
 *
 * RFC 7671 sections 5 and 8: for the server's own certificate "3 1 1" (the
 * key may stay when the certificate is renewed), for its issuer "2 1 1".
 * HOST "": the certificate's; PORT 0: the usual ones.  Needs no agent.  A
 * program of its own (dane_tlsa_run.c), so that only this loads OpenSSL: Mutt
 * starts mailseal for every message. */
#include "plugins/cli/dane.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"

#define CHAIN_MAX	10	/* certificates of one file */

static const uint16_t usual_ports[] = { 465, 587 };

/* PEM, or one in DER; how many. */
static size_t chain_read(const char *path, X509 *chain[CHAIN_MAX])
{
	BIO *file = BIO_new_file(path, "r");
	size_t count = 0;

	if (file == NULL)
		return 0;
	while (count < CHAIN_MAX &&
	       (chain[count] = PEM_read_bio_X509(file, NULL, NULL,
						 NULL)) != NULL)
		count++;
	if (count == 0 && BIO_reset(file) == 0) {
		chain[0] = d2i_X509_bio(file, NULL);
		count = chain[0] == NULL ? 0 : 1;
	}
	BIO_free(file);
	ERR_clear_error();
	return count;
}

/* The first host name in the certificate. */
static bool name_find(X509 *certificate, char *to, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate,
						NID_subject_alt_name, NULL,
						NULL);
	const GENERAL_NAME *name;
	const char *text;
	size_t len;
	int i;

	to[0] = 0;
	for (i = 0; i < sk_GENERAL_NAME_num(names) && to[0] == 0; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS)
			continue;
		text = (const char *)ASN1_STRING_get0_data(name->d.dNSName);
		len = (size_t)ASN1_STRING_length(name->d.dNSName);
		if (len == 0 || len >= size || text[0] == '*' ||
		    memchr(text, 0, len) != NULL)
			continue;
		memcpy(to, text, len);
		to[len] = 0;
	}
	GENERAL_NAMES_free(names);
	return to[0] != 0;
}

static bool key_digest(X509 *certificate, char hex[65])
{
	unsigned char *der = NULL, digest[32];
	int i, length;
	bool fine;

	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	fine = length > 0 && EVP_Digest(der, (size_t)length, digest, NULL,
					EVP_sha256(), NULL) == 1;
	for (i = 0; fine && i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	OPENSSL_free(der);
	return fine;
}

static void record_print(const char *host, uint16_t port, unsigned usage,
			 const char *hex)
{
	(void)printf("_%u._tcp.", port);
	put_text(host);
	(void)printf(". IN TLSA %u 1 1 %s\n", usage, hex);
}

static void records_print(const struct dane_request *request,
			  const char *host, unsigned usage, const char *hex)
{
	size_t i;

	if (request->port != 0) {
		record_print(host, request->port, usage, hex);
		return;
	}
	for (i = 0; i < sizeof(usual_ports) / sizeof(usual_ports[0]); i++)
		record_print(host, usual_ports[i], usage, hex);
}

static int chain_print(const struct dane_request *request,
		       X509 *chain[CHAIN_MAX], size_t count)
{
	char host[DANE_HOST_MAX], hex[65];
	size_t i;

	if (request->host[0] != 0)
		(void)snprintf(host, sizeof(host), "%s", request->host);
	else if (!name_find(chain[0], host, sizeof(host))) {
		complain("%s names no host; say which: mailseal dane --tlsa "
			 "CERT HOST", request->certificate);
		return EX_USAGE;
	}
	for (i = 0; i < count; i++) {
		if (!key_digest(chain[i], hex))
			return EX_SOFTWARE;
		if (i == 0) {
			records_print(request, host, 3, hex);
		} else if (X509_check_ca(chain[i]) > 0) {
			(void)printf("; or, for every certificate that this "
				     "issuer gives it:\n");
			records_print(request, host, 2, hex);
		}
	}
	return EX_OK;
}

static int tlsa(const struct dane_request *request)
{
	X509 *chain[CHAIN_MAX];
	size_t i, count = chain_read(request->certificate, chain);
	int status;

	if (count == 0) {
		complain("%s: there is no certificate, PEM or DER, to be "
			 "read.", request->certificate);
		return EX_NOINPUT;
	}
	status = chain_print(request, chain, count);
	for (i = 0; i < count; i++)
		X509_free(chain[i]);
	return status;
}

int main(int argc, char **argv)
{
	struct dane_request request;

	if (argc != 4 || strlen(argv[2]) >= sizeof(request.host)) {
		complain("mailseal-tlsa is called by mailseal dane --tlsa.");
		return EX_USAGE;
	}
	memset(&request, 0, sizeof(request));
	request.certificate = argv[1];
	(void)snprintf(request.host, sizeof(request.host), "%s", argv[2]);
	request.port = (uint16_t)strtoul(argv[3], NULL, 10);
	return tlsa(&request);
}
