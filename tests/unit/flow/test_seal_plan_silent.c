/* test_seal_plan_silent.c - whose silence may hide a key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/flow/seal_plan_inside.h"
#include "tests/lab/script_resolver.h"

#define BOB "bob@example.org"

struct scene {
	struct script_resolver *script;
	struct seal_plan_question question;
	struct planning planning;
	struct found_key found;
};

static int scene_up(void **state)
{
	static struct scene scene;

	memset(&scene, 0, sizeof(scene));
	scene.script = script_resolver_new();
	scene.question.places.resolver = script_resolver_door(scene.script);
	scene.planning.question = &scene.question;
	scene.planning.encrypt = WISH_IF_POSSIBLE;
	scene.found.source = FIND_SMIMEA;
	scene.found.dnssec = DNS_SECURITY_UNKNOWN;
	*state = &scene;
	return scene.script == NULL ? -1 : 0;
}

static int scene_down(void **state)
{
	struct scene *scene = *state;

	script_resolver_free(scene->script);
	return 0;
}

static bool hides(struct scene *scene)
{
	return plan_silent(&scene->planning, BOB, &scene->found, 1) != NULL;
}

static void silence_hides(void **state)
{
	struct scene *scene = *state;

	script_state(scene->script, "example.org", DNS_SILENT);
	assert_true(hides(scene));
	scene->found.dnssec = DNS_SECURITY_BOGUS;
	script_state(scene->script, "example.org", DNS_BOGUS);
	assert_true(hides(scene));
	/* A signed domain that does not answer for keys is an attack, too. */
	script_state(scene->script, "example.org", DNS_NOTHING);
	script_security(scene->script, "example.org", DNS_SECURE);
	assert_true(hides(scene));
}

static void an_unsigned_domain_hides_nothing(void **state)
{
	struct scene *scene = *state;

	script_state(scene->script, "example.org", DNS_NOTHING);
	script_security(scene->script, "example.org", DNS_INSECURE);
	assert_false(hides(scene));
}

static void an_answer_hides_nothing(void **state)
{
	struct scene *scene = *state;

	script_state(scene->script, "example.org", DNS_SILENT);
	scene->found.dnssec = DNS_INSECURE;
	assert_false(hides(scene));
	scene->found.dnssec = DNS_SECURITY_UNKNOWN;
	assert_null(plan_silent(&scene->planning, BOB, NULL, 0));
}

static void gpg_hides(void **state)
{
	struct scene *scene = *state;

	scene->found.source = FIND_KEYRING;	/* there is no gpg */
	script_state(scene->script, "example.org", DNS_NOTHING);
	script_security(scene->script, "example.org", DNS_INSECURE);
	assert_false(hides(scene));
	scene->found.silent = true;
	assert_string_equal(plan_silent(&scene->planning, BOB, &scene->found,
					1), "GnuPG");
	scene->question.places.resolver = NULL;
	assert_true(hides(scene));
	scene->planning.encrypt = WISH_YES;	/* it is refused anyway */
	assert_false(hides(scene));
}

static void only_what_is_optional_waits(void **state)
{
	struct scene *scene = *state;

	script_state(scene->script, "example.org", DNS_SILENT);
	scene->planning.encrypt = WISH_YES;	/* it is refused anyway */
	assert_false(hides(scene));
	scene->planning.encrypt = WISH_IF_POSSIBLE;
	scene->question.places.resolver = NULL;
	assert_false(hides(scene));
}

static void nothing_else_may_be_missing(void **state)
{
	struct scene *scene = *state;
	struct attempt *attempt = &scene->planning.attempts[0];
	struct missing missing[2] = { { BOB, NULL, "DNS" },
				      { "eve@example.org", NULL, "DNS" } };

	scene->planning.attempt_count = 1;
	attempt->missing = missing;
	attempt->missing_count = 2;
	attempt->has_self = true;
	assert_string_equal(plan_undecided(&scene->planning), "DNS");
	missing[1].silent = NULL;		/* she has none */
	assert_null(plan_undecided(&scene->planning));
	missing[1].silent = "DNS";
	attempt->has_self = false;
	assert_null(plan_undecided(&scene->planning));
	attempt->has_self = true;
	scene->planning.sign = true;
	assert_null(plan_undecided(&scene->planning));
}

static void the_own_key_may_be_hidden(void **state)
{
	struct scene *scene = *state;
	struct attempt *attempt = &scene->planning.attempts[0];
	struct missing missing = { BOB, NULL, "GnuPG" };

	scene->planning.attempt_count = 1;
	scene->planning.sign = true;
	attempt->missing = &missing;
	attempt->missing_count = 1;
	attempt->own_silent = true;
	assert_string_equal(plan_undecided(&scene->planning), "GnuPG");
	attempt->missing_count = 0;
	assert_string_equal(plan_undecided(&scene->planning), "GnuPG");
	attempt->own_silent = false;
	assert_null(plan_undecided(&scene->planning));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_up, scene_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(silence_hides),
		SCENE(an_unsigned_domain_hides_nothing),
		SCENE(an_answer_hides_nothing),
		SCENE(only_what_is_optional_waits),
		SCENE(gpg_hides),
		SCENE(nothing_else_may_be_missing),
		SCENE(the_own_key_may_be_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
