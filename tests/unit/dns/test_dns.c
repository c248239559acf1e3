/* test_dns.c - asking early, awaiting late, under one deadline */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/dns/script_desk.h"

#define BEFORE_IT_MS	30000	/* of an answer that takes a minute */

static void absence_has_two_kinds(void **test)
{
	struct desk *desk = *test;

	script_a(desk->script, "www.example", "192.0.2.1");
	assert_int_equal(get(desk, "www.example", DNS_TXT)->state,
			 DNS_NOTHING);
	assert_int_equal(get(desk, "example", DNS_TXT)->state, DNS_NOTHING);
	assert_int_equal(get(desk, "ftp.example", DNS_TXT)->state,
			 DNS_NXDOMAIN);
	assert_int_equal(get(desk, "xwww.example", DNS_A)->state,
			 DNS_NXDOMAIN);
}

/* Names a packet cannot carry are answered here; the rest is asked. */
static void impossible_names_do_not_exist(void **test)
{
	static const char *const names[] = {
		".example", "a..example", "example.",
		"a123456789012345678901234567890123456789012345678901234567890"
		"123.example"
	};
	struct desk *desk = *test;
	const struct dns_answer *answer;
	char name[300];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		answer = get(desk, names[i], DNS_TXT);
		assert_int_equal(answer->state, DNS_NXDOMAIN);
		assert_int_equal(answer->security, DNS_INSECURE);
	}
	for (i = 0; i < 254; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[253] = 'b';
	name[254] = 0;
	assert_int_equal(get(desk, name, DNS_TXT)->state, DNS_NXDOMAIN);
	assert_int_equal(script_asked(desk->script), 0);
	(void)get(desk, "a12345678901234567890123456789012345678901234567890123"
		  "456789012.example", DNS_TXT);	/* 63 octets */
	assert_int_equal(script_asked(desk->script), 1);
}

static void the_same_is_asked_once(void **test)
{
	struct desk *desk = *test;
	struct dns_question *one, *two;

	script_txt(desk->script, "example.org", "hello");
	one = dns_ask(desk->request, "example.org", DNS_TXT);
	two = dns_ask(desk->request, "EXAMPLE.org", DNS_TXT);
	assert_ptr_equal(one, two);
	assert_ptr_not_equal(one, dns_ask(desk->request, "example.org",
					  DNS_MX));
	assert_int_equal(dns_request_count(desk->request), 2);
	assert_false(dns_is_answered(one));
	assert_int_equal(script_asked(desk->script), 0); /* nothing sent yet */
	(void)dns_await(one);
	assert_int_equal(script_asked(desk->script), 2); /* all together */
	assert_string_equal(script_asked_nth(desk->script, 0),
			    "example.org TXT");
	assert_string_equal(script_asked_nth(desk->script, 1),
			    "example.org MX");
	(void)dns_await(one);
	assert_int_equal(script_asked(desk->script), 2);
}

static void sending_does_not_wait(void **test)
{
	struct desk *desk = *test;
	struct dns_question *question;
	int64_t start = clock_now_ms();

	script_txt(desk->script, "late.example", "hello");
	script_delay(desk->script, "late.example", 600);
	question = dns_ask(desk->request, "late.example", DNS_TXT);
	dns_send(desk->request);
	assert_int_equal(script_asked(desk->script), 1);
	assert_false(dns_is_answered(question));
	assert_int_equal(dns_await(question)->state, DNS_HAVE);
	assert_true(clock_now_ms() - start >= 590);
}

static void questions_have_a_limit(void **test)
{
	struct desk *desk = *test;
	char name[32];
	unsigned i;

	for (i = 0; i < DNS_QUESTIONS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example", i);
		if (i < DNS_QUESTIONS_MAX - DNS_QUESTIONS_KEPT)
			assert_non_null(dns_ask_spare(desk->request, name,
						      DNS_TXT));
		else
			assert_null(dns_ask_spare(desk->request, name,
						  DNS_TXT));
		assert_non_null(dns_ask(desk->request, name, DNS_TXT));
		assert_non_null(dns_ask_spare(desk->request, name, DNS_TXT));
	}
	assert_null(dns_ask(desk->request, "one.more.example", DNS_TXT));
	assert_non_null(dns_ask(desk->request, "n0.example", DNS_TXT));
	assert_int_equal(dns_await(NULL)->state, DNS_SILENT);
	assert_int_not_equal(dns_await(NULL)->why[0], 0);
	assert_true(dns_is_answered(NULL));
}

