/* test_open.c - sealed by us, opened by us: what is told and what comes out */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/seal_desk.h"

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

static void read_sealed(const char *security)
{
	assert_int_equal(seal_read(buf_bytes(&seal.sealed)), 0);
	is("security", security);
	assert_true(seal_word("line")[0] != 0);
}

static void signed_alone(void **state)
{
	(void)state;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_SIGN,
				      PROTECT_HEADERS), 0);
	read_sealed("verified");
	is("covers", "whole");
	is("signature.status", "good");
	is("signature.scheme", "smime");
	is("signature.trust", "pkix");
	is("signature.from_match", "yes");
	is("signature.addresses.0", "alice@example.org");
	is("signature.algorithm", "ecdsa-p256-sha256");
	is("encryption.status", "not-encrypted");
	is("headers.protection", "clear");
	is("headers.changed", "");
	is("line", "Signed by alice@example.org.");
	is("seal_reasons.0", "");
	assert_true(seal.left);
	assert_string_equal(buf_string(&seal.content), MAIL_HEAD
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8;"
		"\r\n hp=\"clear\"; protected-headers=\"v1\"\r\n\r\n"
		"Meet me at noon.\r\n");
	is("content_size", arena_print(desk.arena, "%zu", seal.content.len));
	/* And without protected fields. */
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_SIGN,
				      PROTECT_NO_HEADERS), 0);
	read_sealed("verified");
	is("headers.protection", "none");
	assert_string_equal(buf_string(&seal.content), MAIL);
}

static void signed_and_encrypted(void **state)
{
	(void)state;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_BOTH,
				      PROTECT_HEADERS), 0);
	assert_null(strstr(buf_string(&seal.sealed), "noon"));
	assert_non_null(strstr(buf_string(&seal.sealed),
			       "Subject: [...]\r\n"));
	read_sealed("confidential");
	is("covers", "whole");
	is("signature.status", "good");
	is("encryption.status", "opened");
	is("encryption.algorithm", "aes256-cbc");
	is("encryption.integrity", "signature");
	is("encryption.recipients", "2");
	is("headers.protection", "cipher");
	is("headers.confidential.0", "Subject");
	is("headers.confidential.1", "");
	is("headers.changed", "");
	is("line", "Encrypted. Signed by alice@example.org.");
	is("layers.0.encryption", "opened");
	is("layers.1.signature", "good");
	assert_string_equal(buf_string(&seal.content), MAIL_HEAD
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8;"
		"\r\n hp=\"cipher\"; protected-headers=\"v1\"\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"Meet me at noon.\r\n");
	desk.reads = SMIME_READS_GCM;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_BOTH,
				      PROTECT_HEADERS), 0);
	assert_non_null(strstr(buf_string(&seal.sealed),
			       "smime-type=authEnveloped-data"));
	read_sealed("confidential");
	is("encryption.integrity", "aead");
	desk.reads = 0;
}

static void encrypted_alone(void **state)
{
	(void)state;
	desk.reads = SMIME_READS_GCM;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_ENCRYPT,
				      PROTECT_HEADERS), 0);
	read_sealed("encrypted");
	is("signature.status", "none");
	is("encryption.integrity", "aead");
	is("line", "Encrypted. Not signed.");
	desk.reads = 0;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_ENCRYPT,
				      PROTECT_HEADERS), 0);
	read_sealed("encrypted");
	is("encryption.integrity", "none");
	assert_true(seal_has_reason("content-unprotected"));
	assert_non_null(strstr(seal_word("line"), "may have been changed"));
	assert_true(seal.left);
}

static void neither(void **state)
{
	(void)state;
	assert_int_equal(seal_read(bytes_of(MAIL)), 0);
	is("security", "unprotected");
	is("covers", "none");
	is("signature.status", "none");
	is("layers.0", "");
	assert_string_equal(buf_string(&seal.content), MAIL);
	assert_int_equal(seal_read(bytes_of("no mail at all")), ERR_NOT_MAIL);
	assert_int_equal(seal_read(bytes_of("")), ERR_NOT_MAIL);
}

