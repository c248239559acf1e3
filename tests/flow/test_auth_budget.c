/* test_auth_budget.c - who floods the questions makes no forgery "not proved"
 *
 * A forger's own domains and names cost questions; what is left must be
 * enough to see that the author's SPF and DMARC fail. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define SEVEN "a@a.b.c.d.e.f.a1.example b@a.b.c.d.e.f.a2.example " \
	"c@a.b.c.d.e.f.a3.example d@a.b.c.d.e.f.a4.example " \
	"e@a.b.c.d.e.f.a5.example f@a.b.c.d.e.f.a6.example " \
	"g@a.b.c.d.e.f.a7.example "
#define NAMES SEVEN "h@a.b.c.d.e.f.a8.example"
#define REST "To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
	"\r\nMessage-ID: <1@x.example>\r\n\r\nPay now.\r\n"

/* bank.example asks for much, as large domains do. */
static void bank_open(struct desk *desk)
{
	unsigned i;

	desk_domain(desk, "bank.example", "v=DMARC1; p=reject");
	script_txt(desk->script, "bank.example", "v=spf1 include:s0.bank."
		   "example include:s1.bank.example include:s2.bank.example "
		   "include:s3.bank.example mx a:m.bank.example -all");
	for (i = 0; i < 4; i++)
		script_txt(desk->script, desk_print(desk, "s%u.bank.example",
						    i),
			   "v=spf1 ip4:198.51.100.0/24 -all");
	script_a(desk->script, "m.bank.example", "198.51.100.1");
	for (i = 0; i < 8; i++) {
		script_mx(desk->script, "bank.example", i,
			  desk_print(desk, "mx%u.bank.example", i));
		script_a(desk->script, desk_print(desk, "mx%u.bank.example",
						  i), "198.51.100.2");
	}
}

static const char *signatures(struct desk *desk, const char *text)
{
	struct dkim_sign_options how;
	unsigned i;

	memset(&how, 0, sizeof(how));
	for (i = 0; i < 10; i++) {
		how.domain = desk_print(desk, "a.b.c.d.e.f%u.bank.example",
					i);
		text = desk_sign_as(desk, &how, text);
	}
	return text;
}

static void names_and_signatures_leave_enough(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;

	bank_open(desk);
	text = signatures(desk, "From: Bank <ceo@bank.example>\r\n" REST);
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "x", "ceo@bank.example"),
		text));
	assert_string_equal(answer.spf, "fail");
	assert_string_equal(answer.dmarc, "fail");
	assert_string_equal(answer.verdict, "spoofed");
	text = signatures(desk, "From: \"" NAMES "\" <ceo@bank.example>\r\n"
			  REST);
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "x", "ceo@bank.example"),
		text));
	assert_string_equal(answer.spf, "fail");
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_hides_name(&answer));
}

/* The forger's own domain answers nothing at all. */
static void a_dead_domain_is_no_excuse(void **state)
{
	struct desk *desk = *state;
	struct dkim_sign_options how = { .domain = "dead.example" };
	struct desk_answer answer;
	const char *text;

	bank_open(desk);
	desk->deadline_ms = 300;
	desk_domain(desk, "dead.example", NULL);
	script_state(desk->script, "_dmarc.dead.example", DNS_SILENT);
	text = desk_sign_as(desk, &how,
			    "From: Bank <ceo@bank.example>\r\n" REST);
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "x", "a@dead.example"),
		text));
	assert_string_equal(answer.verdict, "spoofed");
	script_state(desk->script, "lab._domainkey.dead.example", DNS_SILENT);
	script_state(desk->script, "dead.example", DNS_SILENT);
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "x", "a@dead.example"),
		text));
	assert_string_equal(answer.verdict, "spoofed");
}

/* The name of a contact's domain is looked at, whatever else is asked. */
static void a_name_is_still_looked_at(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text = "From: \"alice@example.org\" <x@evil.example>\r\n"
			   REST;
	struct dkim_sign_options how;
	unsigned i;

	memset(&how, 0, sizeof(how));
	for (i = 0; i < 10; i++) {
		how.domain = desk_print(desk, "a.b.c.d.e.f%u.evil.example",
					i);
		script_txt(desk->script, desk_print(desk, "_dmarc.%s",
						    how.domain),
			   "v=DMARC1; p=none");
		text = desk_sign_as(desk, &how, text);
	}
	answer = desk_check(desk, desk_sign(desk, "evil.example", text));
	assert_string_equal(answer.verdict, "spoofed");
	assert_string_equal(answer.code, "forged-address-in-name");
}

/* Seven names with many labels stand before the contact's. */
static void a_contacts_name_is_looked_at_first(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	answer = desk_check(desk, desk_sign(desk, "evil.example",
		"From: \"" SEVEN "bo@example.net\" <x@evil.example>\r\n"
		REST));
	assert_string_equal(answer.verdict, "spoofed");
	assert_string_equal(answer.code, "forged-address-in-name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(names_and_signatures_leave_enough),
		DESK_TEST(a_dead_domain_is_no_excuse),
		DESK_TEST(a_name_is_still_looked_at),
		DESK_TEST(a_contacts_name_is_looked_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
