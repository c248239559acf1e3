/* test_store.c - opening in good and bad times, and the turn */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/store/archive.h"
#include "agent/store/judgement.h"
#include "agent/store/learned.h"
#include "agent/store/store_inside.h"
#include "tests/unit/store/folder.h"

struct world {
	char folder[FOLDER_ROOM];
	struct store *store;
	struct arena *arena;
};

static int world_make(void **test)
{
	struct world *world = calloc(1, sizeof(*world));

	folder_make(world->folder);
	world->store = store_open(world->folder);
	world->arena = arena_new(1024 * 1024);
	*test = world;
	return world->store == NULL || world->arena == NULL;
}

static int world_remove(void **test)
{
	struct world *world = *test;

	store_free(world->store);
	arena_free(world->arena);
	folder_remove(world->folder);
	free(world);
	return 0;
}

static void open_again(struct world *world)
{
	store_free(world->store);
	world->store = store_open(world->folder);
	assert_non_null(world->store);
}

static int put(struct store *store, unsigned number)
{
	static const char *const name = "a@example.org";
	struct judgement_kept kept = { { 0 }, "alice@example.org", "genuine",
				       true, 1000, 1000, bytes_of("facts") };

	memcpy(kept.id, &number, sizeof(number));
	return judgement_put(store, &kept, &name, 1);
}

static void damage(const struct world *world, off_t at, size_t len)
{
	char path[FOLDER_ROOM];
	int fd;

	folder_path(path, world->folder, "store.db");
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	while (len-- > 0)
		assert_int_equal(pwrite(fd, "\xA5", 1, at + (off_t)len), 1);
	close(fd);
}

static void expect_news(struct store *store, const char *part)
{
	const char *news = store_news(store);

	assert_non_null(news);
	assert_non_null(strstr(news, part));
	assert_null(store_news(store));
}

static void it_lasts(void **test)
{
	struct world *world = *test;
	char field[STORE_FIELD_DIGITS + 1];
	struct stat about;
	char path[FOLDER_ROOM];

	assert_null(store_problem(world->store));
	assert_null(store_news(world->store));
	assert_non_null(store_field(world->store));
	memcpy(field, store_field(world->store), sizeof(field));
	assert_int_equal(strspn(field, "0123456789abcdef"),
			 STORE_FIELD_DIGITS);
	assert_int_equal(put(world->store, 1), 0);
	open_again(world);
	assert_string_equal(store_field(world->store), field);
	assert_int_equal(judgement_count(world->store), 1);
	folder_path(path, world->folder, "store.db");
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
}

