/* test_submit.c - attempts against scripted servers, and what is recorded */
#include "tests/unit/smtp/scripted.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/stream.h"
#include "agent/desk/queue_file.h"
#include "agent/flow/account.h"
#include "agent/flow/submit.h"

#define OPEN \
	{ PLAY_SAYS, "220 h\r\n" }, { PLAY_HEARS, "EHLO [127.0.0.1]\r\n" }, \
	{ PLAY_SAYS, "250-h\r\n250-AUTH PLAIN\r\n250 PIPELINING\r\n" }
#define LOGIN \
	{ PLAY_HEARS, "AUTH PLAIN AGFsaWNlAHBlbmNpbA==\r\n" }, \
	{ PLAY_SAYS, "235 ok\r\n" }
#define FIRST \
	{ PLAY_HEARS, "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n" \
	  "RCPT TO:<c@x>\r\nDATA\r\n" }

struct scene {
	struct arena *arena;
	struct scripted server;
	struct account account;
	struct submit_world world;
	struct submit_result result;
	struct queue_file file;		/* afterwards */
	bool reachable;
	bool may_end;
	unsigned asked, ended, closed;	/* password, may_end, close */
	char path[64];
	int fd;
};

static bool reach(void *ctx, struct arena *arena,
		  const struct account *account, struct submit_link *out,
		  struct smtp_outcome *failed, enum queue_cause *cause)
{
	struct scene *scene = ctx;

	(void)arena;
	(void)account;
	if (!scene->reachable) {
		outcome_ours(failed, SMTP_LATER, SMTP_AT_GREETING,
			     "no connection");
		*cause = QUEUE_CAUSE_TRUST;
		return false;
	}
	out->wire = scripted_wire(&scene->server);
	out->start = SMTP_GREETS;
	out->host = "mail.x";
	return true;
}

static void close_it(void *ctx, struct submit_link *link)
{
	(void)link;
	((struct scene *)ctx)->closed++;
}

static int password(void *ctx, const struct account *account,
		    struct buf *secret, struct buf *why)
{
	struct scene *scene = ctx;

	(void)account;
	if (scene->asked++ > 0) {
		buf_text(why, "nobody there");
		return ERR_REFUSED;
	}
	buf_text(secret, "pencil");
	return 0;
}

static bool may_end(void *ctx)
{
	struct scene *scene = ctx;

	scene->ended++;
	return scene->may_end;
}

static int64_t now(void)
{
	return 1000;
}

/* Two to b@x and c@x, one of its own to d@x. */
static void file_make(struct scene *scene)
{
	struct queue_recipient to[] = { { "b@x", 0, NULL },
					{ "c@x", 0, NULL },
					{ "d@x", 1, NULL } };
	struct queue_envelope envelopes[] = {
		{ "a@x", 0, 5, false, false, false, 0, 2 },
		{ "a@x", 5, 5, false, false, false, 2, 1 },
	};
	struct queue_job job = {
		.id = "0123abcd", .account = "home", .created = 5,
		.envelopes = envelopes, .envelope_count = 2,
		.recipients = to, .recipient_count = 3,
	};
	struct queue_writer writer;
	struct sink sink;
	int fd;

	(void)snprintf(scene->path, sizeof(scene->path),
		       "/tmp/mailseal-submit-XXXXXX");
	fd = mkstemp(scene->path);
	assert_true(fd >= 0);
	assert_int_equal(queue_writer_open(&writer, fd), 0);
	sink = queue_writer_sink(&writer);
	assert_int_equal(sink.write(sink.ctx, bytes_of("one\r\ntwo\r\n")), 0);
	assert_int_equal(queue_writer_close(&writer, &job), 0);
	queue_writer_free(&writer);
	(void)close(fd);
	scene->fd = open(scene->path, O_RDWR | O_APPEND | O_CLOEXEC);
	assert_true(scene->fd >= 0);
}

static void scene_open(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	scene->arena = arena_new(SUBMIT_ARENA_MAX);
	assert_non_null(scene->arena);
	scene->account.name = "home";
	scene->account.user = "alice";
	scene->account.has_password = true;
	scene->reachable = scene->may_end = true;
	scene->world.reach = reach;
	scene->world.close = close_it;
	scene->world.password = password;
	scene->world.may_end = may_end;
	scene->world.times = &smtp_times_usual;
	scene->world.now = now;
	scene->world.ctx = scene;
	file_make(scene);
}

static void scene_run(struct scene *scene, const struct play *play)
{
	struct buf records;

	scripted_init(&scene->server, play);
	buf_init(&records, 1000);
	queue_log_mark(&records, "attempt", 999, NULL);
	assert_int_equal(queue_log_add(scene->fd, &records, QUEUE_WRITTEN),
			 0);
	buf_free(&records);
	assert_int_equal(submit_run(scene->arena, &scene->account,
				    &scene->world, scene->fd,
				    &scene->result), 0);
	assert_int_equal(queue_file_read(scene->arena, scene->fd,
					 &scene->file), 0);
	assert_false(scene->server.failed);
	assert_false(scene->file.state.in_hand);
	assert_false(scene->result.unrecorded);
	scripted_free(&scene->server);
}

