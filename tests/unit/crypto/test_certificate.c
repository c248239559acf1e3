/* test_certificate.c - addresses, names and keys as they are written */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/crypto/smime_desk.h"

static struct certificate facts;
static struct lab_identity made;

static int setup(void **state)
{
	(void)state;
	desk_open(LAB_P256, LAB_P256);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close();
	return 0;
}

static void read_of(const struct lab_wish *wish)
{
	lab_identity_free(&made);
	made = lab_identity_make(wish);
	assert_int_equal(certificate_read(desk.arena, made.certificate,
					  &facts), 0);
}

static void addresses(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				 .issuer = &desk.root };

	(void)state;
	wish.address = "Alice@EXAMPLE.org,a.harper@example.org";
	wish.utf8_address = "j\xc3\xb6rg@example.org";
	wish.subject_address = "old@example.org";
	read_of(&wish);
	assert_int_equal(facts.address_count, 3);
	assert_string_equal(facts.addresses[0], "Alice@example.org");
	assert_string_equal(facts.addresses[2], "j\xc3\xb6rg@example.org");
	assert_false(facts.address_in_subject);
	assert_true(certificate_has(&facts, "alice@example.org"));
	assert_true(certificate_has(&facts, "j\xc3\xb6rg@example.org"));
	assert_false(certificate_has(&facts, "old@example.org"));
	assert_false(certificate_has(&facts, "alice@example.org.evil.org"));
	wish.address = wish.utf8_address = NULL;
	read_of(&wish);
	assert_int_equal(facts.address_count, 1);
	assert_true(facts.address_in_subject);
	assert_true(certificate_has(&facts, "old@example.org"));
	wish.subject_address = NULL;
	read_of(&wish);
	assert_int_equal(facts.address_count, 0);
	/* What is no address is none. */
	wish.address = "alice,@example.org,b@";
	read_of(&wish);
	assert_int_equal(facts.address_count, 0);
}

/* "alice@example.org\0.evil.org": a NUL ends no name. */
static void nul_in_an_address(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Mallory",
				       .address = "alice@example.orgX.evil.org",
				       .issuer = &desk.root };
	unsigned char *der = NULL, *at;
	struct bytes blob;
	X509 *x509;

	(void)state;
	lab_identity_free(&made);
	made = lab_identity_make(&wish);
	blob.len = (size_t)i2d_X509(made.certificate, &der);
	blob.data = der;
	at = memmem(der, blob.len, "orgX", 4);
	assert_non_null(at);
	at[3] = 0;
	x509 = certificate_parse(blob);
	assert_non_null(x509);
	assert_int_equal(certificate_read(desk.arena, x509, &facts), 0);
	assert_int_equal(facts.address_count, 0);
	X509_free(x509);
	/* Octets behind it, or missing. */
	assert_null(certificate_parse(bytes_slice(blob, 0, blob.len - 1)));
	assert_null(certificate_parse(bytes_of("")));
	at = realloc(der, blob.len + 1);	/* malloc is OpenSSL's too */
	assert_non_null(at);
	at[blob.len] = 0;
	blob.data = at;
	blob.len++;
	assert_null(certificate_parse(blob));
	free(at);
}

static void keys_and_names(void **state)
{
	static const struct {
		enum lab_key kind;
		const char *algorithm;
		unsigned bits;
	} kinds[] = {
		{ LAB_RSA_2048, "rsa", 2048 }, { LAB_P256, "ecdsa-p256", 256 },
		{ LAB_P384, "ecdsa-p384", 384 },
		{ LAB_ED25519, "ed25519", 256 },
		{ LAB_RSA_PSS, "rsa-pss", 2048 },
	};
	struct lab_wish wish = { .name = "J\xc3\xb6rg", .issuer = &desk.root };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		wish.kind = kinds[i].kind;
		read_of(&wish);
		assert_string_equal(facts.algorithm, kinds[i].algorithm);
		assert_int_equal(facts.key_bits, kinds[i].bits);
	}
	assert_string_equal(facts.name, "J\xc3\xb6rg");
	assert_string_equal(facts.issuer, "CN=Root");
	assert_int_equal(strlen(facts.fingerprint), 64);
	assert_non_null(facts.serial);
	assert_true(facts.from < clock_wall() && facts.until > clock_wall());
	lab_identity_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(nul_in_an_address),
		cmocka_unit_test(keys_and_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
