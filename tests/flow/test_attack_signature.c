/* test_attack_signature.c - signatures that prove less than they seem to
 *
 * Rows 3, 4, 28, 29, 31, 33 and 41 of the attack list, on messages of
 * Alice's whose domain asks for p=reject. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define HEAD	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
		"\r\n"
#define BODY	"\r\nHello\r\n"

static struct dkim_sign_options options(const char *extra)
{
	struct dkim_sign_options out;

	memset(&out, 0, sizeof(out));
	out.domain = "example.org";
	out.extra = extra;
	return out;
}

/* What was in place of `from` in the text is `to`. */
static const char *swap(struct desk *desk, const char *text, const char *from,
			const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return desk_print(desk, "%.*s%s%s", (int)(at - text), text, to,
			  at + strlen(from));
}

static void is_spoofed(struct desk *desk, const char *message,
		       const char *what)
{
	struct desk_answer answer = desk_check(desk, message);

	if (strcmp(answer.verdict, "spoofed") != 0 ||
	    !desk_hides_name(&answer))
		fail_msg("%s: %s, %s", what, answer.verdict, answer.code);
}

/* 3, 4: d= and s= outside their grammar; signed by the attacker's domain, and
 * read as Alice's by whoever is careless. */
static void names_in_a_signature_are_strict(void **state)
{
	static const char *const domains[] = {
		"example.org'a.evil.example", "example.org(.evil.example",
		"example.org\".evil.example", "example.org;d=evil.example",
		"example.org\x01.evil.example", "example.org.", ".example.org",
		"example..org", "example.org,evil.example", "@example.org",
		"example.org evil.example", "example.org/evil.example",
		"example.org%00.evil.example", "example_.org", "*.example.org",
		"", "org", "xn--example.org", "example.org\\.evil.example",
	};
	static const char *const selectors[] = {
		"lab._domainkey.example.org", "lab\x01", "lab/", "*", "",
		"lab..x", "lab(x", "lab\"", "lab.evil.example\xC2\x80",
	};
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	size_t i;

	for (i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		how.domain = domains[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   domains[i]);
	}
	how.domain = "example.org";
	for (i = 0; i < sizeof(selectors) / sizeof(*selectors); i++) {
		how.selector = selectors[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   selectors[i]);
	}
}

/* 3: NUL in d= */
static void nul_in_a_domain_is_no_end(void **state)
{
	struct desk *desk = *state;
	struct dkim_sign_options how = options(NULL);
	struct desk_answer answer;
	struct bytes text;
	const char *message;
	char *copy;

	how.domain = "example.org@.evil.example";
	message = desk_sign_as(desk, &how, HEAD BODY);
	copy = strdup(message);
	assert_non_null(copy);
	strstr(copy, "org@.evil")[3] = 0;
	text.data = (unsigned char *)copy;
	text.len = strlen(message);
	answer = desk_check_bytes(desk, text);
	assert_true(desk_hides_name(&answer));
	assert_string_equal(answer.display, "warning");
	free(copy);
}

/* 28: text behind l=, or in front of it all */
static void text_behind_the_length_is_tampering(void **state)
{
	static const char *const added[] = {
		"Pay to account 4711.\r\n", "\r\nPay.\r\n", ".", " x",
		"\r\n\r\n\r\n--b\r\n", "<html>",
	};
	static const uint64_t lengths[] = { 0, 1, 5, 7 };
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message;
	size_t i, j;

	how.has_length = true;
	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		how.length = lengths[i];
		message = desk_sign_as(desk, &how, HEAD BODY);
		answer = desk_check(desk, message);
		assert_string_equal(answer.verdict, lengths[i] == 7 ?
				    "genuine" : "suspicious");
		for (j = 0; j < sizeof(added) / sizeof(*added); j++) {
			answer = desk_check(desk, desk_print(desk, "%s%s",
							message, added[j]));
			if (strcmp(answer.verdict, "suspicious") != 0 ||
			    strcmp(answer.code, "tampered") != 0)
				fail_msg("l=%d, %s: %s, %s", (int)lengths[i],
					 added[j], answer.verdict,
					 answer.code);
			assert_string_equal(answer.display, "warning");
			assert_true(desk_hides_name(&answer));
		}
	}
}