/* As a mailbox keeps it: line feeds, and a line of its own in front. */
static void in_a_mailbox(void **state)
{
	struct buf text;
	size_t i;

	(void)state;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_SIGN,
				      PROTECT_HEADERS), 0);
	buf_init(&text, 100000);
	buf_text(&text, "From alice Thu Jan  1 00:00:00 2026\n");
	for (i = 0; i < seal.sealed.len; i++)
		if (seal.sealed.data[i] != '\r')
			buf_byte(&text, seal.sealed.data[i]);
	assert_int_equal(seal_read(buf_bytes(&text)), 0);
	is("security", "verified");
	assert_null(strchr(buf_string(&seal.content), '\r'));
	buf_free(&text);
}

/* What was written is what is read, whatever it is made of. */
static void of_every_shape(void **state)
{
	static const char *const bodies[] = {
		"", "\r\n", "x", "\xc3\xa4\xc3\xb6\r\n", "-- \r\nAlice\r\n",
		"From here\r\n.\r\n", "tab\t\r\n\r\n\r\n", "lf\nonly\n",
		"a\rb\r\n",
	};
	const char *text;
	size_t i;
	unsigned what;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (what = SEAL_SIGN; what <= SEAL_BOTH; what++) {
			text = arena_print(desk.arena, MAIL_HEAD
				"Content-Type: text/plain; charset=utf-8\r\n"
				"\r\n%s", bodies[i]);
			assert_int_equal(seal_protect(bytes_of(text), what,
						      PROTECT_HEADERS), 0);
			assert_int_equal(seal_read(buf_bytes(&seal.sealed)),
					 0);
			if (what != SEAL_ENCRYPT)
				is("signature.status", "good");
			assert_true(seal.left);
		}
}

static void with_attachments(void **state)
{
	static const char text[] = MAIL_HEAD
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
		"\xc3\xa4\r\n"
		"--b\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
		"Content-Transfer-Encoding: binary\r\n\r\n\x01\x80\xff\r\n"
		"--b--\r\n";

	(void)state;
	assert_int_equal(seal_protect(bytes_of(text), SEAL_BOTH,
				      PROTECT_HEADERS), 0);
	read_sealed("confidential");
	/* The display is left out, and that there is one. */
	assert_non_null(strstr(buf_string(&seal.content), "\r\n\r\n--b\r\n"
			       "Content-Type: text/plain; charset=utf-8\r\n"
			       "Content-Transfer-Encoding: quoted-printable"
			       "\r\n\r\n=C3=A4\r\n--b\r\n"));
	is("content_size", arena_print(desk.arena, "%zu", seal.content.len));
	assert_non_null(strstr(buf_string(&seal.content),
			       "Content-Transfer-Encoding: base64\r\n\r\n"
			       "AYD/\r\n\r\n--b--"));
	assert_null(strstr(buf_string(&seal.content), "Subject: noon\r\n\r\n"
			   "=C3"));
}

static void changed_on_the_way(void **state)
{
	struct bytes copy;
	char *at;

	(void)state;
	/* A word of the text. */
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_SIGN,
				      PROTECT_HEADERS), 0);
	copy = arena_bytes(desk.arena, buf_bytes(&seal.sealed));
	at = memmem(seal.sealed.data, seal.sealed.len, "at noon.", 8);
	assert_non_null(at);
	memcpy(at, "at nine.", 8);
	read_sealed("unprotected");
	is("signature.status", "bad");
	assert_true(seal_has_reason("signature-bad"));
	/* It is no secret: the message as it came. */
	assert_true(bytes_equal(buf_bytes(&seal.content),
				buf_bytes(&seal.sealed)));
	/* A field outside. */
	buf_clear(&seal.sealed);
	buf_add(&seal.sealed, copy);
	at = memmem(seal.sealed.data, seal.sealed.len, "Subject: noon", 13);
	assert_non_null(at);
	memcpy(at, "Subject: nine", 13);
	read_sealed("verified");
	is("headers.changed.0", "Subject");
	assert_true(seal_has_reason("headers-changed"));
	assert_non_null(strstr(buf_string(&seal.content), "Subject: noon"));
	assert_null(strstr(buf_string(&seal.content), "Subject: nine"));
}

