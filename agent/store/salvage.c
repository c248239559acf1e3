/* salvage.c - a damaged file is set aside, and what must not be lost copied
 *
 * Judgements are not copied: nobody can tell whether they are still what was
 * written.  A contact and the filter's field name are checked as they are
 * when they come from outside. */
#include "agent/store/store_inside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/store/judgement.h"
#include "agent/store/learned.h"

#define PATH_ROOM 4200

static int put_name(char *room, const char *path, const char *end)
{
	int len = snprintf(room, PATH_ROOM, "%s%s", path, end);

	return len < 0 || len >= PATH_ROOM ? ERR_LIMIT : 0;
}

static int move(const char *path, const char *from, const char *to)
{
	char before[PATH_ROOM], after[PATH_ROOM];

	if (put_name(before, path, from) < 0 || put_name(after, path, to) < 0)
		return ERR_IO;
	if (rename(before, after) == 0)
		return 0;
	/* One of an earlier damage would be taken for this one's. */
	(void)unlink(after);
	return errno == ENOENT ? 0 : ERR_IO;
}

int salvage_set_aside(const char *path)
{
	char name[PATH_ROOM];
	int r = move(path, "", ".damaged");

	if (r == 0)
		r = move(path, "-wal", ".damaged-wal");
	if (put_name(name, path, "-shm") == 0)
		(void)unlink(name);
	return r;
}

static bool is_field(const char *value)
{
	return value != NULL && strlen(value) == STORE_FIELD_DIGITS &&
	       strspn(value, "0123456789abcdef") == STORE_FIELD_DIGITS;
}

/* Calls `take` for the rows that can be read. */
static unsigned copy_rows(struct store *store, sqlite3 *from, const char *sql,
			  bool (*take)(struct store *store,
				       sqlite3_stmt *row))
{
	sqlite3_stmt *statement = NULL;
	unsigned rows = 0;

	if (sqlite3_prepare_v2(from, sql, -1, &statement, NULL) != SQLITE_OK)
		return 0;
	while (sqlite3_step(statement) == SQLITE_ROW)
		rows += take(store, statement) ? 1 : 0;
	(void)sqlite3_finalize(statement);
	return rows;
}

static const char *text_of(sqlite3_stmt *row, int at)
{
	return (const char *)sqlite3_column_text(row, at);
}

static bool take_setting(struct store *store, sqlite3_stmt *row)
{
	sqlite3_stmt *put = store_statement(store, SQL_SETTING_PUT);
	const char *name = text_of(row, 0), *value = text_of(row, 1);

	if (name == NULL || strcmp(name, "field") != 0 || !is_field(value))
		return false;
	store_bind_text(put, 1, name);
	store_bind_text(put, 2, value);
	return store_run(store, put) > 0;
}

static bool take_contact(struct store *store, sqlite3_stmt *row)
{
	struct learned learned = { text_of(row, 0), text_of(row, 1),
				   text_of(row, 2),
				   sqlite3_column_int64(row, 3) };

	return learned_put(store, &learned) == 0;
}

unsigned salvage_copy(struct store *store)
{
	char name[PATH_ROOM];
	sqlite3 *from = NULL;
	unsigned rows = 0;

	if (put_name(name, store->path, ".damaged") < 0 ||
	    store_write(store) < 0)
		return 0;
	if (sqlite3_open_v2(name, &from, SQLITE_OPEN_READWRITE |
			    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
		(void)copy_rows(store, from, "SELECT name, value FROM setting",
				take_setting);
		rows = copy_rows(store, from, "SELECT address, name, source, "
				 "seen FROM contact", take_contact);
	}
	(void)sqlite3_close(from);
	return store_commit(store) < 0 ? 0 : rows;
}
