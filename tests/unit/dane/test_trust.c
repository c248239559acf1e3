/* test_trust.c - CA bundles, and settings that hold for every session */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/dane/trust.h"
#include "tests/lab/tls_world.h"

static void bundles(void **test)
{
	struct tls_world *world = tls_world_new();
	char *one = tls_pem(world, TLS_ROOT);
	char *two = tls_pem(world, TLS_OTHER_ROOT);
	struct dane_trust *trust = dane_trust_new();
	char both[8192];

	(void)test;
	assert_non_null(trust);
	assert_int_equal(dane_trust_count(trust), 0);
	assert_int_equal(dane_trust_add(trust, bytes_of("")), 0);
	assert_int_equal(dane_trust_add(trust, bytes_of("no PEM\n")), 0);
	assert_int_equal(dane_trust_add(trust,
		bytes_of("-----BEGIN CERTIFICATE-----\nAAAA\n"
			 "-----END CERTIFICATE-----\n")), 0);
	(void)snprintf(both, sizeof(both), "# a comment\n%s\n%s", one, two);
	assert_int_equal(dane_trust_add(trust, bytes_of(both)), 2);
	assert_int_equal(dane_trust_count(trust), 2);
	dane_trust_free(trust);
	dane_trust_free(NULL);
	OPENSSL_free(one);
	OPENSSL_free(two);
	tls_world_free(world);
}

static void settings(void **test)
{
	struct dane_trust *trust = dane_trust_new();
	SSL_CTX *context = dane_trust_context(trust);

	(void)test;
	assert_int_equal(SSL_CTX_get_min_proto_version(context),
			 TLS1_2_VERSION);
	assert_int_equal(SSL_CTX_get_session_cache_mode(context),
			 SSL_SESS_CACHE_OFF);
	assert_true((SSL_CTX_get_options(context) & SSL_OP_NO_TICKET) != 0);
	assert_true((SSL_CTX_get_options(context) &
		     SSL_OP_NO_RENEGOTIATION) != 0);
	assert_int_equal(SSL_CTX_get_verify_mode(context), SSL_VERIFY_PEER);
	dane_trust_free(trust);
}

/* A configuration file that would let anything pass is not read. */
static void no_configuration(void **test)
{
	char path[] = "/tmp/mailseal-openssl.XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct dane_trust *trust;

	(void)test;
	assert_non_null(file);
	(void)fputs("openssl_conf = main\n[main]\nssl_conf = ssl\n[ssl]\n"
		    "system_default = all\n[all]\nMaxProtocol = TLSv1.2\n",
		    file);
	(void)fclose(file);
	assert_int_equal(setenv("OPENSSL_CONF", path, 1), 0);
	dane_trust_prepare();
	trust = dane_trust_new();
	assert_int_equal(SSL_CTX_get_max_proto_version(
				 dane_trust_context(trust)), 0);
	dane_trust_free(trust);
	(void)remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* first: before anything else uses OpenSSL */
		cmocka_unit_test(no_configuration),
		cmocka_unit_test(bundles),
		cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
