/* test_peers_spf.c - our SPF beside pyspf and mailauth, on a mill's records
 *
 *   test_peers_spf [COUNT [SEED]]    more of them, by hand, and mailauth too
 *
 * pyspf is Debian's python3-spf; mailauth is npm's, where NODE_PATH finds it.
 * Each world gets a result of every peer.  Where a peer differs from us, a row
 * of spf_excuses.c must explain it; anything else fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/auth/spf.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "tests/flow/spf_excuses.h"
#include "tests/lab/script_resolver.h"

#define WORLDS		1500
#define SEED		20260302
#define SKIPPED		77
#define PYTHON		"/usr/bin/python3"	/* Debian's, which has pyspf */

static unsigned world_count = WORLDS;
static uint64_t seed = SEED;
static bool by_hand;

static void script_add(struct script_resolver *script,
		       const struct spf_record *record)
{
	if (strcmp(record->type, "TXT") == 0)
		script_txt(script, record->name, record->text);
	else if (strcmp(record->type, "MX") == 0)
		script_mx(script, record->name,
			  (unsigned)strtoul(record->text, NULL, 10),
			  strchr(record->text, ' ') + 1);
	else if (strcmp(record->type, "TIMEOUT") == 0)
		script_state(script, record->name, DNS_SILENT);
	else
		script_a(script, record->name, record->text);
}

static void judge(struct spf_case *one)
{
	struct script_resolver *script = script_resolver_new();
	struct arena *arena = arena_new(8 * 1024 * 1024);
	struct dns_request *request =
		dns_request_new(script_resolver_door(script),
				clock_now_ms() + 60000);
	struct spf_input input = { one->world.ip, one->world.helo,
				   one->world.mail_from, NULL, clock_wall() };
	struct spf_finding found;
	struct spf_check *check;
	unsigned i;

	for (i = 0; i < one->world.count; i++)
		script_add(script, &one->world.list[i]);
	check = spf_start(arena, request, &input);
	assert_non_null(check);
	spf_finish(check, &found);
	(void)snprintf(one->ours, sizeof(one->ours), "%s",
		       result_word(found.result));
	(void)snprintf(one->text, sizeof(one->text), "%s",
		       found.text == NULL ? "" : found.text);
	dns_request_free(request);
	arena_free(arena);
	script_resolver_free(script);
}

static void world_print(FILE *to, const struct spf_world *world)
{
	const struct spf_record *record;
	unsigned i;

	for (i = 0; i < world->count; i++) {
		record = &world->list[i];
		(void)fprintf(to, "record\t%s\t%s\t%s\n", record->name,
			      record->type, record->text);
	}
	(void)fprintf(to, "ask\t%s\t%s\t%s\n", world->ip, world->helo,
		      world->mail_from);
}

static const struct program {
	enum spf_peer peer;
	const char *name, *probe, *run;
} programs[] = {
	{ PYSPF, "pyspf", PYTHON " -c 'import spf' 2>/dev/null",
	  PYTHON " '" MAILSEAL_LAB_DIR "/../flow/peer_pyspf.py'" },
	{ MAILAUTH, "mailauth",
	  "node -e \"require('mailauth/lib/spf')\" 2>/dev/null",
	  "node '" MAILSEAL_LAB_DIR "/../flow/peer_mailauth_spf.js'" },
};

static unsigned compare(struct spf_case *cases, const struct program *program,
			FILE *answers)
{
	unsigned i, agree = 0, wrong = 0;
	char line[512];
	size_t word;

	for (i = 0; i < world_count; i++) {
		assert_non_null(fgets(line, sizeof(line), answers));
		line[strcspn(line, "\n")] = 0;
		word = strcspn(line, " ");
		if (word == strlen(cases[i].ours) &&
		    strncmp(line, cases[i].ours, word) == 0) {
			agree++;
			continue;
		}
		if (spf_is_excused(&cases[i], program->peer, line))
			continue;
		if (++wrong > 40)
			continue;
		print_message("%s: %s, ours: %s (%s)\n", program->name, line,
			      cases[i].ours, cases[i].text);
		world_print(stdout, &cases[i].world);
	}
	print_message("%s: %u of %u as we, %u unexplained\n", program->name,
		      agree, world_count, wrong);
	return wrong;
}

/* 0 unexplained, or it is not here. */
static unsigned ask(const struct program *program, struct spf_case *cases)
{
	char path[] = "/tmp/mailseal-spf.XXXXXX", command[1024];
	int fd = mkstemp(path);
	FILE *worlds, *answers;
	unsigned i, wrong = 0;

	assert_true(fd >= 0);
	worlds = fdopen(fd, "w");
	assert_non_null(worlds);
	for (i = 0; i < world_count; i++)
		world_print(worlds, &cases[i].world);
	(void)fclose(worlds);
	if (system(program->probe) == 0) {
		(void)snprintf(command, sizeof(command), "%s '%s'",
			       program->run, path);
		answers = popen(command, "r");
		assert_non_null(answers);
		wrong = compare(cases, program, answers);
		(void)pclose(answers);
	} else {
		print_message("%s is not here\n", program->name);
	}
	(void)unlink(path);
	return wrong;
}

static void peers_agree_or_are_excused(void **state)
{
	struct spf_case *cases = calloc(world_count, sizeof(*cases));
	struct spf_mill *mill = spf_mill_new(seed);
	unsigned i, wrong = 0;

	(void)state;
	assert_non_null(cases);
	for (i = 0; i < world_count; i++) {
		spf_mill_next(mill, &cases[i].world);
		judge(&cases[i]);
	}
	for (i = 0; i < (by_hand ? 2 : 1); i++)
		wrong += ask(&programs[i], cases);
	spf_excuses_print();
	spf_mill_free(mill);
	free(cases);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_agree_or_are_excused),
	};

	by_hand = argc > 1;
	if (argc > 1)
		world_count = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	if (!by_hand && system(programs[0].probe) != 0) {
		printf("skipped: pyspf (python3-spf) is not here\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
