/* test_schema.c - files of every version become this one */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/store/judgement.h"
#include "agent/store/learned.h"
#include "agent/store/store_inside.h"
#include "tests/unit/store/folder.h"

#define FIRST \
	"INSERT INTO judgement VALUES (1, randomblob(32), 'a@x', " \
	"'genuine', 1, 5, 6); INSERT INTO facts VALUES (1, x'01');" \
	"INSERT INTO message_id VALUES (1, 'm@x');" \
	"INSERT INTO contact VALUES ('a@x', 'A', 'user', 7);" \
	"INSERT INTO setting VALUES ('field', '0123456789abcdef');"

static char folder[FOLDER_ROOM];

static int make(void **test)
{
	(void)test;
	folder_make(folder);
	return 0;
}

static int take_away(void **test)
{
	(void)test;
	folder_remove(folder);
	return 0;
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
}

/* A file as that version left it. */
static void file_of(int version, const char *more)
{
	char path[FOLDER_ROOM], pragma[128];
	sqlite3 *db;
	int i;

	folder_path(path, folder, "store.db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < version; i++)
		run(db, schema_steps[i]);
	(void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%d;"
		       "PRAGMA application_id=%d", version,
		       SCHEMA_APPLICATION);
	run(db, pragma);
	run(db, more);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void each_version_is_brought_up(void **test)
{
	unsigned char sum[SIGNATURE_SUM] = { 1 };
	struct store *store;
	int version;

	(void)test;
	for (version = 1; version <= SCHEMA_VERSION; version++) {
		file_of(version, FIRST);
		store = store_open(folder);
		assert_null(store_problem(store));
		assert_null(store_news(store));
		assert_int_equal(judgement_count(store), 1);
		assert_string_equal(store_field(store), "0123456789abcdef");
		assert_int_equal(learned_forget(store, "a@x"), 1);
		assert_int_equal(signature_put(store, sum, sum, 1), 0);
		store_free(store);
		folder_remove(folder);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
}

/* A step that fails leaves the version before it. */
static void a_step_is_whole(void **test)
{
	char path[FOLDER_ROOM];
	sqlite3_stmt *statement;
	sqlite3 *db;

	(void)test;
	file_of(1, FIRST "CREATE TABLE signature (x);");
	folder_path(path, folder, "store.db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(schema_make(db), ERR_SYNTAX);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1,
					    &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(statement, 0), 1);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_version_is_brought_up,
						make, take_away),
		cmocka_unit_test_setup_teardown(a_step_is_whole, make,
						take_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