/* No octet of what was changed inside the encryption leaves. */
static void changed_inside(void **state)
{
	size_t i, start, opened = 0, tried = 0;
	char *at;
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		desk.reads = round == 0 ? SMIME_READS_GCM : 0;
		assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_BOTH,
					      PROTECT_HEADERS), 0);
		at = memmem(seal.sealed.data, seal.sealed.len, "\r\n\r\n", 4);
		assert_non_null(at);
		start = (size_t)((unsigned char *)at - seal.sealed.data) + 4;
		for (i = start; i + 4 < seal.sealed.len; i += 11) {
			if (seal.sealed.data[i] < 'A')
				continue;
			tried++;
			seal.sealed.data[i] ^= 1;
			assert_int_equal(seal_read(buf_bytes(&seal.sealed)),
					 0);
			seal.sealed.data[i] ^= 1;
			if (!seal.left)
				continue;
			opened++;
			if (strstr(buf_string(&seal.content),
				   "Meet me at noon.") != NULL)
				continue;
			/* CBC: the signature itself was made unreadable. */
			assert_int_equal(round, 1);
			is("encryption.integrity", "none");
			is("security", "encrypted");
			assert_true(seal_has_reason("content-unprotected"));
		}
	}
	/* Another recipient's part of the frame means nothing to us. */
	assert_true(tried > 200 && opened < tried / 3);
	desk.reads = 0;
}

static void withheld_but_asked_for(void **state)
{
	struct lab_identity alice = desk.alice;
	size_t i;

	(void)state;
	/* CBC, signed inside: any change breaks the signature. */
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_BOTH,
				      PROTECT_HEADERS), 0);
	for (i = seal.sealed.len - 1400; i < seal.sealed.len - 400; i += 64) {
		if (seal.sealed.data[i] < 'A')
			continue;
		seal.sealed.data[i] ^= 1;
		assert_int_equal(seal_read(buf_bytes(&seal.sealed)), 0);
		seal.sealed.data[i] ^= 1;
		if (strcmp(seal_word("signature.status"), "bad") != 0)
			continue;
		assert_false(seal.left);
		seal.sealed.data[i] ^= 1;
		seal.force = OPEN_FORCED;
		assert_int_equal(seal_read(buf_bytes(&seal.sealed)), 0);
		seal.force = OPEN_CHECKED;
		assert_true(seal.left);
		is("security", "encrypted");
		is("encryption.integrity", "none");
		desk.alice = alice;
		return;
	}
	fail_msg("no change broke the signature alone");
}

static void for_somebody_else(void **state)
{
	(void)state;
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_BOTH,
				      PROTECT_HEADERS), 0);
	desk.smime.own_count = 0;
	read_sealed("encrypted");
	is("encryption.status", "no-key");
	is("encryption.recipients", "2");
	assert_false(seal.left);
	assert_true(seal_has_reason("not-opened"));
	desk.smime.own_count = 2;
	desk.state = SMIME_KEY_LOCKED;
	read_sealed("encrypted");
	is("encryption.status", "locked");
	desk.state = SMIME_KEY_GONE;
	assert_int_equal(seal_read(buf_bytes(&seal.sealed)), ERR_GONE);
	assert_non_null(strstr(buf_string(&desk.why), "keeper"));
	desk.state = SMIME_KEY_FINE;
}

static void not_to_be_protected(void **state)
{
	(void)state;
	assert_int_equal(seal_protect(bytes_of("x"), SEAL_SIGN,
				      PROTECT_HEADERS), ERR_NOT_MAIL);
	assert_int_equal(seal_protect(bytes_of(MAIL), 0, PROTECT_HEADERS),
			 ERR_REFUSED);
	assert_int_equal(seal_protect(bytes_of(MAIL), SEAL_SIGN,
				      PROTECT_HEADERS), 0);
	assert_int_equal(seal_protect(arena_bytes(desk.arena,
			 buf_bytes(&seal.sealed)), SEAL_SIGN,
			 PROTECT_HEADERS), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "already"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signed_alone),
		cmocka_unit_test(signed_and_encrypted),
		cmocka_unit_test(encrypted_alone),
		cmocka_unit_test(neither),
		cmocka_unit_test(in_a_mailbox),
		cmocka_unit_test(of_every_shape),
		cmocka_unit_test(with_attachments),
		cmocka_unit_test(changed_on_the_way),
		cmocka_unit_test(changed_inside),
		cmocka_unit_test(withheld_but_asked_for),
		cmocka_unit_test(for_somebody_else),
		cmocka_unit_test(not_to_be_protected),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
