/* test_unbound_context.c - settings that must be refused */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/lab/lab_server.h"
#include "tests/lab/unbound_desk.h"

static struct lab lab;

/* Without an anchor libunbound calls everything insecure and says nothing. */
static void anchors_must_be_anchors(void **test)
{
	static const char *const useless[] = {
		"", "\n\n", "; . IN DS 1 8 2 00\n", "hello\n",
		". IN NS a.root-servers.net.\n", "; DNSKEY\n"
	};
	struct desk desk;
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(useless) / sizeof(useless[0]); i++) {
		desk_open(&desk, "forward", useless[i]);
		desk_forward_port(&desk, lab.port);
		if (desk_run(&desk))
			fail_msg("taken: %s", useless[i]);
		assert_int_not_equal(desk.why[0], 0);
		desk_close(&desk);
	}
	desk_open(&desk, "forward", NULL);
	desk_forward_port(&desk, lab.port);
	assert_false(desk_run(&desk));
	desk_close(&desk);
}

static void unreadable_anchors_fail(void **test)
{
	(void)test;
	assert_true(desk_fails(". IN DS hello 13 2 zz\n", lab.port));
	assert_true(desk_fails(". IN DS\n", lab.port));
}

static void another_root_is_bogus(void **test)
{
	static const char other[] = ". IN DS 20326 8 2 "
		"e06d44b80b8f1d39a95c0b0d7c65d084"
		"58e880409bbc683457104237c7f8ec8d\n";
	struct desk desk;

	(void)test;
	assert_true(desk_fails(other, lab.port));
	desk_open(&desk, "forward", other);
	desk_forward_port(&desk, lab.port);
	assert_true(desk_run(&desk));
	assert_true(desk_expect(&desk, "text.secure.lab", DNS_TXT, DNS_BOGUS,
				DNS_SECURITY_BOGUS));
	desk_close(&desk);
}

/* --- forwarders */

/* Whether such a forwarder is refused, with a sentence. */
static void forward_one(const char *address, enum loopback allow, bool wanted)
{
	struct desk desk;

	desk_open(&desk, "forward", lab.anchors);
	desk_forward(&desk, address, allow);
	if (desk_run(&desk) != wanted)
		fail_msg("%s: %s", address, desk.why);
	if (!wanted)
		assert_int_not_equal(desk.why[0], 0);
	desk_close(&desk);
}

static void loopback_is_refused(void **test)
{
	static const char *const own[] = {
		"127.0.0.1", "127.0.0.1@5300", "127.9.9.9", "::1", "::1@53",
		"0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "0.0.0.0", "::"
	};
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		forward_one(own[i], LOOPBACK_REFUSED, false);
	forward_one("127.0.0.1@5300", LOOPBACK_ALLOWED, true);
	forward_one("127.0.0.54", LOOPBACK_ALLOWED, true);
}

/* 127.0.0.53 breaks proofs of absence, whoever allows it. */
static void the_stub_is_refused(void **test)
{
	(void)test;
	forward_one("127.0.0.53", LOOPBACK_ALLOWED, false);
	forward_one("127.0.0.53@53", LOOPBACK_ALLOWED, false);
	forward_one("::ffff:127.0.0.53", LOOPBACK_ALLOWED, false);
	forward_one("127.0.0.53", LOOPBACK_REFUSED, false);
}

static void what_is_no_address_is_refused(void **test)
{
	(void)test;
	forward_one("dns.example.org", LOOPBACK_ALLOWED, false);
	forward_one("192.0.2.1@port", LOOPBACK_ALLOWED, false);
	forward_one("192.0.2.1@99999", LOOPBACK_ALLOWED, false);
	forward_one("", LOOPBACK_ALLOWED, false);
}

static void forwarding_needs_a_forwarder(void **test)
{
	struct desk desk;

	(void)test;
	desk_open(&desk, "forward", lab.anchors);
	assert_false(desk_run(&desk));
	desk_close(&desk);
	desk_open(&desk, "backward", lab.anchors);
	desk_forward_port(&desk, lab.port);
	assert_false(desk_run(&desk));
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
		cmocka_unit_test(anchors_must_be_anchors),
		cmocka_unit_test(unreadable_anchors_fail),
		cmocka_unit_test(another_root_is_bogus),
		cmocka_unit_test(loopback_is_refused),
		cmocka_unit_test(the_stub_is_refused),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(forwarding_needs_a_forwarder),
	};

	return cmocka_run_group_tests(tests, lab_up, lab_down);
}
