/* spf_lab.h - one SPF check against a script, for the tests of SPF */
#ifndef MAILSEAL_TESTS_SPF_LAB_H
#define MAILSEAL_TESTS_SPF_LAB_H

#include "agent/auth/spf.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "tests/lab/script_resolver.h"

struct spf_lab {
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
	struct spf_input input;
	struct spf_finding found;
};

static inline int spf_lab_open(void **state)
{
	struct spf_lab *lab;
	struct arena *arena = arena_new(4 * 1024 * 1024);

	lab = arena == NULL ? NULL : arena_alloc(arena, sizeof(*lab));
	if (lab == NULL)
		return -1;
	lab->arena = arena;
	lab->script = script_resolver_new();
	lab->request = dns_request_new(script_resolver_door(lab->script),
				       clock_now_ms() + 60000);
	lab->input.client_ip = "192.0.2.7";
	lab->input.helo = "mx.example.org";
	lab->input.mail_from = "alice@example.org";
	lab->input.now = 1000000000;
	*state = lab;
	return lab->request == NULL;
}

static inline int spf_lab_close(void **state)
{
	struct spf_lab *lab = *state;

	dns_request_free(lab->request);
	script_resolver_free(lab->script);
	arena_free(lab->arena);
	return 0;
}

static inline enum result spf_lab_run(struct spf_lab *lab)
{
	struct spf_check *check = spf_start(lab->arena, lab->request,
					    &lab->input);

	spf_finish(check, &lab->found);
	return lab->found.result;
}

/* Where the question stands in the order of asking; SIZE_MAX: never asked. */
static inline size_t spf_lab_asked(const struct spf_lab *lab, const char *what)
{
	size_t i;

	for (i = 0; i < script_asked(lab->script); i++)
		if (strcmp(script_asked_nth(lab->script, i), what) == 0)
			return i;
	return SIZE_MAX;
}

#define SPF_LAB_TEST(name) \
	cmocka_unit_test_setup_teardown(name, spf_lab_open, spf_lab_close)

#endif
