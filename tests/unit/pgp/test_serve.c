/* test_serve.c - the role and its askers: at once, late, hung up, broken */
#include "tests/unit/pgp/role.h"

#include <pthread.h>

#define TEXT "Hello\r\nthere\r\n"

static char alice[64];

static int setup(void **state)
{
	if (gpg_home_open(state) < 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	return 0;
}

/* A program in gpg's place; its path. */
static const char *stand_in(const char *name, const char *script)
{
	static char path[128];
	FILE *to;

	(void)snprintf(path, sizeof(path), "%s/%s", gpg_home, name);
	to = fopen(path, "w");
	assert_non_null(to);
	assert_true(fprintf(to, "#!/bin/sh\n%s\n", script) > 0);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(chmod(path, 0700), 0);
	return path;
}

/* Signs and verifies; NULL: both went well, else what did not. */
static const char *round_trip(struct role *role, char *why, size_t why_size)
{
	const struct seal_key signer = { NULL, alice, { NULL, 0 }, 0 };
	struct bytes_reader reader;
	struct source text = source_of_bytes(&reader, bytes_of(TEXT));
	struct seal_signed made;
	struct seal_facts facts;
	struct desk desk;
	struct buf signature;
	struct sink sink;
	int r;

	desk_open(&desk, role);
	buf_init(&signature, 10000);
	sink = sink_of_buf(&signature);
	r = scheme_openpgp.sign(&desk.job, &signer, &text, &sink, &made);
	text.rewind(text.ctx);
	if (r == 0)
		r = scheme_openpgp.verify(&desk.job, &text,
					  buf_bytes(&signature), &facts);
	(void)snprintf(why, why_size, "%d: %s", r, buf_string(&desk.why));
	if (r == 0 && (facts.state != SEAL_GOOD || facts.signer_count != 1 ||
		       strcmp(facts.signers[0].fingerprint, alice) != 0))
		(void)snprintf(why, why_size, "%s",
			       seal_state_name[facts.state]);
	else if (r == 0)
		why[0] = 0;
	buf_free(&signature);
	desk_close(&desk);
	return why[0] == 0 ? NULL : why;
}

static void test_round_trip(void **state)
{
	struct role role;
	char why[256];

	(void)state;
	role_open(&role, NULL, NULL);
	if (round_trip(&role, why, sizeof(why)) != NULL)
		fail_msg("%s", why);
	assert_int_equal(role_close(&role), 0);
}

struct helper {
	struct role *role;
	char why[256];
};

static void *helper_run(void *ctx)
{
	struct helper *helper = ctx;

	(void)round_trip(helper->role, helper->why, sizeof(helper->why));
	return NULL;
}

/* More than run at once. */
static void test_at_once(void **state)
{
	struct helper helpers[3 * PGP_RUNNING_MAX];
	pthread_t threads[3 * PGP_RUNNING_MAX];
	struct role role;
	size_t i;

	(void)state;
	role_open(&role, NULL, NULL);
	for (i = 0; i < 3 * PGP_RUNNING_MAX; i++) {
		helpers[i].role = &role;
		assert_int_equal(pthread_create(&threads[i], NULL, helper_run,
						&helpers[i]), 0);
	}
	for (i = 0; i < 3 * PGP_RUNNING_MAX; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_string_equal(helpers[i].why, "");
	}
	assert_int_equal(role_close(&role), 0);
}

/* The role's own words for what went wrong. */
static int list_keys(struct role *role, int64_t ms, char *why)
{
	struct openpgp_key keys[4];
	struct desk desk;
	int r;

	desk_open(&desk, role);
	desk.job.deadline = clock_now_ms() + ms;
	r = openpgp_keys_find(&desk.job, "alice@example.org", NULL,
			      OPENPGP_ANY, keys, 4);
	(void)snprintf(why, 1000, "%s", buf_string(&desk.why));
	desk_close(&desk);
	return r;
}

/* gpg that hangs is killed with what it started, once nobody waits. */
static void test_hangs(void **state)
{
	char why[1000], path[128], line[64] = "";
	struct role role;
	FILE *from;
	int pid, tries;

	(void)state;
	role_open(&role, stand_in("hang", "cd \"$(dirname \"$0\")\"\n"
				  "sleep 1000 & echo $! >hang.pid.new\n"
				  "mv hang.pid.new hang.pid\nwait"), NULL);
	(void)snprintf(path, sizeof(path), "%s/hang.pid", gpg_home);
	/* Whether the program was reached before time was up is chance: until
	 * it was. */
	do
		assert_int_equal(list_keys(&role, 300, why), ERR_TIMEOUT);
	while (access(path, F_OK) < 0);
	assert_non_null(strstr(why, "did not answer in time"));
	from = fopen(path, "r");
	assert_non_null(from);
	assert_non_null(fgets(line, sizeof(line), from));
	(void)fclose(from);
	pid = (int)strtol(line, NULL, 10);
	assert_true(pid > 1);
	for (tries = 0; kill(pid, 0) == 0 && tries < 6000; tries++)
		(void)usleep(10000);
	/* Gone, or waiting for somebody to ask how it ended. */
	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	from = fopen(path, "r");
	assert_true(from == NULL || fgetc(from) == EOF);
	if (from != NULL)
		(void)fclose(from);
	assert_int_equal(role_close(&role), 0);
}

static void test_dies(void **state)
{
	char why[1000];
	struct role role;

	(void)state;
	/* Neither says that there is no key. */
	role_open(&role, stand_in("die", "kill -9 $$"), NULL);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why), ERR_GONE);
	assert_non_null(strstr(why, "before it said"));
	assert_int_equal(role_close(&role), 0);
	role_open(&role, stand_in("none", "exit 2"), NULL);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why), ERR_GONE);
	assert_int_equal(role_close(&role), 0);
	role_open(&role, "/nonexistent/gpg", NULL);
	assert_true(list_keys(&role, PATIENCE_MS, why) <= 0);
	if (round_trip(&role, why, sizeof(why)) == NULL)
		fail_msg("signed without gpg");
	assert_int_equal(role_close(&role), 0);
}

