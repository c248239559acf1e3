/* test_dmarc_walk.c - which names are asked, what ends a walk, whose domain
 * the organizational one is */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "agent/auth/dmarc_walk.h"
#include "tests/unit/auth/dmarc_zone.h"

static struct dmarc_walk walked(struct zone *zone, const char *domain)
{
	struct dmarc_walk walk;

	dmarc_walk_start(zone->arena, zone->request, domain, &walk);
	dmarc_walk_await(zone->arena, zone->request, &walk);
	dmarc_walk_await(zone->arena, zone->request, &walk);	/* once */
	return walk;
}

static void lengths(void **state)
{
	char name[2 * 40 + 1] = "";
	struct dmarc_walk walk;
	struct zone zone;
	size_t labels, i;

	(void)state;
	zone_open(&zone);
	for (labels = 1; labels <= 40; labels++) {
		for (i = 0; i < labels; i++)
			(void)snprintf(name + 2 * i, 3, "%c.",
				       (char)('a' + i % 26));
		name[2 * labels - 1] = 0;
		dmarc_walk_start(zone.arena, zone.request, name, &walk);
		assert_int_equal(walk.count, labels < 8 ? labels : 8);
		/* the last one is the top level */
		assert_null(strchr(walk.names[walk.count - 1], '.'));
		if (labels > 7)
			assert_int_equal(strlen(walk.names[1]), 13);
	}
	zone_close(&zone);
}

static void the_fewest_labels(void **state)
{
	struct dmarc_walk walk;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	walk = walked(&zone, "a.b.example.org");
	assert_string_equal(walk.organizational, "a.b.example.org");
	assert_int_equal(walk.asked, 4);
	script_txt(zone.script, "_dmarc.b.example.com", "v=DMARC1; p=none");
	script_txt(zone.script, "_dmarc.example.com", "v=DMARC1; p=none");
	walk = walked(&zone, "a.b.example.com");
	assert_string_equal(walk.organizational, "example.com");
	assert_int_equal(walk.found_count, 2);
	assert_string_equal(walk.found[0].domain, "b.example.com");
	assert_string_equal(walk.steps[0].found, "nothing");
	assert_string_equal(walk.steps[1].found, "record");
	zone_close(&zone);
}

static void psd_ends_it(void **state)
{
	struct dmarc_walk walk;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.co.example",
		   "v=DMARC1; p=none; psd=y");
	script_txt(zone.script, "_dmarc.example", "v=DMARC1; p=none");
	script_txt(zone.script, "_dmarc.own.co.example",
		   "v=DMARC1; p=none; psd=n");
	walk = walked(&zone, "a.b.c.co.example");
	assert_string_equal(walk.organizational, "c.co.example");
	assert_int_equal(walk.asked, 4);
	walk = walked(&zone, "a.own.co.example");
	assert_string_equal(walk.organizational, "own.co.example");
	assert_int_equal(walk.asked, 2);
	walk = walked(&zone, "co.example");	/* the suffix itself */
	assert_string_equal(walk.organizational, "co.example");
	zone_close(&zone);
}

/* Beyond the jump: the name below a PSD is cut from the name itself. */
static void psd_below_a_jump(void **state)
{
	struct dmarc_walk walk;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.d.e.f.g.h.i.example",
		   "v=DMARC1; psd=y; p=none");
	walk = walked(&zone, "a.b.c.d.e.f.g.h.i.example");
	assert_string_equal(walk.organizational, "c.d.e.f.g.h.i.example");
	zone_close(&zone);
}

static void holes(void **state)
{
	struct dmarc_walk walk;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_state(zone.script, "_dmarc.a.example.org", DNS_SILENT);
	script_state(zone.script, "_dmarc.org", DNS_BOGUS);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none");
	walk = walked(&zone, "a.example.org");
	assert_true(walk.temporary);
	assert_string_equal(walk.why, "dns-silent");
	assert_string_equal(walk.steps[2].found, "bogus");
	assert_int_equal(walk.found_count, 1);
	/* a walk that ended below never looked */
	script_txt(zone.script, "_dmarc.b.example.org",
		   "v=DMARC1; psd=n; p=none");
	walk = walked(&zone, "b.example.org");
	assert_false(walk.temporary);
	zone_close(&zone);
}

static void other_texts_at_the_name(void **state)
{
	struct bytes broken = { (const unsigned char *)"\377v", 2 };
	struct dmarc_walk walk;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=spf1 -all");
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC10; p=none");
	script_raw(zone.script, "_dmarc.example.org", DNS_TXT, broken);
	walk = walked(&zone, "example.org");
	assert_int_equal(walk.found_count, 1);
	assert_int_equal(walk.found[0].record.p, POLICY_REJECT);
	assert_false(walk.several);
	zone_close(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(the_fewest_labels),
		cmocka_unit_test(psd_ends_it),
		cmocka_unit_test(psd_below_a_jump),
		cmocka_unit_test(holes),
		cmocka_unit_test(other_texts_at_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