/* 29: and a length that is no number, or larger than the body */
static void a_length_is_that_of_the_body(void **state)
{
	static const char *const lengths[] = {
		"8", "100", "18446744073709551615", "18446744073709551616",
		"99999999999999999999999999", "-1", "0x7", "7 7", "", "7.0",
		"+7", "007x",
	};
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		how.length_text = lengths[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   lengths[i]);
	}
}

/* 33: weak keys and weak hashes */
static void weak_proofs_are_none(void **state)
{
	struct desk *desk = *state;
	struct dkim_sign_options how = options(NULL);
	struct desk_answer answer;
	struct dkim_lab_key *key;
	static const unsigned bits[] = { 512, 768, 1024 };
	char *record;
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		key = dkim_lab_key_new(DKIM_LAB_RSA, bits[i]);
		record = dkim_lab_key_record(key);
		how.key = key;
		how.selector = desk_print(desk, "rsa%u", bits[i]);
		script_txt(desk->script, desk_print(desk,
				"%s._domainkey.example.org", how.selector),
			   record);
		answer = desk_check(desk, desk_sign_as(desk, &how, HEAD BODY));
		assert_string_equal(answer.verdict, bits[i] < 1024 ?
				    "spoofed" : "genuine");
		if (bits[i] >= 512 + 256) {
			how.sha1 = true;
			is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
				   "rsa-sha1");
			how.sha1 = false;
		}
		free(record);
		dkim_lab_key_free(key);
	}
}

/* Tags that say what no verifier should take. */
static void tags_are_read_strictly(void **state)
{
	static const char *const extras[] = {
		"d=evil.example", "s=other", "h=from", "v=1", "b=", "bh=",
		"q=dns/foo", "i=@evil.example", "i=@evilexample.org",
		"i=alice@example.org.evil.example", "i=", "i=example.org",
		"=x", "x", "a b=c", "t=1; t=2",
	};
	static const char *const heads[] = {
		"a=ed25519-sha256", "v=2; a=ed25519-sha256",
		"v=1; a=ed25519-sha1", "v=1; a=rsa-sha256", "v=1",
		"V=1; a=ed25519-sha256", "v=1; A=ed25519-sha256",
		"v=1; a=ed25519", "v=1.0; a=ed25519-sha256",
		"v=1; a=none",
	};
	static const char *const fields[] = {
		"to:subject:date", "", ":", "from:", "from::to", "fro m",
		"from;to", "from\x01", "*", "FROM2",
	};
	static const char *const forms[] = {
		"relaxed/other", "other", "/", "relaxed/", "nofws",
	};
	struct dkim_sign_options how;
	struct desk *desk = *state;
	size_t i;

	for (i = 0; i < sizeof(extras) / sizeof(*extras); i++) {
		how = options(extras[i]);
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   extras[i]);
	}
	how = options(NULL);
	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		how.head = heads[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   heads[i]);
	}
	how = options(NULL);
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		how.fields = fields[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   fields[i]);
	}
	how = options(NULL);
	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		how.canon = forms[i];
		is_spoofed(desk, desk_sign_as(desk, &how, HEAD BODY),
			   forms[i]);
	}
}