static void the_deadline_holds(void **test)
{
	struct desk *desk = *test;
	const struct dns_answer *answer;
	struct dns_request *request;
	int64_t start = clock_now_ms();

	script_txt(desk->script, "late.example", "hello");
	script_delay(desk->script, "late.example", 60000);
	request = dns_request_new(script_resolver_door(desk->script),
				  start + 100);
	answer = dns_await(dns_ask(request, "late.example", DNS_TXT));
	assert_int_equal(answer->state, DNS_SILENT);
	assert_int_equal(answer->security, DNS_SECURITY_UNKNOWN);
	assert_string_equal(answer->canonical, "late.example");
	assert_int_not_equal(answer->why[0], 0);
	assert_in_range(clock_now_ms() - start, 95, BEFORE_IT_MS);
	/* what is there already is given, deadline or not */
	script_txt(desk->script, "now.example", "hello");
	assert_int_equal(dns_await(dns_ask(request, "now.example",
					   DNS_TXT))->state, DNS_HAVE);
	dns_request_free(request);	/* while one is under way */
}

static void no_deadline_spins(void **test)
{
	static const int64_t odd[] = { 0, -1, -1500, INT64_MIN };
	struct desk *desk = *test;
	struct dns_request *request;
	int64_t start = clock_now_ms();
	size_t i;

	script_txt(desk->script, "late.example", "hello");
	script_delay(desk->script, "late.example", 60000);
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		request = dns_request_new(script_resolver_door(desk->script),
					  odd[i]);
		assert_int_equal(dns_await(dns_ask(request, "late.example",
						   DNS_TXT))->state,
				 DNS_SILENT);
		dns_request_free(request);
	}
	assert_true(clock_now_ms() - start < BEFORE_IT_MS);
}

static void *cancel_soon(void *ctx)
{
	(void)usleep(50000);
	dns_request_cancel(ctx);
	return NULL;
}

static void cancelling_wakes_the_waiter(void **test)
{
	struct desk *desk = *test;
	const struct dns_answer *answer;
	int64_t start = clock_now_ms();
	pthread_t thread;

	script_txt(desk->script, "late.example", "hello");
	script_delay(desk->script, "late.example", 60000);
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon,
					desk->request), 0);
	answer = get(desk, "late.example", DNS_TXT);
	assert_int_equal(answer->state, DNS_SILENT);
	assert_true(clock_now_ms() - start < BEFORE_IT_MS);
	assert_int_equal(pthread_join(thread, NULL), 0);
	answer = get(desk, "more.example", DNS_TXT);
	assert_int_equal(answer->state, DNS_SILENT);
	assert_int_equal(script_asked(desk->script), 1); /* not even asked */
}

/* Whatever a resolver hands in. */
static void bogus_and_silent_hold_nothing(void **test)
{
	static const enum dns_state states[] = {
		DNS_BOGUS, DNS_SILENT, DNS_NOTHING, DNS_NXDOMAIN
	};
	struct desk *desk = *test;
	const struct dns_answer *got;
	struct bytes record = { (const unsigned char *)"\1x", 2 };
	struct dns_answer answer = { DNS_BOGUS, DNS_SECURITY_BOGUS, 300, "n",
				     NULL, 1, "because", 0, 0 };
	struct dns_question *question;
	char name[32];
	size_t i;

	answer.records = &record;
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		(void)snprintf(name, sizeof(name), "n%zu.example", i);
		question = dns_ask(desk->request, name, DNS_TXT);
		answer.state = states[i];
		dns_deliver(question, &answer);
		got = dns_await(question);
		assert_int_equal(got->state, states[i]);
		assert_int_equal(got->record_count, 0);
		assert_null(got->records);
		assert_string_equal(got->why, "because");
	}
}

static void the_first_answer_counts(void **test)
{
	struct desk *desk = *test;
	struct dns_answer answer = { DNS_NXDOMAIN, DNS_SECURE, 300, "n",
				     NULL, 0, "", 0, 0 };
	struct dns_question *question = dns_ask(desk->request, "n.example",
						DNS_TXT);

	dns_deliver(question, &answer);
	answer.state = DNS_NOTHING;
	dns_deliver(question, &answer);
	assert_int_equal(dns_await(question)->state, DNS_NXDOMAIN);
}

