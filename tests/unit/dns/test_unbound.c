/* test_unbound.c - libunbound against a real signed DNS and its faults */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>

#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "tests/lab/lab_server.h"
#include "tests/lab/unbound_desk.h"

static struct lab lab;

/* The usual: forward to `port` with the lab's anchor. */
static void desk_usual(struct desk *desk, unsigned port)
{
	desk_open(desk, "forward", lab.anchors);
	desk_forward_port(desk, port);
	if (!desk_run(desk))
		fail_msg("%s", desk->why);
}

static struct heard ask(struct desk *desk, const char *name, int type)
{
	struct heard heard = desk_ask(desk, name, type);

	if (heard.times != 1)
		fail_msg("%u answers for %s", heard.times, name);
	return heard;
}

static void expect(struct desk *desk, const char *name, int type,
		   enum dns_state state, enum dns_security security)
{
	if (!desk_expect(desk, name, type, state, security))
		fail_msg("%s", name);
}

static struct unbound_state state_wait(struct desk *desk)
{
	struct unbound_state state;

	if (!desk_state(desk, &state))
		fail_msg("no state was told");
	return state;
}

/* --- what validates */

static void secure_answers(void **test)
{
	static const unsigned char text[] = "\4one \3two";
	struct heard heard;
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	heard = ask(&desk, "text.secure.lab", DNS_TXT);
	assert_int_equal(heard.state, DNS_HAVE);
	assert_int_equal(heard.security, DNS_SECURE);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.first_len, sizeof(text) - 1);
	assert_memory_equal(heard.first, text, sizeof(text) - 1);
	assert_in_range(heard.ttl, 1, 300);
	assert_true(heard.signed_from > 0);
	assert_true(heard.signed_until > heard.signed_from);
	heard = ask(&desk, "alias.secure.lab", DNS_TXT);
	assert_int_equal(heard.security, DNS_SECURE);
	assert_string_equal(heard.canonical, "text.secure.lab");
	desk_close(&desk);
}

static void secure_proofs_of_absence(void **test)
{
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	expect(&desk, "mail.secure.lab", DNS_TXT, DNS_NOTHING, DNS_SECURE);
	expect(&desk, "empty.secure.lab", DNS_TXT, DNS_NOTHING, DNS_SECURE);
	expect(&desk, "not.secure.lab", DNS_TXT, DNS_NXDOMAIN, DNS_SECURE);
	desk_close(&desk);
}

static void unsigned_is_insecure(void **test)
{
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	expect(&desk, "text.insecure.lab", DNS_TXT, DNS_HAVE, DNS_INSECURE);
	expect(&desk, "mail.insecure.lab", DNS_TXT, DNS_NOTHING,
	       DNS_INSECURE);
	expect(&desk, "not.insecure.lab", DNS_TXT, DNS_NXDOMAIN,
	       DNS_INSECURE);
	/* a chain is as strong as its weakest link */
	expect(&desk, "out.secure.lab", DNS_TXT, DNS_HAVE, DNS_INSECURE);
	desk_close(&desk);
}

/* libunbound still hands out the data of a bogus answer, with rcode 0. */
static void bogus_carries_nothing(void **test)
{
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	expect(&desk, "text.bogus.lab", DNS_TXT, DNS_BOGUS,
	       DNS_SECURITY_BOGUS);
	expect(&desk, "text.expired.lab", DNS_TXT, DNS_BOGUS,
	       DNS_SECURITY_BOGUS);
	expect(&desk, "broken.secure.lab", DNS_TXT, DNS_BOGUS,
	       DNS_SECURITY_BOGUS);
	desk_close(&desk);
}

static void loops_are_silent(void **test)
{
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	expect(&desk, "loop1.secure.lab", DNS_TXT, DNS_SILENT,
	       DNS_SECURITY_UNKNOWN);
	desk_close(&desk);
}

static void long_answers_come_whole(void **test)
{
	struct heard heard;
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	heard = ask(&desk, "long.secure.lab", DNS_TXT);
	assert_int_equal(heard.state, DNS_HAVE);
	assert_int_equal(heard.security, DNS_SECURE);
	assert_int_equal(heard.first_len, 12 * 251);
	desk_close(&desk);
}

/* What a name holds is no escape (RFC 1035 section 5.1). */
static void a_backslash_is_a_letter(void **test)
{
	struct heard heard;
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	heard = ask(&desk, "te\\120t.secure.lab", DNS_TXT);
	assert_int_equal(heard.state, DNS_NXDOMAIN);
	desk_close(&desk);
}

static void insecure_zones_are_not_validated(void **test)
{
	struct desk desk;

	(void)test;
	desk_open(&desk, "forward", lab.anchors);
	desk_forward_port(&desk, lab.port);
	value_put_text(desk.arena, desk.insecure, NULL, "bogus.lab");
	assert_true(desk_run(&desk));
	expect(&desk, "text.bogus.lab", DNS_TXT, DNS_HAVE, DNS_INSECURE);
	expect(&desk, "text.secure.lab", DNS_TXT, DNS_HAVE, DNS_SECURE);
	desk_close(&desk);
}

/* --- the self-test */

static void self_test_works(void **test)
{
	struct unbound_state state;
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	state = state_wait(&desk);
	if (!state.works)
		fail_msg("%s", state.sentence);
	assert_string_equal(state.mode, "forward");
	assert_false(unbound_state(desk.unbound, &state));	/* told once */
	desk_close(&desk);
}

