/* statement.c - statements, transactions, and what an error means */
#include "agent/store/store_inside.h"

#include <stdarg.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"

void store_tell(struct store *store, const char *format, ...)
{
	va_list args;

	if (store->news_count == STORE_NEWS_MAX)
		return;
	va_start(args, format);
	(void)vsnprintf(store->news[store->news_count++], STORE_SENTENCE_MAX,
			format, args);
	va_end(args);
}

/* A full disk is told once, and once more when it is over. */
static void note_failing(struct store *store, const char *why)
{
	if (store->failing)
		return;
	store->failing = true;
	(void)snprintf(store->problem, sizeof(store->problem), "%.300s cannot "
		       "be written (%.100s): what is judged now is not "
		       "remembered; make room on that disk", store->path, why);
	store_tell(store, "%s", store->problem);
}

static void note_error(struct store *store, int error)
{
	switch (error & 0xFF) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		store->damaged = true;
		break;
	case SQLITE_CONSTRAINT:
		break;			/* one row that may not be */
	default:
		note_failing(store, sqlite3_errmsg(store->db));
		break;
	}
}

sqlite3_stmt *store_statement(struct store *store, enum store_sql sql)
{
	int r;

	if (store->db == NULL)
		return NULL;
	if (store->statements[sql] == NULL) {
		r = sqlite3_prepare_v3(store->db, store_sql[sql], -1,
				       SQLITE_PREPARE_PERSISTENT,
				       &store->statements[sql], NULL);
		if (r != SQLITE_OK)
			note_error(store, r);
	}
	return store->statements[sql];
}

void store_reset(sqlite3_stmt *statement)
{
	if (statement == NULL)
		return;
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
}

int store_step(struct store *store, sqlite3_stmt *statement)
{
	int r = statement == NULL ? SQLITE_MISUSE : sqlite3_step(statement);

	if (r == SQLITE_ROW)
		return 1;
	if (r == SQLITE_DONE)
		return 0;
	if (statement != NULL)
		note_error(store, r);
	return ERR_IO;
}

int store_run(struct store *store, sqlite3_stmt *statement)
{
	int r = store_step(store, statement);

	store_reset(statement);
	return r < 0 ? r : sqlite3_changes(store->db);
}

int store_write(struct store *store)
{
	if (store->db == NULL)
		return ERR_IO;
	/* SQLite ends a transaction by itself on some errors. */
	if (!sqlite3_get_autocommit(store->db))
		return 0;
	return store_run(store, store_statement(store, SQL_BEGIN)) < 0 ?
	       ERR_IO : 0;
}

int store_commit(struct store *store)
{
	int r;

	if (store->db == NULL || sqlite3_get_autocommit(store->db))
		return 0;
	r = store_run(store, store_statement(store, SQL_COMMIT));
	if (r < 0 && !sqlite3_get_autocommit(store->db))
		(void)store_run(store, store_statement(store, SQL_ROLLBACK));
	if (r >= 0 && store->failing) {
		store->failing = false;
		store->problem[0] = 0;
		store_tell(store, "%.300s can be written again", store->path);
	}
	return r < 0 ? r : 0;
}

void store_finalize(struct store *store)
{
	size_t i;

	for (i = 0; i < SQL_COUNT; i++) {
		(void)sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
}

void store_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	if (statement != NULL)
		(void)sqlite3_bind_text(statement, at, text, -1,
					SQLITE_STATIC);
}

void store_bind_blob(sqlite3_stmt *statement, int at, struct bytes blob)
{
	const void *data = blob.data == NULL ? (const void *)"" : blob.data;

	if (statement != NULL)
		(void)sqlite3_bind_blob64(statement, at, data, blob.len,
					  SQLITE_STATIC);
}

void store_bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
	if (statement != NULL)
		(void)sqlite3_bind_int64(statement, at, number);
}

/* Good until the next step. The type is asked for first: the length belongs
 * to one of both. */
static struct bytes column(sqlite3_stmt *statement, int at)
{
	struct bytes bytes = { NULL, 0 };
	int len;

	if (sqlite3_column_type(statement, at) == SQLITE_TEXT)
		bytes.data = sqlite3_column_text(statement, at);
	else
		bytes.data = sqlite3_column_blob(statement, at);
	len = sqlite3_column_bytes(statement, at);
	if (bytes.data != NULL && len > 0)
		bytes.len = (size_t)len;
	return bytes;
}

const char *store_text(struct arena *arena, sqlite3_stmt *statement, int at)
{
	return arena_text(arena, column(statement, at));
}

struct bytes store_blob(struct arena *arena, sqlite3_stmt *statement, int at)
{
	return arena_bytes(arena, column(statement, at));
}

bool store_takes(const char *text, size_t most)
{
	size_t len = text == NULL ? 0 : strnlen(text, most + 1);
	struct bytes bytes = { (const unsigned char *)text, len };

	return text != NULL && len <= most && utf8_is_valid(bytes);
}
