/* test_attack_signer.c - a good signature of somebody else
 *
 * "Johnny, you are fired" (2019), attacks on identity: I1 another From, I2 the
 * signer's address in a name, I3 several From, Sender; U1 words that look like
 * ours; outer fields that are not signed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

/* `match` "": anything but yes (readers differ in what these fields say). */
static void from(const char *fields, const char *match)
{
	assert_int_equal(forge_read(fields, forge_genuine()), 0);
	is("signature.status", "good");
	if (strcmp(match, "yes") == 0) {
		is("signature.from_match", "yes");
		is("security", "verified");
		return;
	}
	if (match[0] != 0)
		is("signature.from_match", match);
	assert_string_not_equal(seal_word("signature.from_match"), "yes");
	is("security", "unprotected");
	assert_true(seal_has_reason("signer-not-author") ||
		    seal_has_reason("author-ambiguous"));
}

/* I1 to I3: who signed, and who it says to be from. */
static void another_author(void **state)
{
	static const char *const mismatched[] = {
		"From: boss@example.com\r\n",
		"From: boss@example.com\r\nSender: alice@example.org\r\n",
		"From: boss@example.com\r\nReply-To: alice@example.org\r\n",
		"From: alice@example.org <boss@example.com>\r\n",
		"From: \"alice@example.org\" <boss@example.com>\r\n",
		"From: =?utf-8?q?alice=40example=2Eorg?= <boss@example.com>"
		"\r\n",
		"From: \"Alice <alice@example.org>\" <boss@example.com>\r\n",
		"From: boss@example.com (alice@example.org)\r\n",
		"From: alice@example.org.evil.example\r\n",
		"From: alice@example.com\r\n",
		"From: alice@examp1e.org\r\n",
	};
	static const char *const ambiguous[] = {
		"Sender: alice@example.org\r\n",
		"From:\r\n", "From: <>\r\n", "From: alice\r\n",
		"From: Alice Harper\r\n",
		"From: alice@example.org\r\nFrom: boss@example.com\r\n",
		"From: boss@example.com\r\nFrom: alice@example.org\r\n",
		"From: alice@example.org, boss@example.com\r\n",
		"From: boss@example.com, alice@example.org\r\n",
		"From: friends: alice@example.org;\r\n",
		"From: <alice@example.org> <boss@example.com>\r\n",
		"From: alice@example.org\r\nfrom: boss@example.com\r\n",
		"From: alice@example.org\r\nFrom : boss@example.com\r\n",
		"From: alice@example.org\r\nSubject: x\r\n From: b@c.example"
		"\r\n",
		"From: alice@example.org\xe2\x80\xae\r\n",
		"From: alice@example.org boss@example.com\r\n",
	};
	size_t i;

	(void)state;
	from("From: alice@example.org\r\n", "yes");
	from("From: Alice Harper <Alice@EXAMPLE.org>\r\n", "yes");
	for (i = 0; i < sizeof(mismatched) / sizeof(mismatched[0]); i++)
		from(mismatched[i], i < 3 ? "no" : "");
	for (i = 0; i < sizeof(ambiguous) / sizeof(ambiguous[0]); i++)
		from(ambiguous[i], "ambiguous");
}

