/* test_dmarc_record.c - one record: which tags count, and what breaks them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/dmarc_record.h"
#include "agent/base/arena.h"

#define ARENA 65536

static int arena_make(void **state)
{
	*state = arena_new(ARENA);
	return *state == NULL;
}

static int arena_drop(void **state)
{
	arena_free(*state);
	return 0;
}

static struct dmarc_record read(void **state, const char *text)
{
	struct dmarc_record record;

	assert_true(dmarc_record_parse(*state, bytes_of(text), &record));
	assert_string_equal(record.text, text);
	return record;
}

static void what_is_no_record(void **state)
{
	static const char *const texts[] = {
		"", "v", "v=", "v=dmarc1; p=none", "v=DMARC1x; p=none",
		"v=DMARC2; p=none", " v=DMARC1; p=none", ";v=DMARC1; p=none",
		"p=none; v=DMARC1", "v=DMARC1 p=none", "v=spf1 -all",
		"x=DMARC1; p=none", "v;v=DMARC1", "v==DMARC1; p=none",
		"\"v=DMARC1; p=none\""
	};
	struct dmarc_record record;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(dmarc_record_parse(*state, bytes_of(texts[i]),
						&record));
}

static void defaults(void **state)
{
	struct dmarc_record record = read(state, "v=DMARC1");

	assert_int_equal(record.p, POLICY_UNSET);
	assert_int_equal(record.sp, POLICY_UNSET);
	assert_int_equal(record.np, POLICY_UNSET);
	assert_int_equal(record.psd, DMARC_PSD_UNKNOWN);
	assert_false(record.strict_dkim || record.strict_spf);
	assert_false(record.testing || record.bad_policy);
	assert_true(dmarc_record_is_unusable(&record));
}

static void every_tag(void **state)
{
	struct dmarc_record record = read(state,
		"v\t=  DMARC1 ;rua=mailto:a@example.org,mailto:b@example.com;"
		"NP = reject;sp=None; p\t=QUARANTINE;adkim=S;aspf=s; t=Y ;"
		"psd=n;ruf=mailto:f@example.org;pct=1;rf=x;ri=9;fo=1;;");

	assert_int_equal(record.p, POLICY_QUARANTINE);
	assert_int_equal(record.sp, POLICY_NONE);
	assert_int_equal(record.np, POLICY_REJECT);
	assert_int_equal(record.psd, DMARC_PSD_NO);
	assert_true(record.strict_dkim && record.strict_spf);
	assert_true(record.testing);
	assert_false(record.bad_policy);
	assert_int_equal(record.rua_count, 2);
	assert_string_equal(record.rua[1].uri, "mailto:b@example.com");
	assert_int_equal(record.ruf_count, 1);
}

static void a_broken_tag_has_its_default(void **state)
{
	struct dmarc_record record = read(state,
		"v=DMARC1; p=reject; adkim=strict; aspf; t=yes; psd=maybe;"
		" x y z; =; rua");

	assert_int_equal(record.p, POLICY_REJECT);
	assert_false(record.strict_dkim || record.strict_spf);
	assert_false(record.testing || record.bad_policy);
	assert_int_equal(record.psd, DMARC_PSD_UNKNOWN);
	assert_false(dmarc_record_is_unusable(&record));
}

static void broken_policies(void **state)
{
	static const char *const unusable[] = {
		"v=DMARC1; p=bounce", "v=DMARC1; p=", "v=DMARC1; adkim=s",
		"v=DMARC1; p=none; sp=x", "v=DMARC1; p=none; np=re ject",
		"v=DMARC1; p=none; p=reject", "v=DMARC1; p=none; rua=; sp=x",
		"v=DMARC1; rua=example.org"
	};
	struct dmarc_record record;
	size_t i;

	for (i = 0; i < sizeof(unusable) / sizeof(unusable[0]); i++) {
		record = read(state, unusable[i]);
		assert_true(dmarc_record_is_unusable(&record));
	}
	record = read(state, "v=DMARC1; p=x; rua=mailto:a@example.org");
	assert_false(dmarc_record_is_unusable(&record));
	assert_true(record.bad_policy);
}

static void a_tag_that_stands_twice_is_broken(void **state)
{
	struct dmarc_record record = read(state,
		"v=DMARC1; p=none; t=y; t=y; rua=mailto:a@b.example;"
		" rua=mailto:c@d.example; adkim=s; ADKIM=s");

	assert_false(record.testing || record.strict_dkim);
	assert_int_equal(record.rua_count, 0);
}

static void limits(void **state)
{
	static char text[DMARC_RECORD_MAX + 2];
	struct dmarc_record record;
	struct bytes whole = { (const unsigned char *)text, DMARC_RECORD_MAX };

	memset(text, ';', sizeof(text));
	memcpy(text, "v=DMARC1", 8);
	assert_true(dmarc_record_parse(*state, whole, &record));
	whole.len++;
	assert_false(dmarc_record_parse(*state, whole, &record));
	/* a NUL is no letter of any word */
	whole = (struct bytes){ (const unsigned char *)"v=DMARC1;p=reject\0x",
				19 };
	assert_true(dmarc_record_parse(*state, whole, &record));
	assert_true(record.bad_policy);
	assert_null(record.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_no_record, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(defaults, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(every_tag, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(a_broken_tag_has_its_default,
						arena_make, arena_drop),
		cmocka_unit_test_setup_teardown(broken_policies, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(
			a_tag_that_stands_twice_is_broken, arena_make,
			arena_drop),
		cmocka_unit_test_setup_teardown(limits, arena_make,
						arena_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