static void scene_close(struct scene *scene)
{
	(void)close(scene->fd);
	(void)unlink(scene->path);
	arena_free(scene->arena);
}

static void test_all(void **state)
{
	static const struct play play[] = {
		OPEN, LOGIN, FIRST,
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "one\r\n.\r\n" },
		{ PLAY_SAYS, "250 2.0.0 queued as 1\r\n" },
		{ PLAY_HEARS, "MAIL FROM:<a@x>\r\nRCPT TO:<d@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "two\r\n.\r\n" },
		{ PLAY_SAYS, "250 2.0.0 queued as 2\r\n" },
		{ PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_run(&scene, play);
	assert_int_equal(scene.result.outcome.fate, SMTP_TAKEN);
	assert_int_equal(scene.file.state.taken, 3);
	assert_string_equal(scene.file.state.fates[2].text,
			    "the server answered 250 2.0.0: queued as 2");
	assert_int_equal(scene.asked, 1);
	assert_int_equal(scene.ended, 2);
	assert_int_equal(scene.closed, 1);
	/* Once more: there is nothing to do, nobody is asked. */
	scene.reachable = false;
	scene_run(&scene, play);
	assert_int_equal(scene.result.outcome.fate, SMTP_TAKEN);
	assert_int_equal(scene.closed, 1);
	scene_close(&scene);
}

/* Only what is open is tried again, each answer being final. */
static void test_again(void **state)
{
	static const struct play first[] = {
		OPEN, LOGIN, FIRST,
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n450 4.2.1 busy\r\n"
		  "354 go\r\n" },
		{ PLAY_HEARS, "one\r\n.\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "MAIL FROM:<a@x>\r\nRCPT TO:<d@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n550 5.1.1 no\r\n503 none\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play second[] = {
		OPEN, LOGIN,
		{ PLAY_HEARS, "MAIL FROM:<a@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "one\r\n.\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_run(&scene, first);
	assert_int_equal(scene.file.state.taken, 1);
	assert_int_equal(scene.file.state.open, 1);
	assert_int_equal(scene.file.state.refused, 1);
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_MAIL);
	assert_int_equal(scene.result.outcome.fate, SMTP_REFUSED);
	scene.asked = 0;
	scene_run(&scene, second);
	assert_int_equal(scene.file.state.taken, 2);
	assert_int_equal(scene.file.state.open, 0);
	assert_int_equal(scene.file.state.attempts, 2);
	scene_close(&scene);
}

/* Cut behind the end: unknown, and said so; the first envelope's answer
 * stays. */
static void test_cut(void **state)
{
	static const struct play play[] = {
		OPEN, LOGIN, FIRST,
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "one\r\n.\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "MAIL FROM:<a@x>\r\nRCPT TO:<d@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "two\r\n.\r\n" }, { PLAY_CUTS, NULL },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_run(&scene, play);
	assert_int_equal(scene.file.state.taken, 2);
	assert_int_equal(scene.file.state.open, 1);
	assert_int_equal(scene.file.state.unknowns, 1);
	assert_int_equal(scene.result.outcome.fate, SMTP_UNKNOWN);
	assert_non_null(strstr(scene.file.state.why, "may have taken"));
	scene_close(&scene);
}

static void test_causes(void **state)
{
	static const struct play denied[] = {
		OPEN, { PLAY_SKIPS, "\r\n" }, { PLAY_SAYS, "535 5.7.8 no\r\n" },
		{ PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play later[] = {
		OPEN, { PLAY_SKIPS, "\r\n" }, { PLAY_SAYS, "454 no\r\n" },
		{ PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play closing[] = {
		{ PLAY_SAYS, "421 closing\r\n" }, { PLAY_HEARS, "QUIT\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play nobody[] = {
		OPEN, { PLAY_HEARS, "QUIT\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_run(&scene, denied);
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_LOGIN);
	assert_int_equal(scene.result.outcome.fate, SMTP_DENIED);
	scene.asked = 0;
	scene_run(&scene, later);
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_SERVER);
	scene_run(&scene, nobody);	/* the password is not to be had */
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_LOGIN);
	assert_string_equal(scene.result.outcome.text, "nobody there");
	scene_run(&scene, closing);
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_SERVER);
	scene.reachable = false;
	scene_run(&scene, closing);
	assert_int_equal(scene.result.cause, QUEUE_CAUSE_TRUST);
	assert_string_equal(scene.result.outcome.text, "no connection");
	assert_int_equal(scene.file.state.open, 3);
	assert_int_equal(scene.file.state.unknowns, 0);
	assert_int_equal(scene.file.state.attempts, 5);
	scene_close(&scene);
}

/* Whoever cancels before the end keeps it from being sent. */
static void test_cancelled(void **state)
{
	static const struct play play[] = {
		OPEN, LOGIN, FIRST,
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "one\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene.may_end = false;
	scene_run(&scene, play);
	assert_int_equal(scene.file.state.open, 3);
	/* Nothing was ended, and the record says what the server was told. */
	assert_int_equal(scene.file.state.unknowns, 0);
	assert_int_equal(scene.ended, 1);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all), cmocka_unit_test(test_again),
		cmocka_unit_test(test_cut), cmocka_unit_test(test_causes),
		cmocka_unit_test(test_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
