/* store.c - opening, a turn, and what is wrong */
#include "agent/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/store/store_inside.h"

#define BUSY_MS		50	/* somebody looks at the file with a tool */
#define LOG_PAGES	1000	/* then the thread moves the log */
#define LOG_PAGES_MOST	8192	/* 32 MB: then whoever writes does */
#define CACHE_KB	4096

#define STRINGS(word)	#word
#define STRING_OF(word)	STRINGS(word)

static const char settings[] =
	"PRAGMA journal_mode=WAL;"
	"PRAGMA synchronous=NORMAL;"
	"PRAGMA wal_autocheckpoint=0;"
	"PRAGMA journal_size_limit=4194304;"
	"PRAGMA secure_delete=ON;"	/* what is forgotten is gone */
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA cell_size_check=ON;"
	"PRAGMA temp_store=MEMORY;"
	"PRAGMA cache_size=-" STRING_OF(CACHE_KB);

static int on_written(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct store *store = ctx;

	(void)name;
	if (pages >= LOG_PAGES && store->chores != NULL)
		chores_tidy(store->chores);
	if (pages >= LOG_PAGES_MOST)
		(void)sqlite3_wal_checkpoint_v2(db, NULL,
			SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

static int db_error(int r)
{
	r &= 0xFF;
	return r == SQLITE_CORRUPT || r == SQLITE_NOTADB ? ERR_SYNTAX :
	       ERR_IO;
}

/* 0; ERR_SYNTAX: damaged; ERR_UNSUPPORTED: a newer one; ERR_IO. */
static int db_open(struct store *store, const char *path)
{
	int r = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE |
				SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				NULL);

	if (r == SQLITE_OK) {
		(void)sqlite3_busy_timeout(store->db, BUSY_MS);
		(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE,
					1, NULL);
		(void)sqlite3_extended_result_codes(store->db, 1);
		r = sqlite3_exec(store->db, settings, NULL, NULL, NULL);
	}
	if (r != SQLITE_OK) {
		(void)snprintf(store->problem, sizeof(store->problem), "%s",
			       store->db == NULL ? "out of memory" :
			       sqlite3_errmsg(store->db));
		return db_error(r);
	}
	(void)sqlite3_wal_hook(store->db, on_written, store);
	r = schema_make(store->db);
	if (r == ERR_IO)
		(void)snprintf(store->problem, sizeof(store->problem), "%s",
			       sqlite3_errmsg(store->db));
	return r;
}

static void db_close(struct store *store)
{
	chores_stop(store->chores);
	store->chores = NULL;
	(void)store_commit(store);
	store_finalize(store);
	memset(store->recent, 0, sizeof(store->recent));
	(void)sqlite3_close(store->db);
	store->db = NULL;
}

/* SQLite would make it readable for all. */
static int file_make(struct store *store)
{
	int fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600);

	if (fd < 0) {
		(void)snprintf(store->problem, sizeof(store->problem), "%s",
			       strerror(errno));
		return ERR_IO;
	}
	(void)close(fd);
	return 0;
}

static void go_in_memory(struct store *store, int why)
{
	char reason[STORE_SENTENCE_MAX];

	db_close(store);
	(void)snprintf(reason, sizeof(reason), "%.400s", why ==
		       ERR_UNSUPPORTED ? "a newer mailseald wrote it" :
		       store->problem);
	(void)snprintf(store->problem, sizeof(store->problem), "%.300s cannot "
		       "be used (%.100s): what is judged is remembered only "
		       "until mailseald ends", store->path, reason);
	store_tell(store, "%s", store->problem);
	store->in_memory = true;
	store->field[0] = 0;
	if (db_open(store, ":memory:") == 0)
		return;
	(void)sqlite3_close(store->db);
	store->db = NULL;
}

static void field_read(struct store *store)
{
	sqlite3_stmt *get = store_statement(store, SQL_SETTING_GET);
	const unsigned char *value;

	store->field[0] = 0;
	store_bind_text(get, 1, "field");
	if (store_step(store, get) > 0) {
		value = sqlite3_column_text(get, 0);
		if (value != NULL &&
		    strspn((const char *)value, "0123456789abcdef") ==
		    STORE_FIELD_DIGITS &&
		    value[STORE_FIELD_DIGITS] == 0)
			memcpy(store->field, value, STORE_FIELD_DIGITS + 1);
	}
	store_reset(get);
}

/* Made up once: nobody who writes mail knows it. */
static void field_make(struct store *store)
{
	unsigned char random[STORE_FIELD_DIGITS / 2];
	sqlite3_stmt *put;
	size_t i;

	field_read(store);
	if (store->field[0] != 0 || store->in_memory ||
	    getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return;
	for (i = 0; i < sizeof(random); i++)
		(void)snprintf(store->field + 2 * i, 3, "%02x", random[i]);
	put = store_statement(store, SQL_SETTING_PUT);
	store_bind_text(put, 1, "field");
	store_bind_text(put, 2, store->field);
	if (store_write(store) < 0 || store_run(store, put) <= 0 ||
	    store_commit(store) < 0)
		store->field[0] = 0;
}

static void set_aside(struct store *store)
{
	int r;

	db_close(store);
	store->damaged = false;
	if (salvage_set_aside(store->path) < 0) {
		(void)snprintf(store->problem, sizeof(store->problem),
			       "it is damaged and cannot be renamed");
		go_in_memory(store, ERR_IO);
		return;
	}
	r = file_make(store);
	if (r == 0)
		r = db_open(store, store->path);
	if (r < 0) {
		go_in_memory(store, r);
		return;
	}
	store_tell(store, "%.300s was damaged; it is kept as %.100s.damaged, "
		   "and a new one was begun with %u contacts of it. Mail is "
		   "judged anew when it is looked at", store->path,
		   strrchr(store->path, '/') + 1, salvage_copy(store));
}

static void file_open(struct store *store)
{
	int r = file_make(store);

	if (r == 0)
		r = db_open(store, store->path);
	if (r == ERR_SYNTAX)
		set_aside(store);
	else if (r < 0)
		go_in_memory(store, r);
	if (!store->in_memory)
		store->problem[0] = 0;
	field_make(store);
	if (!store->in_memory)
		store->chores = chores_start(store->path);
}

/* Nobody asks how much memory SQLite uses: counting it takes a lock for each
 * piece. */
static void configure(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct store *store_open(const char *folder)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store *store = calloc(1, sizeof(*store));

	(void)pthread_once(&once, configure);

	if (store == NULL)
		return NULL;
	if (asprintf(&store->path, "%s/store.db", folder) < 0) {
		free(store);
		return NULL;
	}
	file_open(store);
	return store;
}

void store_free(struct store *store)
{
	if (store == NULL)
		return;
	db_close(store);
	free(store->path);
	free(store);
}

void store_turn(struct store *store)
{
	(void)store_commit(store);
	if (store->in_memory ||
	    (!store->damaged && (store->chores == NULL ||
				 !chores_found_damage(store->chores))))
		return;
	set_aside(store);
	field_make(store);
	if (!store->in_memory)
		store->chores = chores_start(store->path);
}

const char *store_news(struct store *store)
{
	if (store->news_told < store->news_count)
		return store->news[store->news_told++];
	store->news_told = store->news_count = 0;
	return NULL;
}

const char *store_problem(const struct store *store)
{
	return store->problem[0] == 0 ? NULL : store->problem;
}

const char *store_field(const struct store *store)
{
	return store->field[0] == 0 ? NULL : store->field;
}
