/* test_auth_server.c - where the border's word stands in for what cannot be
 * seen here, and where it does not */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/value.h"
#include "tests/flow/desk.h"

#define ALICE	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
		"\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"
#define KEY	"lab._domainkey.example.org"
#define SAYS	"Authentication-Results: mx.user.example; dkim=pass " \
		"header.d=example.org\r\n"

/* What a border at mx.user.example that believes it writes on top. */
static struct desk_answer through(struct desk *desk, const char *results,
				  const char *text)
{
	return desk_check(desk, desk_print(desk, "%s%s%s", results,
		desk_border(desk, DESK_EVIL_IP, "relay.example",
			    "x@evil.example"), text));
}

static const char *reason(const struct desk_answer *answer)
{
	return value_text(value_find(answer->report, "dmarc", VALUE_DICT),
			  "reason");
}

static void a_border_that_adds_a_footer(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text = desk_print(desk, "%s-- scanned\r\n",
				      desk_sign(desk, "example.org", ALICE));

	answer = through(desk, "", text);
	assert_string_equal(answer.code, "altered-on-the-way");
	answer = through(desk, SAYS, text);
	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.proof, "server");
	assert_string_equal(answer.dmarc, "pass");
	assert_true(desk_hides_name(&answer));
	assert_non_null(strstr(reason(&answer), "dkim=pass for example.org"));
	assert_null(strstr(reason(&answer), "No aligned"));
}

static void a_border_that_marks_the_subject(void **state)
{
	struct desk *desk = *state;
	const char *text = desk_print(desk, "%s",
				      desk_sign(desk, "example.org", ALICE));
	const char *at = strstr(text, "Subject: ");
	struct desk_answer answer;

	text = desk_print(desk, "%.*sSubject: [EXT] %s", (int)(at - text),
			  text, at + strlen("Subject: "));
	answer = through(desk, "", text);
	assert_string_equal(answer.verdict, "spoofed");
	answer = through(desk, SAYS, text);
	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.proof, "server");
}

static void a_key_that_is_gone(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text = desk_sign(desk, "example.org", ALICE);

	script_state(desk->script, KEY, DNS_NXDOMAIN);
	answer = through(desk, "", text);
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "key-unavailable"));
	answer = through(desk, SAYS, text);
	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.proof, "server");
}

/* What is seen here to be no good stays so. */
static void what_is_no_good_stays_so(void **state)
{
	static const struct {
		const char *extra, *code;
		bool sha1;
	} cases[] = {
		{ "t=1772440000; x=1772445599", "expired", false },
		{ "t=1772449999", "from-the-future", false },
		{ "i=@example.com", "identity-outside", false },
		{ "l=99999", "length-beyond-body", false },
		{ NULL, "unknown-algorithm", true },
	};
	struct desk *desk = *state;
	struct dkim_sign_options how;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&how, 0, sizeof(how));
		how.domain = "example.org";
		how.extra = cases[i].extra;
		if (cases[i].sha1)
			how.head = "v=1; a=ed25519-sha1";
		answer = through(desk, SAYS, desk_sign_as(desk, &how, ALICE));
		assert_string_equal(answer.verdict, "spoofed");
		assert_null(answer.proof);
		assert_true(desk_has_reason(&answer, cases[i].code));
	}
	script_txt(desk->script, "old._domainkey.example.org",
		   "v=DKIM1; k=ed25519; p=");
	memset(&how, 0, sizeof(how));
	how.domain = "example.org";
	how.selector = "old";
	answer = through(desk, SAYS, desk_sign_as(desk, &how, ALICE));
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "key-revoked"));
}

/* A pass of our own is not undone by a believed fail. */
static void our_own_pass_stands(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer = through(desk,
		"Authentication-Results: mx.user.example; dkim=fail "
		"header.d=example.org; dmarc=fail header.from=example.org\r\n",
		desk_sign(desk, "example.org", ALICE));

	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.proof, "dkim");
}

static void without_a_policy_the_proof_is_the_signature(void **state)
{
	struct desk *desk = *state;
	const char *text = desk_sign(desk, "work.example",
		"From: Alice Harper <alice@work.example>\r\nSubject: x\r\n"
		"Date: " DESK_DATE "\r\nTo: me@user.example\r\n\r\nx\r\n");
	struct desk_answer answer = desk_check(desk, text);

	assert_string_equal(answer.verdict, "unverified");
	assert_null(answer.proof);
	desk->world.policy.require_policy = false;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.dmarc, "none");
	assert_string_equal(answer.proof, "dkim");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_border_that_adds_a_footer),
		DESK_TEST(a_border_that_marks_the_subject),
		DESK_TEST(a_key_that_is_gone),
		DESK_TEST(what_is_no_good_stays_so),
		DESK_TEST(our_own_pass_stands),
		DESK_TEST(without_a_policy_the_proof_is_the_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