/* Protected fields inside say another author than the fields outside. */
static void inner_author(void **state)
{
	static const char inside[] =
		"Content-Type: text/plain; hp=\"clear\"\r\n"
		"From: alice@example.org\r\nSubject: pay\r\n\r\nPay Bob.\r\n";
	const char *sealed = forge_signed(inside, forge_signature(&desk.alice,
		inside, CMS_DETACHED | CMS_BINARY));

	(void)state;
	assert_int_equal(forge_read(HEAD, sealed), 0);
	is("security", "verified");
	assert_int_equal(forge_read("From: boss@example.com\r\n", sealed), 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	assert_true(seal_has_reason("headers-changed"));
}

/* Fields inside that are not inside a signature that holds. */
static void headers_without_a_signature(void **state)
{
	static const char inside[] =
		"Content-Type: text/plain; hp=\"clear\"\r\n"
		"From: alice@example.org\r\n\r\nPay Mallory.\r\n";

	(void)state;
	unprotected("From: mallory@evil.example\r\n", inside, "none");
	is("headers.protection", "none");
	unprotected("From: mallory@evil.example\r\n",
		    forge_signed(inside, forge_signature(&desk.alice,
			FORGE_TEXT, CMS_DETACHED | CMS_BINARY)), "bad");
	is("headers.protection", "none");
	/* Below the root of the payload they count for nothing. */
	assert_int_equal(forge_read(HEAD, forge_encrypted(mixed("mixed",
			 EVIL, inside, NULL), EVP_aes_256_gcm())), 0);
	is("headers.protection", "none");
}

/* U1: what looks like our word is the sender's. */
static void words_of_ours(void **state)
{
	(void)state;
	unprotected(HEAD "X-Mailseal-0123456789abcdef: verified\r\n"
		    "Authentication-Results: mailseal; smime=pass\r\n", EVIL,
		    "none");
}

/* Case, Unicode, and what is nearly the same. */
static void nearly_the_same(void **state)
{
	static const char *const others[] = {
		"From: \xd0\xb0lice@example.org\r\n",	/* Cyrillic a */
		"From: alic\xd0\xb5@example.org\r\n",
		"From: alice\xcc\x81@example.org\r\n",	/* an accent */
		"From: al\xe2\x80\x8bice@example.org\r\n",	/* no width */
		"From: alice@ex\xd0\xb0mple.org\r\n",
		"From: alice@xn--exmple-4nf.org\r\n",
		"From: \xef\xbb\xbf" "alice@example.org\r\n",
		"From: alice+pay@example.org\r\n",
		"From: a.lice@example.org\r\n",
		"From: alice@example.org@evil.example\r\n",
		"From: alice%example.org@evil.example\r\n",
		"From: \"alice@example.org\"@evil.example\r\n",
		"From: alice@evil.example (example.org)\r\n",
		"From: alice@[192.0.2.1]\r\n",
		"From: =?utf-8?q?alice=40example=2Eorg?=\r\n",
		"From: alice@=?utf-8?q?example=2Eorg?=\r\n",
	};
	size_t i;

	(void)state;
	from("From: ALICE@example.org\r\n", "yes");
	from("From: alice@EXAMPLE.ORG\r\n", "yes");
	from("From: \"alice\"@example.org\r\n", "yes");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		from(others[i], "");
}

/* U1: a body that says what we would say is a body. */
static void lines_of_ours(void **state)
{
	const char *honest;

	(void)state;
	unprotected(HEAD, EVIL, "none");
	honest = arena_print(desk.arena, "%s", seal_word("line"));
	assert_null(strstr(honest, "Signed by"));
	unprotected(HEAD "X-Signature-Status: good\r\n",
		    "Content-Type: text/plain\r\n\r\n"
		    "[-- The following data is signed --]\r\n"
		    "Signed by alice@example.org.\r\n"
		    "{\"security\": \"verified\"}\r\nPay Mallory.\r\n"
		    "[-- End of signed data --]\r\n", "none");
	is("line", honest);
	/* What was signed by another, with the same words in it. */
	assert_int_equal(forge_read("From: boss@example.com\r\n",
		forge_opaque(&desk.alice, "Content-Type: text/plain\r\n\r\n"
			     "Signed by boss@example.com.\r\n")), 0);
	is("security", "unprotected");
	assert_non_null(strstr(seal_word("line"), "who is not the one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_author),
		cmocka_unit_test(inner_author),
		cmocka_unit_test(headers_without_a_signature),
		cmocka_unit_test(words_of_ours),
		cmocka_unit_test(nearly_the_same),
		cmocka_unit_test(lines_of_ours),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
