/* test_certificate.c - certificates seen, by address */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/store/certificate.h"
#include "tests/unit/store/store_desk.h"

static int put(unsigned char print, const char *source, int64_t seen)
{
	struct certificate_kept kept = { "alice@example.org", { print },
					 bytes_of("der"), source, seen, seen,
					 0, 0 };

	return certificate_put(store, &kept);
}

static int find(struct certificate_kept *out, size_t room)
{
	return certificate_find(store, "alice@example.org", arena, out, room);
}

/* Else chance would say which is used: the older one is. */
static void in_one_second(void **test)
{
	struct certificate_kept out[3];

	(void)test;
	assert_int_equal(put(9, "mail", 100), 0);
	assert_int_equal(put(1, "mail", 100), 0);
	assert_int_equal(put(5, "mail", 99), 0);
	assert_int_equal(put(1, "mail", 100), 0);
	assert_int_equal(find(out, 3), 3);
	assert_int_equal(out[0].fingerprint[0], 9);
	assert_int_equal(out[1].fingerprint[0], 1);
	assert_int_equal(out[2].fingerprint[0], 5);
	assert_true(out[0].first_seen < out[1].first_seen);
}

static void what_is_known_of_its_owner(void **test)
{
	struct certificate_kept kept = { "Alice@example.org", { 1 },
					 bytes_of("der"), "mail", 5, 5, 1,
					 0 };
	struct certificate_kept out[2];

	(void)test;
	assert_int_equal(certificate_put(store, &kept), 0);
	/* DNS says nothing of what is read, and mail nothing of DNS. */
	kept.source = "smimea";
	kept.reads = 0;
	kept.proven = 9;
	assert_int_equal(certificate_put(store, &kept), 0);
	kept.proven = 7;
	assert_int_equal(certificate_put(store, &kept), 0);
	assert_int_equal(find(out, 2), 1);
	assert_string_equal(out[0].address, "alice@example.org");
	assert_int_equal(out[0].reads, 1);
	assert_int_equal(out[0].proven, 9);
	kept.source = "mail";
	kept.reads = 3;
	kept.proven = 0;
	assert_int_equal(certificate_put(store, &kept), 0);
	assert_int_equal(find(out, 2), 1);
	assert_int_equal(out[0].reads, 3);
	assert_int_equal(out[0].proven, 9);
}

static void the_first_stays_in_front(void **test)
{
	struct certificate_kept out[4];

	(void)test;
	assert_int_equal(put(2, "mail", 10), 0);
	assert_int_equal(put(1, "mail", 20), 0);
	assert_int_equal(put(2, "smimea", 30), 0);
	assert_int_equal(find(out, 4), 2);
	assert_int_equal(out[0].fingerprint[0], 2);
	assert_string_equal(out[0].source, "mail");
	assert_int_equal(out[0].first_seen, 10);
	assert_int_equal(out[0].last_seen, 30);
	assert_string_equal(out[0].address, "alice@example.org");
	assert_memory_equal(out[0].der.data, "der", 3);
	assert_int_equal(certificate_find(store, "bob@example.org", arena,
					  out, 4), 0);
}

static void the_users_word_counts(void **test)
{
	struct certificate_kept out;

	(void)test;
	assert_int_equal(put(1, "mail", 10), 0);
	assert_int_equal(put(1, "user", 20), 0);
	assert_int_equal(put(1, "mail", 30), 0);
	assert_int_equal(find(&out, 1), 1);
	assert_string_equal(out.source, "user");
}

/* A flood of new ones pushes out neither the first nor the user's. */
static void a_flood(void **test)
{
	struct certificate_kept out[64];
	int count, i;
	bool first = false, users = false;

	(void)test;
	assert_int_equal(put(200, "mail", 10), 0);
	assert_int_equal(put(201, "user", 11), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(put((unsigned char)i, "mail", 20 + i), 0);
	count = find(out, 64);
	assert_in_range(count, 1, CERTIFICATE_PER_ADDRESS + 2);
	for (i = 0; i < count; i++) {
		first = first || out[i].fingerprint[0] == 200;
		users = users || out[i].fingerprint[0] == 201;
	}
	assert_true(first);
	assert_true(users);
}

static void one_is_forgotten(void **test)
{
	unsigned char print[CERTIFICATE_FINGERPRINT] = { 1 };
	struct certificate_kept out;

	(void)test;
	assert_int_equal(put(1, "mail", 10), 0);
	assert_int_equal(certificate_forget(store, "bob@example.org", print),
			 0);
	assert_int_equal(certificate_forget(store, "alice@example.org",
					    print), 1);
	assert_int_equal(find(&out, 1), 0);
}

static void what_cannot_be_is_refused(void **test)
{
	struct certificate_kept kept = { "", { 1 }, bytes_of("der"), "mail",
					 1, 1, 0, 0 };

	(void)test;
	assert_int_equal(certificate_put(store, &kept), ERR_SYNTAX);
	kept.address = "a@example.org";
	kept.der.len = 0;
	assert_int_equal(certificate_put(store, &kept), ERR_SYNTAX);
	kept.der.len = CERTIFICATE_DER_MAX + 1;
	assert_int_equal(certificate_put(store, &kept), ERR_SYNTAX);
	kept.der.len = 3;
	kept.source = "\xFF";
	assert_int_equal(certificate_put(store, &kept), ERR_SYNTAX);
}

static void whose_there_are(void **test)
{
	struct certificate_kept kept = { "bob@example.org", { 1 },
					 bytes_of("0der"), "mail", 5, 5, 0,
					 0 };
	const char *out[4];

	(void)test;
	assert_int_equal(certificate_put(store, &kept), 0);
	kept.address = "carol@example.org";
	kept.last_seen = 9;
	assert_int_equal(certificate_put(store, &kept), 0);
	/* OpenPGP */
	kept.address = "dora@example.org";
	kept.der = bytes_of("\x99key");
	assert_int_equal(certificate_put(store, &kept), 0);
	assert_int_equal(certificate_addresses(store, arena, out, 4), 2);
	assert_string_equal(out[0], "carol@example.org");
	assert_string_equal(out[1], "bob@example.org");
	assert_int_equal(certificate_addresses(store, arena, out, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(in_one_second),
		DESK_TEST(what_is_known_of_its_owner),
		DESK_TEST(the_first_stays_in_front),
		DESK_TEST(the_users_word_counts),
		DESK_TEST(a_flood),
		DESK_TEST(one_is_forgotten),
		DESK_TEST(what_cannot_be_is_refused),
		DESK_TEST(whose_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
