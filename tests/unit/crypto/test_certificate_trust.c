/* test_certificate_trust.c - paths, purposes, times, and the user's word */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/crypto/certificate_trust.h"
#include "tests/unit/crypto/smime_desk.h"

static struct trust_question question;
static struct trust_answer answer;

static int setup(void **state)
{
	(void)state;
	desk_open(LAB_P256, LAB_P256);
	memset(&question, 0, sizeof(question));
	question.now = clock_wall();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close();
	return 0;
}

static void judged(const struct lab_identity *of, enum seal_state state,
		   enum seal_trust trust)
{
	struct certificate facts;

	assert_int_equal(certificate_read(desk.arena, of->certificate,
					  &facts), 0);
	assert_int_equal(certificate_judge(desk.arena, &desk.smime,
					   of->certificate, &facts, &question,
					   &answer), 0);
	assert_string_equal(seal_state_name[answer.state],
			    seal_state_name[state]);
	assert_string_equal(seal_trust_name[answer.trust],
			    seal_trust_name[trust]);
	assert_true((answer.reason == NULL) == (state == SEAL_GOOD));
}

static void paths(void **state)
{
	struct lab_wish middle = { .kind = LAB_P256, .name = "Middle",
				   .issuer = &desk.root, .authority = true };
	struct lab_wish leaf = { .kind = LAB_P256, .name = "Leaf",
				 .address = "leaf@example.org" };
	struct lab_identity between = lab_identity_make(&middle), end;
	STACK_OF(X509) *helpers = sk_X509_new_null();

	(void)state;
	leaf.issuer = &between;
	end = lab_identity_make(&leaf);
	judged(&end, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	(void)sk_X509_push(helpers, between.certificate);
	question.helpers = helpers;
	judged(&end, SEAL_GOOD, SEAL_TRUST_PKIX);
	question.helpers = NULL;
	desk.smime.helpers = helpers;
	judged(&end, SEAL_GOOD, SEAL_TRUST_PKIX);
	desk.smime.helpers = NULL;
	/* The authority in between alone is trusted. */
	(void)X509_STORE_add_cert(desk.authorities, between.certificate);
	judged(&end, SEAL_GOOD, SEAL_TRUST_PKIX);
	lab_identity_free(&end);
	/* Somebody's certificate is no authority. */
	leaf.issuer = &desk.alice;
	end = lab_identity_make(&leaf);
	(void)sk_X509_push(helpers, desk.alice.certificate);
	question.helpers = helpers;
	judged(&end, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	question.helpers = NULL;
	desk.smime.authorities = NULL;
	judged(&desk.alice, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	desk.smime.authorities = desk.authorities;
	sk_X509_free(helpers);
	lab_identity_free(&end);
	lab_identity_free(&between);
}

/* An authority for servers vouches for no mail. */
static void for_servers_alone(void **state)
{
	struct lab_wish middle = { .kind = LAB_P256, .name = "Servers",
				   .issuer = &desk.root, .authority = true,
				   .extended = "serverAuth" };
	struct lab_wish leaf = { .kind = LAB_P256, .name = "Leaf",
				 .address = "leaf@example.org" };
	struct lab_identity between = lab_identity_make(&middle), end;
	STACK_OF(X509) *helpers = sk_X509_new_null();

	(void)state;
	leaf.issuer = &between;
	end = lab_identity_make(&leaf);
	(void)sk_X509_push(helpers, between.certificate);
	question.helpers = helpers;
	judged(&end, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	question.helpers = NULL;
	sk_X509_free(helpers);
	lab_identity_free(&end);
	lab_identity_free(&between);
}

static void purposes(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .issuer = &desk.root,
				 .usage = "digitalSignature" };
	struct lab_identity one = lab_identity_make(&wish);

	(void)state;
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	question.use = TRUST_TO_READ;
	judged(&one, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	desk.vouched = SEAL_TRUST_OWN;		/* helps not either */
	judged(&one, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	desk.vouched = SEAL_TRUST_NONE;
	judged(&desk.alice, SEAL_GOOD, SEAL_TRUST_PKIX);
	question.use = TRUST_TO_SIGN;
	lab_identity_free(&one);
	/* nonRepudiation signs too; no extensions at all may do anything. */
	wish.usage = "nonRepudiation";
	one = lab_identity_make(&wish);
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	lab_identity_free(&one);
	wish.usage = wish.extended = "";
	one = lab_identity_make(&wish);
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	lab_identity_free(&one);
	/* A key that agrees can be encrypted to, whatever else it may do. */
	question.use = TRUST_TO_READ;
	wish.usage = "keyAgreement";
	wish.extended = "anyExtendedKeyUsage";
	one = lab_identity_make(&wish);
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	lab_identity_free(&one);
	wish.extended = "serverAuth";
	one = lab_identity_make(&wish);
	judged(&one, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	lab_identity_free(&one);
	question.use = TRUST_TO_SIGN;
}

static void times(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .issuer = &desk.root,
				 .from = -9000, .until = -5000 };
	struct lab_identity one;
	int64_t now = question.now;

	(void)state;
	/* The authority's own certificate begins a minute ago. */
	lab_identity_free(&desk.root);
	X509_STORE_free(desk.authorities);
	desk.root = lab_identity_make(&(struct lab_wish){
		.kind = LAB_P256, .name = "Root", .authority = true,
		.from = -90000, .until = 90000 });
	desk.authorities = X509_STORE_new();
	desk.smime.authorities = desk.authorities;
	(void)X509_STORE_add_cert(desk.authorities, desk.root.certificate);
	one = lab_identity_make(&wish);
	judged(&one, SEAL_EXPIRED, SEAL_TRUST_NONE);
	question.signed_at = now - 7000;
	judged(&one, SEAL_EXPIRED, SEAL_TRUST_PKIX);
	assert_non_null(strstr(answer.reason, "at the time that the signer"));
	question.signed_at = now - 4000;
	judged(&one, SEAL_EXPIRED, SEAL_TRUST_NONE);
	question.signed_at = 0;
	question.now = now - 7000;
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	question.now = now - 20000;
	judged(&one, SEAL_UNTRUSTED, SEAL_TRUST_NONE);
	question.now = now;
	/* By the user's word: the same times. */
	desk.vouched = SEAL_TRUST_OWN;
	judged(&one, SEAL_EXPIRED, SEAL_TRUST_OWN);
	question.signed_at = now - 7000;
	judged(&one, SEAL_EXPIRED, SEAL_TRUST_OWN);
	question.now = now - 20000;
	judged(&one, SEAL_UNTRUSTED, SEAL_TRUST_OWN);
	question.now = now;
	question.signed_at = 0;
	desk.vouched = SEAL_TRUST_NONE;
	lab_identity_free(&one);
}

/* A list in the store, not from the message. */
static void revoked_by_a_list_at_hand(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .issuer = &desk.root };
	struct lab_identity one = lab_identity_make(&wish);
	X509_CRL *list = lab_crl_make(&desk.root, one.certificate);

	(void)state;
	judged(&one, SEAL_GOOD, SEAL_TRUST_PKIX);
	assert_int_equal(X509_STORE_add_crl(desk.authorities, list), 1);
	judged(&one, SEAL_REVOKED, SEAL_TRUST_NONE);
	desk.vouched = SEAL_TRUST_OWN;
	judged(&one, SEAL_REVOKED, SEAL_TRUST_NONE);
	desk.vouched = SEAL_TRUST_NONE;
	X509_CRL_free(list);
	lab_identity_free(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(for_servers_alone),
		cmocka_unit_test(purposes),
		cmocka_unit_test(times),
		cmocka_unit_test(revoked_by_a_list_at_hand),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