/* No proof of absence is asked for: a zone may hold a wildcard. */
static void self_test_of_another_zone(void **test)
{
	char path[300], anchors[2048];
	struct unbound_state state;
	struct desk desk;
	size_t len;
	FILE *file;

	(void)test;
	(void)snprintf(path, sizeof(path), "%s/z/secure.lab.ds", lab.dir);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(anchors, 1, sizeof(anchors) - 1, file);
	anchors[len] = 0;
	(void)fclose(file);
	desk_open(&desk, "forward", anchors);
	desk_forward_port(&desk, lab.port);
	assert_true(desk_run(&desk));
	state = state_wait(&desk);
	if (!state.works)
		fail_msg("%s", state.sentence);
	expect(&desk, "text.secure.lab", DNS_TXT, DNS_HAVE, DNS_SECURE);
	expect(&desk, "text.bogus.lab", DNS_TXT, DNS_HAVE, DNS_INSECURE);
	desk_close(&desk);
}

static void fault_is(enum fault fault, enum dns_state state,
		     enum dns_security security)
{
	struct faulty *faulty = faulty_start(fault, lab.port);
	struct desk desk;

	assert_true(desk_fails(lab.anchors, faulty_port(faulty)));
	desk_usual(&desk, faulty_port(faulty));
	expect(&desk, "mail.secure.lab", DNS_A, state, security);
	desk_close(&desk);
	faulty_stop(faulty);
}

static void forwarders_at_fault_fail_closed(void **test)
{
	(void)test;
	fault_is(FAULT_STRIP, DNS_BOGUS, DNS_SECURITY_BOGUS);
	fault_is(FAULT_HIJACK, DNS_BOGUS, DNS_SECURITY_BOGUS);
	fault_is(FAULT_NO_KEYS, DNS_BOGUS, DNS_SECURITY_BOGUS);
	fault_is(FAULT_SERVFAIL, DNS_SILENT, DNS_SECURITY_UNKNOWN);
	fault_is(FAULT_REFUSED, DNS_SILENT, DNS_SECURITY_UNKNOWN);
}

/* --- time */

static void a_silent_forwarder_is_told_in_time(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	int64_t start = clock_now_ms();
	struct unbound_state state;
	struct desk desk;

	(void)test;
	desk_usual(&desk, faulty_port(faulty));
	state = state_wait(&desk);
	assert_false(state.works);
	assert_in_range(clock_now_ms() - start, 1500, 3000);
	desk_close(&desk);
	faulty_stop(faulty);
}

static void cancelled_questions_stay_quiet(void **test)
{
	struct heard kept, gone;
	int64_t until;
	struct desk desk;
	int handle;

	(void)test;
	memset(&kept, 0, sizeof(kept));
	memset(&gone, 0, sizeof(gone));
	desk_usual(&desk, lab.port);
	handle = unbound_ask(desk.unbound, "text.secure.lab", DNS_TXT,
			     desk_answered, &gone);
	assert_true(handle > 0);
	assert_true(unbound_ask(desk.unbound, "text.secure.lab", DNS_TXT,
				desk_answered, &kept) > 0);
	unbound_cancel(desk.unbound, handle);
	unbound_cancel(desk.unbound, handle);		/* twice: nothing */
	until = clock_now_ms() + DESK_PATIENCE_MS;
	while (kept.times == 0 && clock_now_ms() < until)
		desk_turn(&desk);
	assert_true(kept.times > 0);
	assert_int_equal(gone.times, 0);
	desk_close(&desk);
}

/* An answer always comes, also when everything is taken down. */
static void freeing_answers_what_is_open(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	struct heard heard;
	struct desk desk;

	(void)test;
	memset(&heard, 0, sizeof(heard));
	desk_usual(&desk, faulty_port(faulty));
	assert_true(unbound_ask(desk.unbound, "text.secure.lab", DNS_TXT,
				desk_answered, &heard) > 0);
	desk_close(&desk);
	assert_int_equal(heard.times, 1);
	assert_int_equal(heard.state, DNS_SILENT);
	faulty_stop(faulty);
}

/* A TTL that has counted down is whole again. */
static void refreshed_is_asked_anew(void **test)
{
	int64_t until = clock_now_ms() + DESK_PATIENCE_MS;
	struct heard heard;
	struct desk desk;

	(void)test;
	desk_usual(&desk, lab.port);
	do {
		heard = ask(&desk, "text.secure.lab", DNS_TXT);
		(void)poll(NULL, 0, 50);
	} while (heard.ttl > 297 && clock_now_ms() < until);
	assert_in_range(heard.ttl, 1, 297);
	unbound_refresh(desk.unbound);
	heard = ask(&desk, "text.secure.lab", DNS_TXT);
	assert_in_range(heard.ttl, 298, 300);
	assert_int_equal(heard.security, DNS_SECURE);
	desk_close(&desk);
}

static int lab_up(void **test)
{
	(void)test;
	return lab_start(&lab, NULL) ? 0 : -1;
}

static int lab_down(void **test)
{
	(void)test;
	lab_stop(&lab);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secure_answers),
		cmocka_unit_test(secure_proofs_of_absence),
		cmocka_unit_test(unsigned_is_insecure),
		cmocka_unit_test(bogus_carries_nothing),
		cmocka_unit_test(loops_are_silent),
		cmocka_unit_test(long_answers_come_whole),
		cmocka_unit_test(a_backslash_is_a_letter),
		cmocka_unit_test(insecure_zones_are_not_validated),
		cmocka_unit_test(self_test_works),
		cmocka_unit_test(self_test_of_another_zone),
		cmocka_unit_test(forwarders_at_fault_fail_closed),
		cmocka_unit_test(a_silent_forwarder_is_told_in_time),
		cmocka_unit_test(cancelled_questions_stay_quiet),
		cmocka_unit_test(freeing_answers_what_is_open),
		cmocka_unit_test(refreshed_is_asked_anew),
	};

	return cmocka_run_group_tests(tests, lab_up, lab_down);
}
