/* test_dkim_fetch.c - keys that DNS has no longer, and what the archive may do
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/dkim_fetch.h"
#include "tests/unit/auth/dkim_case.h"

#define DAY 86400

/* An archive of two keys at most, and how often it was asked. */
struct shelf {
	struct dkim_archive archive;
	struct dkim_archived kept[DKIM_ARCHIVED_MAX];
	int count;
	unsigned asked;
};

static int shelf_find(void *ctx, struct arena *arena, const char *domain,
		      const char *selector, struct dkim_archived *out,
		      size_t room)
{
	struct shelf *shelf = ctx;
	int i;

	(void)arena;
	shelf->asked++;
	assert_string_equal(domain, "example.org");
	assert_string_equal(selector, "lab");
	assert_int_equal(room, DKIM_ARCHIVED_MAX);
	for (i = 0; i < shelf->count && i < DKIM_ARCHIVED_MAX; i++)
		out[i] = shelf->kept[i];
	return shelf->count;
}

static void shelf_open(struct shelf *shelf, struct dkim_case *one)
{
	memset(shelf, 0, sizeof(*shelf));
	shelf->archive.find = shelf_find;
	shelf->archive.ctx = shelf;
	case_start(one);
	one->input.archive = &shelf->archive;
}

/* The record of a key, seen last at `when`. */
static struct dkim_archived *shelf_put(struct shelf *shelf,
				       struct dkim_case *one,
				       enum case_key key, int64_t when)
{
	struct dkim_archived *kept = &shelf->kept[shelf->count++];
	char *record = dkim_lab_key_record(one->keys[key]);

	kept->text = arena_text(one->arena, bytes_of(record));
	kept->dnssec = DNS_INSECURE;
	kept->first_seen = when - 30 * DAY;
	kept->last_seen = when;
	free(record);
	return kept;
}

static const struct dkim_finding *look(struct dkim_case *one,
				       const char *extra)
{
	struct dkim_sign_options sign = { .key = one->keys[CASE_RSA],
					  .extra = extra };
	char *text = dkim_sign(case_message, &sign);
	const struct dkim_finding *found = case_check(one, text);

	free(text);
	return found;
}

static void an_archived_key_is_marked(void **state)
{
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct shelf shelf;

	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
	found = look(one, "t=1");
	assert_int_equal(found->result, RESULT_PASS);
	assert_string_equal(found->code, "key-archived");
	assert_non_null(found->text);
	assert_int_equal(found->key_archived, CASE_NOW);
	assert_int_equal(found->dnssec, DNS_INSECURE);
	assert_int_equal(found->integrity, INTEGRITY_WHOLE);
	assert_int_equal(found->key_bits, 2048);
	assert_false(found->key_unavailable);
	/* no TXT at a name that is there is gone, too */
	script_a(one->script, "lab._domainkey.example.org", "192.0.2.1");
	assert_string_equal(look(one, "t=2")->code, "key-archived");
	assert_int_equal(shelf.asked, 2);
}

static void the_archive_is_asked_when_dns_says_gone(void **state)
{
	static const enum dns_state others[] = { DNS_BOGUS, DNS_SILENT };
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct shelf shelf;
	size_t i;

	for (i = 0; i < 2; i++) {
		shelf_open(&shelf, one);
		shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
		script_state(one->script, "lab._domainkey.example.org",
			     others[i]);
		assert_int_equal(look(one, "t=1")->result, RESULT_TEMPERROR);
		assert_int_equal(shelf.asked, 0);
	}
	/* revoked, or another key: what DNS says counts */
	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
	script_txt(one->script, "lab._domainkey.example.org", "v=DKIM1; p=");
	assert_string_equal(look(one, "t=1")->code, "key-revoked");
	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
	case_right_record(one, CASE_RSA_1024);
	found = look(one, "t=1");
	assert_string_equal(found->code, "signature-mismatch");
	assert_int_equal(found->key_archived, 0);
	assert_int_equal(shelf.asked, 0);
}

static void mail_must_have_come_while_it_was_there(void **state)
{
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct shelf shelf;

	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW - DKIM_ARCHIVE_SLACK);
	assert_string_equal(look(one, "t=1")->code, "key-archived");
	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW - DKIM_ARCHIVE_SLACK - 1);
	found = look(one, "t=1");
	assert_int_equal(found->result, RESULT_PERMERROR);
	assert_string_equal(found->code, "key-unavailable");
	assert_true(found->key_unavailable);
	assert_null(found->key_text);
	/* it is the arrival that counts, not today */
	one->input.arrived = CASE_NOW - DAY;
	assert_string_equal(look(one, "t=1")->code, "key-archived");
}

static void what_an_archive_may_not_say(void **state)
{
	struct dkim_case *one = *state;
	struct dkim_archived *kept;
	struct shelf shelf;

	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW)->dnssec =
		DNS_SECURITY_BOGUS;
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW)->dnssec =
		DNS_SECURITY_UNKNOWN;
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW)->first_seen = CASE_NOW + 1;
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW)->text = NULL;
	assert_string_equal(look(one, "t=1")->code, "key-unavailable");
	shelf.count = 1000;		/* more than there is room for */
	assert_string_equal(look(one, "t=1")->code, "key-unavailable");
	/* a key too weak, or for sub-domains, is so from there, too */
	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA_512, CASE_NOW);
	assert_string_equal(look(one, "t=1")->code, "key-unavailable");
	shelf_open(&shelf, one);
	kept = shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
	kept->text = arena_print(one->arena, "%s; t=s", kept->text);
	assert_string_equal(look(one, "i=@a.example.org")->code,
			    "identity-outside");
	assert_string_equal(look(one, "i=@example.org")->code,
			    "key-archived");
}

static void the_right_one_of_several_is_found(void **state)
{
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct shelf shelf;

	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA_1024, CASE_NOW + 2 * DAY);
	shelf_put(&shelf, one, CASE_ED25519, CASE_NOW + DAY);
	shelf_put(&shelf, one, CASE_RSA, CASE_NOW);
	found = look(one, "t=1");
	assert_string_equal(found->code, "key-archived");
	assert_int_equal(found->key_archived, CASE_NOW);
	/* none of them: it is gone, rather than forged */
	shelf_open(&shelf, one);
	shelf_put(&shelf, one, CASE_RSA_1024, CASE_NOW);
	found = look(one, "t=1");
	assert_int_equal(found->result, RESULT_PERMERROR);
	assert_string_equal(found->code, "key-unavailable");
	assert_int_equal(found->key_archived, 0);
}

static void an_archive_may_be_silent(void **state)
{
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct shelf shelf;

	shelf_open(&shelf, one);
	shelf.count = -1;
	found = look(one, "t=1");
	assert_int_equal(found->result, RESULT_TEMPERROR);
	shelf.archive.find = NULL;
	assert_string_equal(look(one, "t=1")->code, "key-unavailable");
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
		cmocka_unit_test(an_archived_key_is_marked),
		cmocka_unit_test(the_archive_is_asked_when_dns_says_gone),
		cmocka_unit_test(mail_must_have_come_while_it_was_there),
		cmocka_unit_test(what_an_archive_may_not_say),
		cmocka_unit_test(the_right_one_of_several_is_found),
		cmocka_unit_test(an_archive_may_be_silent),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