/* Not there yet is no answer; it may still come. */
static void waiting_a_little(void **test)
{
	struct desk *desk = *test;
	struct dns_question *question;

	script_txt(desk->script, "late.example", "v");
	script_delay(desk->script, "late.example", 400);
	question = dns_ask(desk->request, "late.example", DNS_TXT);
	assert_null(dns_await_until(question, 0));
	assert_false(dns_is_answered(question));
	assert_int_equal(dns_await_until(question, INT64_MAX)->state,
			 DNS_HAVE);
	assert_int_equal(dns_await_until(question, 0)->state, DNS_HAVE);
	assert_int_equal(dns_await_until(NULL, 0)->state, DNS_SILENT);
	question = dns_ask_fresh(desk->request, "late.example", DNS_TXT);
	dns_request_cancel(desk->request);
	assert_int_equal(dns_await_until(question, 0)->state, DNS_SILENT);
}

static void huge_answers_are_silent(void **test)
{
	static unsigned char big[DNS_ANSWER_MAX + 1];
	static struct bytes records[DNS_RECORDS_MAX + 1];
	struct desk *desk = *test;
	struct dns_answer answer = { DNS_HAVE, DNS_SECURE, 300, "n", records,
				     1, "", 0, 0 };
	struct dns_question *question;
	size_t i;

	records[0].data = big;
	records[0].len = sizeof(big);
	question = dns_ask(desk->request, "big.example", DNS_TXT);
	dns_deliver(question, &answer);
	assert_int_equal(dns_await(question)->state, DNS_SILENT);
	for (i = 0; i <= DNS_RECORDS_MAX; i++) {
		records[i].data = big;
		records[i].len = 1;
	}
	answer.record_count = DNS_RECORDS_MAX + 1;
	question = dns_ask(desk->request, "many.example", DNS_TXT);
	dns_deliver(question, &answer);
	assert_int_equal(dns_await(question)->state, DNS_SILENT);
	answer.record_count = 0;	/* HAVE, but nothing */
	question = dns_ask(desk->request, "none.example", DNS_TXT);
	dns_deliver(question, &answer);
	assert_int_equal(dns_await(question)->state, DNS_SILENT);
}

static void chains_are_followed(void **test)
{
	struct desk *desk = *test;
	const struct dns_answer *answer;

	script_cname(desk->script, "a.example", "b.example");
	script_cname(desk->script, "b.example", "c.example");
	script_txt(desk->script, "c.example", "end");
	script_security(desk->script, "b.example", DNS_INSECURE);
	answer = get(desk, "a.example", DNS_TXT);
	assert_int_equal(answer->state, DNS_HAVE);
	assert_int_equal(answer->security, DNS_INSECURE);
	assert_string_equal(answer->canonical, "c.example");
	script_cname(desk->script, "loop.example", "loop.example");
	assert_int_equal(get(desk, "loop.example", DNS_TXT)->state,
			 DNS_SILENT);
	script_state(desk->script, "c.example", DNS_BOGUS);
	answer = get(desk, "b.example", DNS_MX);
	assert_int_equal(answer->state, DNS_BOGUS);
	assert_int_equal(answer->security, DNS_SECURITY_BOGUS);
}

static void words_and_order(void **test)
{
	(void)test;
	assert_string_equal(dns_security_word(DNS_SECURE), "secure");
	assert_string_equal(dns_security_word(DNS_INSECURE), "insecure");
	assert_string_equal(dns_security_word(DNS_SECURITY_BOGUS), "bogus");
	assert_null(dns_security_word(DNS_SECURITY_UNKNOWN));
	assert_int_equal(dns_security_least(DNS_SECURE, DNS_SECURE),
			 DNS_SECURE);
	assert_int_equal(dns_security_least(DNS_SECURE, DNS_INSECURE),
			 DNS_INSECURE);
	assert_int_equal(dns_security_least(DNS_SECURITY_UNKNOWN,
					    DNS_INSECURE),
			 DNS_SECURITY_UNKNOWN);
	assert_int_equal(dns_security_least(DNS_SECURITY_BOGUS,
					    DNS_SECURITY_UNKNOWN),
			 DNS_SECURITY_BOGUS);
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(absence_has_two_kinds),
		DESK_TEST(impossible_names_do_not_exist),
		DESK_TEST(the_same_is_asked_once),
		DESK_TEST(waiting_a_little),
		DESK_TEST(sending_does_not_wait),
		DESK_TEST(questions_have_a_limit),
		DESK_TEST(the_deadline_holds),
		DESK_TEST(no_deadline_spins),
		DESK_TEST(cancelling_wakes_the_waiter),
		DESK_TEST(bogus_and_silent_hold_nothing),
		DESK_TEST(the_first_answer_counts),
		DESK_TEST(huge_answers_are_silent),
		DESK_TEST(chains_are_followed),
		DESK_TEST(words_and_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