static void test_no_gpg(void **state)
{
	char why[1000];
	struct role role;

	(void)state;
	role_open(&role, "", NULL);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why),
			 ERR_UNSUPPORTED);
	assert_non_null(strstr(why, "There is no GnuPG here"));
	assert_int_equal(role_close(&role), 0);
}

/* The role itself dies with a request in hand. */
static void *killer_run(void *ctx)
{
	const struct role *role = ctx;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/slow.pid", gpg_home);
	while (access(path, F_OK) < 0)
		(void)usleep(5000);
	(void)kill(role->pid, SIGKILL);
	return NULL;
}

static void test_role_dies(void **state)
{
	char why[1000];
	struct role role;
	pthread_t killer;

	(void)state;
	role_open(&role, stand_in("slow", "cd \"$(dirname \"$0\")\"\n"
				  "echo $$ >slow.pid\nexec sleep 1000"), NULL);
	assert_int_equal(pthread_create(&killer, NULL, killer_run, &role), 0);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why), ERR_GONE);
	assert_non_null(strstr(why, "does not run"));
	assert_int_equal(pthread_join(killer, NULL), 0);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why), ERR_GONE);
	gpg_do("", "--version; kill -9 $(cat slow.pid)");
	(void)role_close(&role);
}

/* Nobody started it yet: whoever asks has it started. */
static void need(void *ctx)
{
	struct role *role = ctx;

	role_start(role, NULL, NULL);
	role_introduce(role);
}

static void need_in_vain(void *ctx)
{
	openpgp_client_attach(*(struct openpgp_client **)ctx, -1);
}

static void test_started_when_needed(void **state)
{
	struct openpgp_client *in_vain = NULL;
	struct role role, other;
	char why[1000];

	(void)state;
	role.client = openpgp_client_new(need, &role);
	assert_int_equal(list_keys(&role, PATIENCE_MS, why), 1);
	assert_int_equal(role_close(&role), 0);
	in_vain = openpgp_client_new(need_in_vain, &in_vain);
	other.client = in_vain;
	assert_int_equal(list_keys(&other, PATIENCE_MS, why), ERR_GONE);
	openpgp_client_free(in_vain);
}

