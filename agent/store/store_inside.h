/* store_inside.h - what the files of the store share
 *
 * A statement is prepared when it is first needed and kept.  Each function
 * binds, steps and resets; store_step() sees to errors in one place. */
#ifndef MAILSEAL_STORE_STORE_INSIDE_H
#define MAILSEAL_STORE_STORE_INSIDE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/store/store.h"

struct arena;
struct chores;

#define STORE_SENTENCE_MAX 512
#define STORE_NEWS_MAX 4

/* Texts in store_sql.c. */
enum store_sql {
	SQL_BEGIN, SQL_COMMIT, SQL_ROLLBACK,
	SQL_SETTING_GET, SQL_SETTING_PUT,
	SQL_JUDGEMENT_PUT, SQL_MESSAGE_ID_PUT, SQL_FACTS_PUT,
	SQL_JUDGEMENT_FIND,
	SQL_JUDGEMENT_FIND_ALL, SQL_JUDGEMENT_NEWEST, SQL_JUDGEMENT_FORGET,
	SQL_JUDGEMENT_FORGET_ADDRESS, SQL_JUDGEMENT_EXPIRE,
	SQL_JUDGEMENT_COUNT, SQL_JUDGEMENT_IDS,
	SQL_SIGNATURE_GET, SQL_SIGNATURE_PUT,
	SQL_SIGNATURE_EXPIRE,
	SQL_KEY_PUT, SQL_KEY_FIND, SQL_KEY_TRIM, SQL_KEY_EXPIRE,
	SQL_KEY_LIMIT,
	SQL_CERTIFICATE_PUT, SQL_CERTIFICATE_FIND, SQL_CERTIFICATE_TRIM,
	SQL_CERTIFICATE_ADDRESSES,
	SQL_CERTIFICATE_FORGET, SQL_CERTIFICATE_FORGET_ADDRESS,
	SQL_SIGNER_PUT, SQL_SIGNER_FIND, SQL_SIGNER_TRIM,
	SQL_SIGNER_FORGET_ADDRESS,
	SQL_LEARNED_PUT, SQL_LEARNED_FORGET, SQL_LEARNED_EACH,
	SQL_LEARNED_COUNT,
	SQL_OPENED_PUT, SQL_OPENED_GET, SQL_OPENED_EXPIRE, SQL_OPENED_LIMIT,
	SQL_DEATH_PUT, SQL_DEATH_TRIM, SQL_DEATH_EXPIRE, SQL_DEATH_EACH,
	SQL_COUNT
};
extern const char *const store_sql[SQL_COUNT];

/* A key that was put just now. */
#define RECENT_KEYS 64
struct recent_key {
	uint64_t sum;
	int64_t when;
};

struct store {
	char *path;			/* of the file */
	sqlite3 *db;			/* NULL: nothing is remembered */
	sqlite3_stmt *statements[SQL_COUNT];
	struct chores *chores;		/* NULL: in memory */
	struct recent_key recent[RECENT_KEYS];
	bool in_memory;
	bool damaged;			/* set aside at the end of the turn */
	bool failing;			/* the last write did */
	char field[STORE_FIELD_DIGITS + 1];	/* "": none */
	char problem[STORE_SENTENCE_MAX];	/* "": none */
	char news[STORE_NEWS_MAX][STORE_SENTENCE_MAX];
	unsigned news_count, news_told;
};

/* --- statement.c */

/* Ready to be bound; NULL: it cannot be prepared. */
sqlite3_stmt *store_statement(struct store *store, enum store_sql sql);
/* 1: a row; 0: done; ERR_IO, which was noted. */
int store_step(struct store *store, sqlite3_stmt *statement);
/* Lets go of rows and of what was bound. */
void store_reset(sqlite3_stmt *statement);
/* One step of a statement that gives no rows.  The count of changed rows;
 * ERR_IO. */
int store_run(struct store *store, sqlite3_stmt *statement);
/* Opens the turn's transaction before a write.  0; ERR_IO. */
int store_write(struct store *store);
/* Ends it.  0; ERR_IO: what it held is lost, and that was noted. */
int store_commit(struct store *store);
void store_finalize(struct store *store);

/* Bound bytes must live until store_reset(); data NULL is an empty blob. */
void store_bind_text(sqlite3_stmt *statement, int at, const char *text);
void store_bind_blob(sqlite3_stmt *statement, int at, struct bytes blob);
void store_bind_number(sqlite3_stmt *statement, int at, int64_t number);

/* Columns, copied; NULL or data NULL: the arena is full. */
const char *store_text(struct arena *arena, sqlite3_stmt *statement, int at);
struct bytes store_blob(struct arena *arena, sqlite3_stmt *statement, int at);

/* Notes a sentence for the log; over STORE_NEWS_MAX it is dropped. */
void store_tell(struct store *store, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the text may go into a column: UTF-8, at most `most` bytes. */
bool store_takes(const char *text, size_t most);

/* --- schema.c */

/* Makes the tables or brings them up to date.  0; ERR_UNSUPPORTED: a newer
 * mailseald wrote the file; ERR_SYNTAX: it is no file of ours, or damaged;
 * ERR_IO: it cannot be written. */
int schema_make(sqlite3 *db);
#define SCHEMA_APPLICATION	0x4D536561	/* "MSea" */
#define SCHEMA_VERSION		6
/* The statements that lead from one version to the next; a test's door. */
extern const char *const schema_steps[SCHEMA_VERSION];

/* --- salvage.c */

/* Moves the file and what belongs to it to ".damaged".  0 or ERR_IO. */
int salvage_set_aside(const char *path);
/* Copies contacts and settings of the file that was set aside, as far as they
 * can be read.  How many rows. */
unsigned salvage_copy(struct store *store);

/* --- chores.c: what may wait for the disk, in a thread of its own */
struct chores *chores_start(const char *path);	/* NULL: no memory */
void chores_stop(struct chores *chores);	/* NULL is allowed */
/* The log of writes grew: it is to be moved into the file. */
void chores_tidy(struct chores *chores);
/* Whether the look at every page found damage; never waits. */
bool chores_found_damage(struct chores *chores);
/* Waits until nothing is left to do: for tests. */
void chores_wait(struct chores *chores);

#endif
