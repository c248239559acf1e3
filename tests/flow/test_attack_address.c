/* test_attack_address.c - From addresses that are not, but look like, Alice's
 *
 * Rows 16, 21, 24, 25 and 35 of the attack list.  The attacker owns these
 * domains: DMARC passes, and only the address tells. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/mail/domain.h"
#include "tests/flow/desk.h"

/* Signed by the domain of the address, which asks for p=reject. */
static struct desk_answer from(struct desk *desk, const char *written,
			       const char *signer)
{
	return desk_check(desk, desk_sign(desk, signer, desk_print(desk,
		"From: %s\r\nTo: me@user.example\r\nSubject: Hello\r\n"
		"Date: " DESK_DATE "\r\n\r\nHello\r\n", written)));
}

static const char *owned(struct desk *desk, const char *domain)
{
	const char *ascii = domain_normal(desk->arena, bytes_of(domain));

	assert_non_null(ascii);
	desk_domain(desk, ascii, "v=DMARC1; p=reject");
	return ascii;
}

/* 21: an IDN of look-alikes, or ASCII ones */
static void a_double_of_a_known_domain_is_suspicious(void **state)
{
	static const char *const domains[] = {
		"\xD0\xB5xample.org", "ex\xD0\xB0mple.org",
		"exam\xD1\x80le.org", "\xD0\xB5\xD1\x85\xD0\xB0mple.org",
		"examp\xD3\x8F" "e.org", "exarnple.org", "examp1e.org",
		"ex\xC9\x91mple.org",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *ascii;
	size_t i;

	for (i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		ascii = owned(desk, domains[i]);
		answer = from(desk, desk_print(desk, "Alice <alice@%s>",
					       domains[i]), ascii);
		if (strcmp(answer.verdict, "suspicious") != 0 ||
		    strcmp(answer.code, "looks-like-contact") != 0)
			fail_msg("%s: %s, %s", domains[i], answer.verdict,
				 answer.code);
		assert_true(desk_hides_name(&answer));
		/* shown as what it is */
		assert_string_equal(answer.shown_from,
				    desk_print(desk, "alice@%s", ascii));
		answer = from(desk, desk_print(desk, "alice@%s", ascii), ascii);
		assert_string_equal(answer.verdict, "suspicious");
		answer = from(desk, desk_print(desk,
				"Alice Harper <alice@%s>", ascii), ascii);
		assert_string_equal(answer.verdict, "suspicious");
	}
}

/* A neighbour's address at the contact's own provider. */
static void a_double_of_a_known_local_part_is_suspicious(void **state)
{
	static const char *const locals[] = {
		"a1ice", "\xD0\xB0lice", "al\xD1\x96" "ce", "alic\xD0\xB5",
		"aIice", "a|ice", "\xCE\xB1lice",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(locals) / sizeof(*locals); i++) {
		answer = from(desk, desk_print(desk, "A <%s@example.org>",
					       locals[i]), "example.org");
		if (strcmp(answer.verdict, "suspicious") != 0)
			fail_msg("%s: %s, %s", locals[i], answer.verdict,
				 answer.code);
		assert_true(desk_hides_name(&answer));
	}
}

/* 23, 24, 35: other domains, sub-domains, neighbours: proved, and strangers */
static void near_by_is_not_the_same(void **state)
{
	static const char *const addresses[] = {
		"alice@example.org.evil.example", "alice@evilexample.org",
		"alice@example.org.example.com", "alice@example-org.com",
		"alice@sub.example.org", "alice@example.com",
		"mallory@example.org", "alice+x@example.org",
		"alice.harper@example.org", "xalice@example.org",
		"alice-example.org@evil.example", "al.ice@example.org",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *domain;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		domain = owned(desk, strrchr(addresses[i], '@') + 1);
		answer = from(desk, desk_print(desk, "A <%s>", addresses[i]),
			      domain);
		assert_true(desk_hides_name(&answer));
		assert_string_equal(answer.shown_from, addresses[i]);
		assert_string_equal(answer.verdict, "authenticated");
	}
}

/* A local part is compared without case, a domain as A-labels. */
static void the_same_address_written_otherwise(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	answer = from(desk, "A <ALICE@Example.ORG>", "example.org");
	assert_string_equal(answer.verdict, "genuine");
	answer = from(desk, "A <jm@B\xC3\x9C" "CHER.example>",
		      "xn--bcher-kva.example");
	assert_string_equal(answer.verdict, "genuine");
	answer = from(desk, "A <jm@xn--bcher-kva.example>",
		      "xn--bcher-kva.example");
	assert_string_equal(answer.verdict, "genuine");
}

/* 16: shown as they are, and never with a name */
static void odd_local_parts_show_no_name(void **state)
{
	static const char *const addresses[] = {
		"\"alice@example.org\\ \"@evil.example",
		"\"alice@example.org\"@evil.example",
		"\"Alice Harper <alice@example.org>\"@evil.example",
		"\"alice@example.org,\"@evil.example",
		"\"\\\"alice@example.org\\\"\"@evil.example",
		"\"alice@example.org>\"@evil.example",
		"\" alice\"@example.org", "\"alice \"@example.org",
		"\"alice\"@example.org", "\"al\\ice\"@example.org",
		"\"\"@example.org", "\"(x)alice\"@example.org",
		"alice . harper@example.org", "alice@example . org",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *domain;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		domain = strstr(addresses[i], "evil.example") != NULL ?
			 "evil.example" : "example.org";
		answer = from(desk, desk_print(desk, "Alice Harper <%s>",
					       addresses[i]), domain);
		if (!desk_hides_name(&answer))
			fail_msg("%s: %s, %s, %s", addresses[i],
				 answer.verdict, answer.code,
				 answer.shown_from);
	}
}

/* Comments are no part of an address: hers, or nobody's. */
static void comments_give_nobody_away(void **state)
{
	static const char *const addresses[] = {
		"alice (x)@example.org", "alice@ (x) example.org",
		"(x)alice@example.org", "alice@example.org(x)",
		"(eve@evil.example) alice@example.org",
		"alice@example.org (eve@evil.example)",
		"alice(@evil.example)@example.org",
		"alice@(evil.example)example.org",
		"alice@example.org(.evil.example)",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		answer = from(desk, desk_print(desk, "A <%s>", addresses[i]),
			      "example.org");
		if (strcmp(answer.verdict, "genuine") == 0)
			assert_string_equal(answer.shown_from,
					    "A <alice@example.org>");
		else
			assert_string_equal(answer.verdict, "suspicious");
		answer = from(desk, desk_print(desk, "A <%s>", addresses[i]),
			      "evil.example");
		assert_true(desk_hides_name(&answer));
		assert_string_equal(answer.display, "warning");
	}
}

/* 25: alignment is relaxed by default, and strict where the domain says so */
static void strict_alignment_is_equality(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	desk_domain(desk, "strict.example", "v=DMARC1; p=reject; adkim=s");
	desk_domain(desk, "mail.strict.example", NULL);
	desk_domain(desk, "mail.example.org", NULL);
	desk_contact(desk, "amy@strict.example", "Amy", 4);
	answer = from(desk, "Amy <amy@strict.example>", "mail.strict.example");
	assert_string_equal(answer.verdict, "spoofed");
	answer = from(desk, "Amy <amy@strict.example>", "strict.example");
	assert_string_equal(answer.verdict, "genuine");
	answer = from(desk, "A <alice@example.org>", "mail.example.org");
	assert_string_equal(answer.verdict, "genuine");
}

/* 24: compared by whole labels */
static void other_domains_are_not_aligned(void **state)
{
	static const char *const signers[] = {
		"evilexample.org", "example.org.evil.example", "org",
		"evil.example", "example.com", "ample.org",
		"example.organic.example", "xn--bcher-kva.example",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(signers) / sizeof(*signers); i++) {
		desk_domain(desk, signers[i], NULL);
		answer = from(desk, "Alice Harper <alice@example.org>",
			      signers[i]);
		if (strcmp(answer.verdict, "spoofed") != 0)
			fail_msg("%s: %s", signers[i], answer.verdict);
		assert_string_equal(answer.display, "warning");
		assert_true(desk_hides_name(&answer));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_double_of_a_known_domain_is_suspicious),
		DESK_TEST(a_double_of_a_known_local_part_is_suspicious),
		DESK_TEST(near_by_is_not_the_same),
		DESK_TEST(the_same_address_written_otherwise),
		DESK_TEST(odd_local_parts_show_no_name),
		DESK_TEST(comments_give_nobody_away),
		DESK_TEST(strict_alignment_is_equality),
		DESK_TEST(other_domains_are_not_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