/* A frame that breaks the rules ends that asker and nobody else. */
static void test_broken_frames(void **state)
{
	struct frame frames[] = {
		{ FRAME_PGP_SIGN, 1, { NULL, 0 }, { 0 }, 0 },
		{ FRAME_CHECK, 1, { NULL, 0 }, { 0 }, 0 },
		{ FRAME_CLIENT, 1, { NULL, 0 }, { 0 }, 0 },
		{ FRAME_HELLO, 1, { NULL, 0 }, { 0 }, 0 },
	};
	struct frame client = { FRAME_CLIENT, 0, { NULL, 0 }, { 0 }, 1 };
	struct pollfd hung_up = { -1, POLLIN, 0 };
	struct role role;
	char why[256], one;
	int ends[2];
	size_t i;

	(void)state;
	role_open(&role, NULL, NULL);
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		assert_int_equal(channel_pair(ends), 0);
		client.fds[0] = ends[1];
		assert_int_equal(channel_send(role.front, &client), 0);
		(void)close(ends[1]);
		assert_int_equal(channel_send(ends[0], &frames[i]), 0);
		hung_up.fd = ends[0];
		assert_int_equal(poll(&hung_up, 1, PATIENCE_MS), 1);
		assert_true(recv(ends[0], &one, 1, MSG_DONTWAIT) <= 0);
		(void)close(ends[0]);
	}
	if (round_trip(&role, why, sizeof(why)) != NULL)
		fail_msg("%s", why);
	/* Of the front it ends the role. */
	assert_int_equal(channel_send(role.front, &frames[1]), 0);
	assert_int_equal(role_close(&role), 1);
}

/* What cannot be decoded is answered, not obeyed. */
static void test_broken_payload(void **state)
{
	struct frame frame = { FRAME_PGP_KEYS, 7, bytes_of("nonsense"),
			       { 0 }, 0 };
	unsigned char *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd answer = { -1, POLLIN, 0 };
	struct role role;

	(void)state;
	role_open(&role, NULL, NULL);
	assert_int_equal(channel_send(role.front, &frame), 0);
	answer.fd = role.front;
	assert_int_equal(poll(&answer, 1, PATIENCE_MS), 1);
	assert_int_equal(channel_receive(role.front, room, &frame), 1);
	assert_int_equal(frame.type, FRAME_FAILURE);
	assert_int_equal(frame.id, 7);
	assert_int_equal(role_close(&role), 0);
	free(room);
}

/* Where gpg-agent does not listen the front is asked to start it, once. */
static void test_agent(void **state)
{
	struct frame frame = { FRAME_AGENT, 0, { NULL, 0 }, { 0 }, 0 };
	unsigned char *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd asked = { -1, POLLIN, 0 };
	struct helper helper = { NULL, "" };
	struct role role;
	pthread_t thread;
	char socket[128];

	(void)state;
	(void)snprintf(socket, sizeof(socket), "%s/S.none", gpg_home);
	role_open(&role, NULL, socket);
	helper.role = &role;
	assert_int_equal(pthread_create(&thread, NULL, helper_run, &helper),
			 0);
	asked.fd = role.front;
	assert_int_equal(poll(&asked, 1, PATIENCE_MS), 1);
	assert_int_equal(channel_receive(role.front, room, &frame), 1);
	assert_int_equal(frame.type, FRAME_AGENT);
	assert_int_equal(channel_send(role.front, &frame), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(helper.why, "");	/* it did run, elsewhere */
	assert_int_equal(role_close(&role), 0);
	free(room);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_round_trip),
	cmocka_unit_test(test_at_once),
	cmocka_unit_test(test_hangs),
	cmocka_unit_test(test_dies),
	cmocka_unit_test(test_no_gpg),
	cmocka_unit_test(test_role_dies),
	cmocka_unit_test(test_started_when_needed),
	cmocka_unit_test(test_broken_frames),
	cmocka_unit_test(test_broken_payload),
	cmocka_unit_test(test_agent),
};

GPG_TESTS(tests, setup, gpg_home_close)
