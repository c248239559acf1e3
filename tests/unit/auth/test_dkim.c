/* test_dkim.c - traps: what a signature or a key may do wrong, one by one */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/auth/dkim_case.h"

struct trap {
	const char *what;
	enum case_key key;
	struct dkim_sign_options sign;
	const char *record;		/* "@" is the key; NULL: a good one */
	const char *second;		/* one more record at that name */
	enum result result;
	const char *code;
};

#define OK RESULT_PASS, NULL
#define SYNTAX RESULT_PERMERROR, "signature-syntax"
#define KEY_SYNTAX RESULT_PERMERROR, "key-syntax"
#define MISMATCH RESULT_PERMERROR, "key-mismatch"
#define OUTSIDE RESULT_PERMERROR, "identity-outside"
#define E_ CASE_ED25519
#define R_ CASE_RSA

static const struct trap traps[] = {
	{ "an empty tag", R_, { .extra = "" }, NULL, NULL, SYNTAX },
	{ "plain", R_, { 0 }, NULL, NULL, OK },
	{ "ed25519", E_, { 0 }, NULL, NULL, OK },
	{ "rsa-1024", CASE_RSA_1024, { 0 }, NULL, NULL, OK },
	{ "rsa-1023", CASE_RSA_1023, { 0 }, NULL, NULL,
	  RESULT_POLICY, "weak-key" },
	{ "rsa-512", CASE_RSA_512, { 0 }, NULL, NULL,
	  RESULT_POLICY, "weak-key" },
	{ "simple/simple", R_, { .canon = "simple/simple" }, NULL, NULL, OK },
	{ "simple", R_, { .canon = "simple" }, NULL, NULL, OK },
	{ "relaxed", R_, { .canon = "relaxed" }, NULL, NULL, OK },
	{ "simple/relaxed", E_, { .canon = "simple/relaxed" }, NULL, NULL, OK },
	{ "c=future", R_, { .canon = "relaxed/future" }, NULL, NULL, SYNTAX },
	{ "c=relaxed/", R_, { .canon = "relaxed/" }, NULL, NULL, SYNTAX },
	/* the signature's tags */
	{ "no v=", R_, { .head = "a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "v=2", R_, { .head = "v=2; a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "v=01", R_, { .head = "v=01; a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "v=1.0", R_, { .head = "v=1.0; a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "V=1", R_, { .head = "V=1; a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "v= not first", R_, { .head = "a=rsa-sha256; v=1" }, NULL, NULL,
	  OK },
	{ "no a=", R_, { .head = "v=1" }, NULL, NULL, SYNTAX },
	{ "a=rsa-md5", R_, { .head = "v=1; a=rsa-md5" }, NULL, NULL,
	  RESULT_PERMERROR, "unknown-algorithm" },
	{ "rsa-sha1", R_, { .sha1 = true }, NULL, NULL,
	  RESULT_POLICY, "weak-algorithm" },
	{ "sha1 called sha256", R_,
	  { .sha1 = true, .head = "v=1; a=rsa-sha256" }, NULL, NULL, SYNTAX },
	{ "d= twice", R_, { .extra = "d=example.org" }, NULL, NULL, SYNTAX },
	{ "s= twice", R_, { .extra = "s=other" }, NULL, NULL, SYNTAX },
	{ "unknown tag", R_, { .extra = "zz=1" }, NULL, NULL, OK },
	{ "unknown tag twice", R_, { .extra = "zz=1; zz=1" }, NULL, NULL,
	  SYNTAX },
	{ "q=dns/txt", R_, { .extra = "q=dns/txt" }, NULL, NULL, OK },
	{ "q= list", R_, { .extra = "q=http : dns/txt" }, NULL, NULL, OK },
	{ "q=dns/foo", R_, { .extra = "q=dns/foo" }, NULL, NULL, SYNTAX },
	{ "q=dns", R_, { .extra = "q=dns" }, NULL, NULL, SYNTAX },
	{ "h= without From", R_, { .fields = "to:subject:date" }, NULL, NULL,
	  RESULT_PERMERROR, "from-not-signed" },
	{ "h=x-from", R_, { .fields = "x-from:to:fromm" }, NULL, NULL,
	  RESULT_PERMERROR, "from-not-signed" },
	{ "h= empty name", R_, { .fields = "from::to" }, NULL, NULL, SYNTAX },
	{ "h= ends in a colon", R_, { .fields = "from:" }, NULL, NULL, SYNTAX },
	{ "h=FROM", R_, { .fields = "FROM:Subject:DATE" }, NULL, NULL, OK },
	{ "oversigned", R_,
	  { .fields = "from:from:to:to:subject:subject:date:date" },
	  NULL, NULL, OK },
	{ "d= dot at the end", R_, { .domain = "example.org." }, NULL, NULL,
	  SYNTAX },
	{ "d= quote", R_, { .domain = "example.org'a.example.com" }, NULL,
	  NULL, SYNTAX },
	{ "d= comment", R_, { .domain = "example.org(a.example.com" }, NULL,
	  NULL, SYNTAX },
	{ "d= folded", R_, { .domain = "example.\r\n org" }, NULL, NULL,
	  SYNTAX },
	{ "d= underscore", R_, { .domain = "_a.example.org" }, NULL, NULL,
	  SYNTAX },
	{ "d= case", R_, { .domain = "EXAMPLE.org" }, NULL, NULL, OK },
	{ "s= dot at the end", R_, { .selector = "lab." }, NULL, NULL,
	  SYNTAX },
	{ "s= empty label", R_, { .selector = "lab..a" }, NULL, NULL, SYNTAX },
	{ "s= case", R_, { .selector = "LAB" }, NULL, NULL, OK },
	{ "i=", R_, { .extra = "i=alice@example.org" }, NULL, NULL, OK },
	{ "i= sub-domain", R_, { .extra = "i=@a.EXAMPLE.org" }, NULL, NULL,
	  OK },
	{ "i= quoted-printable", R_,
	  { .extra = "i=a=40b=3B@example.org" }, NULL, NULL, OK },
	{ "i= without @", R_, { .extra = "i=example.org" }, NULL, NULL,
	  SYNTAX },
	{ "i= outside", R_, { .extra = "i=@example.com" }, NULL, NULL,
	  OUTSIDE },
	{ "i= suffix without a dot", R_, { .extra = "i=@evilexample.org" },
	  NULL, NULL, OUTSIDE },
	{ "i= above", R_, { .extra = "i=@org" }, NULL, NULL, OUTSIDE },
	{ "i= dot at the end", R_, { .extra = "i=@example.org." }, NULL, NULL,
	  OUTSIDE },
	/* times; now is 1767225600 */
	{ "t=", R_, { .extra = "t=1767225600" }, NULL, NULL, OK },
	{ "t= a little ahead", R_, { .extra = "t=1767225900" }, NULL, NULL,
	  OK },
	{ "t= ahead", R_, { .extra = "t=1767225901" }, NULL, NULL,
	  RESULT_FAIL, "from-the-future" },
	{ "t= tomorrow, expired", R_, { .extra = "t=1767312000; x=1" }, NULL,
	  NULL, SYNTAX },
	{ "x= now", R_, { .extra = "x=1767225600" }, NULL, NULL, OK },
	{ "x= past", R_, { .extra = "x=1767225599" }, NULL, NULL,
	  RESULT_FAIL, "expired" },
	{ "x= is t=", R_, { .extra = "t=1767225600; x=1767225600" }, NULL,
	  NULL, SYNTAX },
	{ "t= empty", R_, { .extra = "t=" }, NULL, NULL, SYNTAX },
	{ "t=-1", R_, { .extra = "t=-1" }, NULL, NULL, SYNTAX },
	{ "x= no number", R_, { .extra = "x=17672256 01" }, NULL, NULL,
	  SYNTAX },
	/* l= */
	{ "l= larger", R_, { .has_length = true, .length = 25 }, NULL, NULL,
	  RESULT_PERMERROR, "length-beyond-body" },
	{ "l= huge", R_, { .length_text = "99999999999999999999999" }, NULL,
	  NULL, SYNTAX },
	{ "l= negative", R_, { .length_text = "-1" }, NULL, NULL, SYNTAX },
	/* the key record */
	{ "no v=", R_, { 0 }, "k=rsa; p=@", NULL, OK },
	{ "no k=", R_, { 0 }, "p=@", NULL, OK },
	{ "no k= for ed25519", E_, { 0 }, "p=@", NULL, MISMATCH },
	{ "v= not first", R_, { 0 }, "k=rsa; v=DKIM1; p=@", NULL, KEY_SYNTAX },
	{ "v=DKIM2", R_, { 0 }, "v=DKIM2; p=@", NULL, KEY_SYNTAX },
	{ "v=dkim1", R_, { 0 }, "v=dkim1; p=@", NULL, KEY_SYNTAX },
	{ "p= twice", R_, { 0 }, "v=DKIM1; p=@; p=@", NULL, KEY_SYNTAX },
	{ "no p=", R_, { 0 }, "v=DKIM1; k=rsa", NULL, KEY_SYNTAX },
	{ "p= empty", R_, { 0 }, "v=DKIM1; k=rsa; p=", NULL,
	  RESULT_PERMERROR, "key-revoked" },
	{ "p= no base64", R_, { 0 }, "v=DKIM1; p=@A", NULL, KEY_SYNTAX },
	{ "k= of the other", R_, { 0 }, "v=DKIM1; k=ed25519; p=@", NULL,
	  MISMATCH },
	{ "k= of the other", E_, { 0 }, "v=DKIM1; k=rsa; p=@", NULL,
	  MISMATCH },
	{ "k=foo", R_, { 0 }, "v=DKIM1; k=foo; p=@", NULL, MISMATCH },
	{ "h=sha1", R_, { 0 }, "v=DKIM1; h=sha1; p=@", NULL, MISMATCH },
	{ "h=sha1:sha256", R_, { 0 }, "v=DKIM1; h=sha1 : sha256; p=@", NULL,
	  OK },
	{ "s=tlsrpt", R_, { 0 }, "v=DKIM1; s=tlsrpt; p=@", NULL, MISMATCH },
	{ "s=x:email", R_, { 0 }, "v=DKIM1; s=x:email; p=@", NULL, OK },
	{ "s=*", R_, { 0 }, "v=DKIM1; s=*; p=@", NULL, OK },
	{ "t=y", R_, { 0 }, "v=DKIM1; t=y; p=@", NULL, OK },
	{ "g=", R_, { 0 }, "v=DKIM1; g=bob; p=@", NULL, OK },
	{ "t=s", R_, { 0 }, "v=DKIM1; t=s; p=@", NULL, OK },
	{ "t=s, same i=", R_, { .extra = "i=@example.org" },
	  "v=DKIM1; t=y:s; p=@", NULL, OK },
	{ "t=s, i= below", R_, { .extra = "i=@a.example.org" },
	  "v=DKIM1; t=s; p=@", NULL, OUTSIDE },
	{ "two keys", R_, { 0 }, "v=DKIM1; p=@", "v=DKIM1; p=abcd",
	  RESULT_PERMERROR, "several-keys" },
	{ "other records beside", R_, { 0 }, "v=DKIM1; p=@",
	  "v=spf1 -all", OK },
	{ "a policy beside", R_, { 0 }, "v=DKIM1; p=@",
	  "v=DMARC1; p=none", OK },
	{ "no key among them", R_, { 0 }, "v=spf1 -all", "hello",
	  KEY_SYNTAX },
	{ "another key", R_, { 0 }, "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQ"
	  "UAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC"
	  "jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto"
	  "/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
	  NULL, RESULT_FAIL, "signature-mismatch" },
};

static void trap_run(struct dkim_case *one, const struct trap *trap,
		     const char *message)
{
	struct dkim_sign_options sign = trap->sign;
	const struct dkim_finding *found;
	char *text;

	case_start(one);
	if (trap->record == NULL)
		case_right_record(one, trap->key);
	else
		case_record(one, "lab._domainkey.example.org", trap->record,
			    trap->key, DKIM_LAB_SPKI);
	if (trap->second != NULL)
		script_txt(one->script, "lab._domainkey.example.org",
			   trap->second);
	sign.key = one->keys[trap->key];
	text = dkim_sign(message, &sign);
	found = case_check(one, text);
	if (found->result != trap->result ||
	    (trap->code == NULL) != (found->code == NULL) ||
	    (trap->code != NULL && strcmp(trap->code, found->code) != 0))
		fail_msg("%s (%s): %d, %s: %s", trap->what,
			 trap->record == NULL ? "" : trap->record,
			 (int)found->result,
			 found->code == NULL ? "no code" : found->code, text);
	assert_int_equal(one->found.count, 1);
	if (found->result == RESULT_PASS) {
		assert_int_equal(found->integrity, INTEGRITY_WHOLE);
		assert_null(found->text);
		assert_int_equal(found->dnssec, DNS_SECURE);
	} else {
		assert_non_null(found->text);
		assert_int_equal(found->integrity, INTEGRITY_UNKNOWN);
	}
	free(text);
}

static void every_trap(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(traps) / sizeof(traps[0]); i++)
		trap_run(*state, &traps[i], case_message);
	print_message("%zu traps\n", i);
}

/* A mailbox file's line ends change nothing. */
static void line_ends_of_a_mailbox(void **state)
{
	char text[sizeof(case_message)];
	size_t i, used = 0;

	for (i = 0; i < sizeof(case_message); i++)
		if (case_message[i] != '\r')
			text[used++] = case_message[i];
	for (i = 0; i < 10; i++)
		trap_run(*state, &traps[i], text);
}

static int setup(void **state)
{
	*state = case_new();
	return 0;
}

static int teardown(void **state)
{
	case_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_trap),
		cmocka_unit_test(line_ends_of_a_mailbox),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