/* kill -9: what a turn wrote is there, what it had not written is not. */
static void a_kill_leaves_whole_turns(void **test)
{
	struct world *world = *test;
	pid_t pid;
	int status;

	store_free(world->store);
	world->store = NULL;
	pid = fork();
	if (pid == 0) {
		struct store *store = store_open(world->folder);

		if (store == NULL || put(store, 1) < 0)
			_exit(1);
		store_turn(store);
		if (put(store, 2) < 0)
			_exit(1);
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	world->store = store_open(world->folder);
	assert_null(store_problem(world->store));
	assert_int_equal(judgement_count(world->store), 1);
}

static void garbage_is_set_aside(void **test)
{
	struct world *world = *test;

	store_free(world->store);
	damage(world, 0, 4096);
	world->store = store_open(world->folder);
	expect_news(world->store, "was damaged");
	assert_null(store_problem(world->store));
	assert_true(folder_has(world->folder, "store.db.damaged"));
	assert_int_equal(put(world->store, 1), 0);
	open_again(world);
	assert_int_equal(judgement_count(world->store), 1);
}

/* Found by the look at every page; contacts and the field live on. */
static void a_damaged_page_is_found(void **test)
{
	struct world *world = *test;
	struct learned learned = { "bob@example.org", "Bob", "written-to", 1 };
	char field[STORE_FIELD_DIGITS + 1];
	char path[FOLDER_ROOM];
	struct stat about;
	unsigned i;

	memcpy(field, store_field(world->store), sizeof(field));
	assert_int_equal(learned_put(world->store, &learned), 0);
	for (i = 0; i < 2000; i++)
		assert_int_equal(put(world->store, i), 0);
	store_free(world->store);
	folder_path(path, world->folder, "store.db");
	assert_int_equal(stat(path, &about), 0);
	damage(world, about.st_size - 3 * 4096, 2 * 4096);
	world->store = store_open(world->folder);
	assert_null(store_news(world->store));
	chores_wait(world->store->chores);
	store_turn(world->store);
	expect_news(world->store, "1 contacts");
	assert_string_equal(store_field(world->store), field);
	assert_int_equal(judgement_count(world->store), 0);
	assert_int_equal(put(world->store, 1), 0);
	store_turn(world->store);
	assert_int_equal(learned_forget(world->store, "bob@example.org"), 1);
}

static void somebody_elses_file_is_set_aside(void **test)
{
	struct world *world = *test;

	assert_int_equal(sqlite3_exec(world->store->db,
				      "PRAGMA application_id=7", NULL, NULL,
				      NULL), SQLITE_OK);
	open_again(world);
	expect_news(world->store, "was damaged");
}

static void a_newer_one_is_left_alone(void **test)
{
	struct world *world = *test;

	assert_int_equal(put(world->store, 1), 0);
	store_turn(world->store);
	assert_int_equal(sqlite3_exec(world->store->db,
				      "PRAGMA user_version=999", NULL, NULL,
				      NULL), SQLITE_OK);
	open_again(world);
	expect_news(world->store, "newer mailseald");
	assert_non_null(store_problem(world->store));
	assert_null(store_field(world->store));
	/* It works all the same, until it ends. */
	assert_int_equal(judgement_count(world->store), 0);
	assert_int_equal(put(world->store, 2), 0);
	store_turn(world->store);
	assert_int_equal(judgement_count(world->store), 1);
	assert_false(folder_has(world->folder, "store.db.damaged"));
}

static void a_link_is_not_followed(void **test)
{
	struct world *world = *test;
	char path[FOLDER_ROOM];

	store_free(world->store);
	folder_path(path, world->folder, "store.db");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	world->store = store_open(world->folder);
	assert_non_null(store_problem(world->store));
	assert_int_equal(put(world->store, 1), 0);
}

static void no_folder_is_a_store_in_memory(void **test)
{
	struct world *world = *test;
	char path[FOLDER_ROOM];

	store_free(world->store);
	folder_path(path, world->folder, "nothing");
	world->store = store_open(path);
	expect_news(world->store, "cannot be used");
	assert_int_equal(put(world->store, 1), 0);
	store_turn(world->store);
	assert_int_equal(judgement_count(world->store), 1);
}

/* As root, rights do not bind: then another user looks. */
static void a_folder_without_rights(void **test)
{
	struct world *world = *test;
	char path[FOLDER_ROOM];
	int status;
	pid_t pid;

	store_free(world->store);
	world->store = NULL;
	folder_path(path, world->folder, "store.db");
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(world->folder, 0555), 0);
	pid = fork();
	if (pid == 0) {
		struct store *store;

		if (getuid() == 0 && setuid(65534) != 0)
			_exit(1);
		store = store_open(world->folder);
		if (store == NULL || store_problem(store) == NULL ||
		    put(store, 1) < 0 || judgement_count(store) != 1)
			_exit(2);
		store_free(store);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* In a process of its own: the limit on a file's size is for good. */
static int full_disk(struct world *world)
{
	struct rlimit limit = { 300 * 1024, RLIM_INFINITY };
	struct store *store = store_open(world->folder);
	const char *news = NULL;
	unsigned i;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (store == NULL || put(store, 1) < 0)
		return 1;
	store_turn(store);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		return 2;
	for (i = 0; i < 20000 && news == NULL; i++) {
		(void)put(store, i);
		if (i % 100 == 0)
			store_turn(store);
		news = store_news(store);
	}
	if (news == NULL || strstr(news, "cannot be written") == NULL ||
	    store_problem(store) == NULL)
		return 3;
	/* What was there is read as before. */
	if (judgement_count(store) < 1)
		return 4;
	limit.rlim_cur = RLIM_INFINITY;
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		return 5;
	if (put(store, 30000) < 0)
		return 6;
	store_turn(store);
	if (store_problem(store) != NULL)
		return 7;
	news = store_news(store);
	if (news == NULL || strstr(news, "again") == NULL)
		return 8;
	store_free(store);
	return 0;
}

static void a_full_disk_does_no_harm(void **test)
{
	struct world *world = *test;
	int status;
	pid_t pid;

	store_free(world->store);
	world->store = NULL;
	pid = fork();
	if (pid == 0)
		_exit(full_disk(world));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	world->store = store_open(world->folder);
	chores_wait(world->store->chores);
	store_turn(world->store);
	assert_null(store_news(world->store));
	assert_true(judgement_count(world->store) >= 2);
}

/* The log of writes does not grow without end. */
static void the_log_is_moved(void **test)
{
	struct world *world = *test;
	char path[FOLDER_ROOM];
	struct stat about;
	unsigned i;

	for (i = 0; i < 20000; i++) {
		assert_int_equal(put(world->store, i), 0);
		if (i % 50 == 0)
			store_turn(world->store);
	}
	store_turn(world->store);
	folder_path(path, world->folder, "store.db-wal");
	/* Once it was moved, the next write begins it anew. */
	chores_wait(world->store->chores);
	assert_int_equal(put(world->store, i), 0);
	store_turn(world->store);
	assert_int_equal(stat(path, &about), 0);
	assert_true(about.st_size <= 4 * 1024 * 1024);
	assert_int_equal(judgement_count(world->store), 20001);
}

static void what_is_old_goes(void **test)
{
	struct world *world = *test;
	struct judgement_kept kept = { { 0 }, "", "spoofed", true, 0, 0,
				       bytes_of("x") };
	struct archived_key key = { "example.org", "s1", "p=", true, 10, 20 };
	int64_t i;

	for (i = 0; i < 100; i++) {
		kept.id[0] = (unsigned char)i;
		kept.seen = i;
		assert_int_equal(judgement_put(world->store, &kept, NULL, 0),
				 0);
	}
	assert_int_equal(archive_put(world->store, &key), 0);
	assert_int_equal(store_expire(world->store, 20, 15), 15);
	assert_int_equal(store_expire(world->store, 20, 15), 5);
	assert_int_equal(store_expire(world->store, 21, 0), 2);
	assert_int_equal(judgement_count(world->store), 79);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, world_make, \
						   world_remove)
		WITH(it_lasts),
		WITH(a_kill_leaves_whole_turns),
		WITH(garbage_is_set_aside),
		WITH(a_damaged_page_is_found),
		WITH(somebody_elses_file_is_set_aside),
		WITH(a_newer_one_is_left_alone),
		WITH(a_link_is_not_followed),
		WITH(no_folder_is_a_store_in_memory),
		WITH(a_folder_without_rights),
		WITH(a_full_disk_does_no_harm),
		WITH(the_log_is_moved),
		WITH(what_is_old_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