/* 41: key records that only a careless verifier takes */
static void key_records_are_read_strictly(void **state)
{
	static const struct {
		const char *tags;	/* % is p= and the key */
		const char *verdict;
	} rows[] = {
		{ "v=DKIM1; k=ed25519; %", "genuine" },
		{ "k=ed25519; %", "genuine" },
		{ "v=DKIM1; k=ed25519; t=y; %", "genuine" },
		{ "v=DKIM1; k=ed25519; h=sha256; %", "genuine" },
		{ "v=DKIM1; k=ed25519; s=*; %", "genuine" },
		{ "v=DKIM1; k=ed25519; s=email; n=x; %", "genuine" },
		{ "v=DKIM1; k=rsa; %", "spoofed" },
		{ "v=DKIM1; %", "spoofed" },
		{ "k=ed25519; v=DKIM1; %", "spoofed" },
		{ "v=DKIM2; k=ed25519; %", "spoofed" },
		{ "v=dkim1; k=ed25519; %", "spoofed" },
		{ "v=DKIM1; k=ed25519; h=sha1; %", "spoofed" },
		{ "v=DKIM1; k=ed25519; s=tlsrpt; %", "spoofed" },
		{ "v=DKIM1; k=ed25519; p=", "spoofed" },
		{ "v=DKIM1; k=ed25519", "spoofed" },
		{ "v=DKIM1; k=ed25519; %; p=", "spoofed" },
		{ "v=DKIM1; k=ed25519; p=; %", "spoofed" },
		{ "v=DKIM1; k=ed25519; %AA", "spoofed" },
		{ "", "spoofed" },
		{ "v=spf1 -all", "spoofed" },
	};
	struct dkim_lab_key *key = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	char *p = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, at;

	how.key = key;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		how.selector = desk_print(desk, "k%zu", i);
		at = strcspn(rows[i].tags, "%");
		script_txt(desk->script, desk_print(desk,
				"%s._domainkey.example.org", how.selector),
			   rows[i].tags[at] == 0 ? rows[i].tags :
			   desk_print(desk, "%.*sp=%s%s", (int)at,
				      rows[i].tags, p, rows[i].tags + at + 1));
		answer = desk_check(desk, desk_sign_as(desk, &how, HEAD BODY));
		if (strcmp(answer.verdict, rows[i].verdict) != 0)
			fail_msg("%s: %s, %s", rows[i].tags, answer.verdict,
				 answer.code);
	}
	free(p);
	dkim_lab_key_free(key);
}

/* Whatever is changed in what is signed, the proof is gone. */
static void what_is_signed_cannot_be_changed(void **state)
{
	static const char *const changes[][2] = {
		{ "Alice Harper", "Alice Harpes" }, { "Hello", "Hallo" },
		{ "me@user", "mf@user" }, { "10:00", "10:01" },
		{ "d=example.org", "d=evil.example" }, { "s=lab", "s=lac" },
		{ "h=from:to", "h=from:cc" }, { "c=relaxed", "c=simple" },
		{ "a=ed25519", "a=rsa" }, { "\r\n\r\nHello", "\r\n\r\nhello" },
		{ "bh=", "bh=A" }, { "\tb=", "\tb=A" },
	};
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message;
	size_t i;

	message = desk_sign_as(desk, &how, HEAD BODY);
	assert_string_equal(desk_check(desk, message).verdict, "genuine");
	for (i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		answer = desk_check(desk, swap(desk, message, changes[i][0],
					       changes[i][1]));
		if (!desk_hides_name(&answer) ||
		    strcmp(answer.display, "warning") != 0)
			fail_msg("%s: %s", changes[i][1], answer.verdict);
	}
}

/* Many signatures, the good one of the author's domain last. */
static void the_authors_signature_is_found(void **state)
{
	struct dkim_sign_options how = options(NULL);
	struct desk *desk = *state;
	const char *message = desk_sign_as(desk, &how, HEAD BODY);
	struct desk_answer answer;
	unsigned i;

	how.domain = "evil.example";
	for (i = 0; i < 60; i++)
		message = desk_sign_as(desk, &how, message);
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
	assert_true(desk_has_reason(&answer, "signatures-ignored"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(names_in_a_signature_are_strict),
		DESK_TEST(nul_in_a_domain_is_no_end),
		DESK_TEST(text_behind_the_length_is_tampering),
		DESK_TEST(a_length_is_that_of_the_body),
		DESK_TEST(weak_proofs_are_none),
		DESK_TEST(tags_are_read_strictly),
		DESK_TEST(key_records_are_read_strictly),
		DESK_TEST(what_is_signed_cannot_be_changed),
		DESK_TEST(the_authors_signature_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
