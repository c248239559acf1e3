/* test_attack_parts.c - a good signature over another part than what is read
 *
 * "Johnny, you are fired" (2019), attacks on MIME: M1 text in front, M2 hidden
 * by HTML, M3 in a related part, M4 attached; the footer of a mailing list;
 * structures that programs cut differently; signatures within signatures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

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

/* Signatures within signatures: whoever signed last saw nothing of what is
 * around, and nobody speaks for another. */
static void signed_within_signed(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Mallory",
				       .address = "mallory@evil.example",
				       .issuer = &desk.root };
	struct lab_identity mallory = lab_identity_make(&wish);
	const unsigned flags = CMS_DETACHED | CMS_BINARY;
	const char *by_mallory = forge_signed(EVIL, forge_signature(&mallory,
		EVIL, flags));
	const char *genuine = forge_genuine();
	const char *forwarded = mixed("mixed", EVIL, genuine, NULL);
	const char *enclosed = arena_print(desk.arena, "Content-Type: "
		"message/rfc822\r\n\r\n" HEAD "%s", genuine);

	(void)state;
	/* Alice's signature around what Mallory signed: not Alice's words. */
	assert_int_equal(forge_read(HEAD, forge_signed(by_mallory,
		forge_signature(&desk.alice, by_mallory, flags))), 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	assert_int_equal(forge_read(HEAD, forge_opaque(&desk.alice,
						       by_mallory)), 0);
	is("security", "unprotected");
	/* Mallory's around a mail that brings a signed part of Alice's. */
	assert_int_equal(forge_read(HEAD, forge_signed(forwarded,
		forge_signature(&mallory, forwarded, flags))), 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	assert_true(seal_has_reason("sealed-within"));
	/* Mallory's around a whole mail of Alice's, not merely a part: hers is
	 * the signature over what is read, and his says nothing of it. */
	assert_int_equal(forge_read(HEAD, forge_signed(genuine,
		forge_signature(&mallory, genuine, flags))), 0);
	is("security", "verified");
	is("signature.addresses.0", "alice@example.org");
	assert_true(seal_has_reason("signed-around"));
	/* So he gets no name on it by that. */
	assert_int_equal(forge_read("From: mallory@evil.example\r\n",
		forge_signed(genuine, forge_signature(&mallory, genuine,
						      flags))), 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	/* Around a message that encloses hers, his is the only one. */
	assert_int_equal(forge_read(HEAD, forge_signed(enclosed,
		forge_signature(&mallory, enclosed, flags))), 0);
	is("security", "unprotected");
	is("signature.addresses.0", "mallory@evil.example");
	assert_true(seal_has_reason("sealed-within"));
	/* A wrong one around a right one, and it is the one that is told of. */
	unprotected(HEAD, forge_signed(genuine, forge_signature(
		    &mallory, EVIL, flags)), "bad");
	assert_null(strstr(seal_word("line"), "alice@example.org"));
	assert_true(seal_has_reason("signature-bad"));
	lab_identity_free(&mallory);
}

/* A signature over one attachment, over a part of nothing, over a text whose
 * type says something else. */
static void signed_attachment(void **state)
{
	static const char nothing[] = "Content-Type: text/plain\r\n\r\n";
	const unsigned flags = CMS_DETACHED | CMS_BINARY;
	const char *attached = arena_print(desk.arena, "Content-Type: "
		"application/octet-stream; name=a.txt\r\n"
		"Content-Disposition: attachment\r\n\r\nPay Bob.\r\n");

	(void)state;
	partly(mixed("mixed", EVIL, forge_signed(attached, forge_signature(
		     &desk.alice, attached, flags)), NULL));
	/* A .p7s that is merely attached beside the text is no envelope. */
	unprotected(HEAD, mixed("mixed", EVIL, arena_print(desk.arena,
		    "Content-Type: application/pkcs7-signature; "
		    "name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n"
		    "\r\n%s", forge_signature(&desk.alice, EVIL, flags)),
		    NULL), "none");
	/* Right, but over nothing: what is shown is nothing as well. */
	assert_int_equal(forge_read(HEAD, forge_signed(nothing,
		forge_signature(&desk.alice, nothing, flags))), 0);
	is("security", "verified");
	assert_null(strstr(buf_string(&seal.content), "Pay"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signed_part_beside_others),
		cmocka_unit_test(message_within),
		cmocka_unit_test(ambiguous_structure),
		cmocka_unit_test(many_layers),
		cmocka_unit_test(signed_within_signed),
		cmocka_unit_test(signed_attachment),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
