/* schema.c - the tables, and the way from an older version to this one
 *
 * user_version counts the steps that a file has taken; each step is taken
 * whole or not at all.  A step that was released is never changed: what is
 * new is a step of its own. */
#include "agent/store/store_inside.h"

#include <stdio.h>

#include "agent/base/err.h"

#define VERSION_TEXT_MAX 96

const char *const schema_steps[SCHEMA_VERSION] = {
	/* 1 */
	"CREATE TABLE setting ("
	" name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE judgement ("
	" number INTEGER PRIMARY KEY,"
	" id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),"
	" address TEXT NOT NULL,"
	" verdict TEXT NOT NULL,"
	" final INTEGER NOT NULL CHECK (final IN (0, 1)),"
	" seen INTEGER NOT NULL,"
	" judged INTEGER NOT NULL) STRICT;"
	/* A message may name itself several times, and programs differ in
	 * which one they take. */
	"CREATE TABLE message_id ("
	" number INTEGER NOT NULL, message_id TEXT NOT NULL,"
	" PRIMARY KEY (number, message_id)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX message_id_text ON message_id (message_id);"
	/* Apart: whoever looks through judgements reads few pages. */
	"CREATE TABLE facts ("
	" number INTEGER PRIMARY KEY, facts BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER judgement_gone AFTER DELETE ON judgement BEGIN"
	" DELETE FROM facts WHERE number = old.number;"
	" DELETE FROM message_id WHERE number = old.number; END;"

	"CREATE TABLE dkim_key ("
	" domain TEXT NOT NULL, selector TEXT NOT NULL, text TEXT NOT NULL,"
	" secure INTEGER NOT NULL CHECK (secure IN (0, 1)),"
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
	" PRIMARY KEY (domain, selector, text)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE certificate ("
	" address TEXT NOT NULL,"
	" fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),"
	" der BLOB NOT NULL, source TEXT NOT NULL,"
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
	" PRIMARY KEY (address, fingerprint)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE contact ("
	" address TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL,"
	" seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

	/* 2: replays (design 7, "altered on the way") */
	"CREATE TABLE signature ("
	" sum BLOB PRIMARY KEY CHECK (length(sum) = 32),"
	" body BLOB NOT NULL CHECK (length(body) = 32),"
	" seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

	/* 3: what a correspondent reads, and when DNS named the certificate */
	"ALTER TABLE certificate ADD COLUMN reads INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE certificate ADD COLUMN proven INTEGER NOT NULL "
	"DEFAULT 0;",

	/* 4: messages that were in hand when a role died */
	"CREATE TABLE death ("
	" sum BLOB NOT NULL CHECK (length(sum) = 32),"
	" size INTEGER NOT NULL, count INTEGER NOT NULL,"
	" seen INTEGER NOT NULL,"
	" PRIMARY KEY (sum, size)) STRICT, WITHOUT ROWID;",

	/* 5: who signed by OpenPGP; the keys themselves are gpg's */
	"CREATE TABLE signer ("
	" address TEXT NOT NULL, fingerprint TEXT NOT NULL,"
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
	" PRIMARY KEY (address, fingerprint)) STRICT, WITHOUT ROWID;",

	/* 6: the Message-IDs of encrypted mail that was opened */
	"CREATE TABLE opened ("
	" sum BLOB PRIMARY KEY CHECK (length(sum) = 32),"
	" seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
};

static int number_of(sqlite3 *db, const char *pragma, int *out)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite3_prepare_v2(db, pragma, -1, &statement, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(statement);
	if (r == SQLITE_ROW)
		*out = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	return r == SQLITE_ROW ? SQLITE_OK : r;
}

static int step_take(sqlite3 *db, int from)
{
	char version[VERSION_TEXT_MAX];
	int r = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (r != SQLITE_OK)
		return r;
	(void)snprintf(version, sizeof(version), "PRAGMA application_id=%d;"
		       "PRAGMA user_version=%d", SCHEMA_APPLICATION, from + 1);
	r = sqlite3_exec(db, schema_steps[from], NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, version, NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (r != SQLITE_OK)
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int schema_error(int r)
{
	switch (r & 0xFF) {
	case SQLITE_OK:
		return 0;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:	/* tables that are not what they should be */
		return ERR_SYNTAX;
	default:
		return ERR_IO;
	}
}

int schema_make(sqlite3 *db)
{
	int version = 0, application = 0, tables = 0, r;

	r = number_of(db, "PRAGMA user_version", &version);
	if (r == SQLITE_OK)
		r = number_of(db, "PRAGMA application_id", &application);
	if (r == SQLITE_OK)
		r = number_of(db, "SELECT count(*) FROM sqlite_schema",
			      &tables);
	if (r != SQLITE_OK)
		return schema_error(r);
	/* Somebody else's tables are not ours to change. */
	if ((tables > 0 || version != 0) && application != SCHEMA_APPLICATION)
		return ERR_SYNTAX;
	if (version > SCHEMA_VERSION)
		return ERR_UNSUPPORTED;
	if (version < 0)
		return ERR_SYNTAX;
	for (; version < SCHEMA_VERSION && r == SQLITE_OK; version++)
		r = step_take(db, version);
	return schema_error(r);
}
