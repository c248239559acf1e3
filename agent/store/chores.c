/* chores.c - what may wait for the disk: a look at every page of the file,
 * and moving the log of writes into it
 *
 * A thread with a connection of its own, so that the loop that uses the store
 * never waits. */
#include "agent/store/store_inside.h"

#include <linux/ioprio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct chores {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock: */
	sqlite3 *db;			/* to interrupt it; NULL: not open */
	bool stop, tidy, busy, looked, damage;
	char *path;			/* read only after the start */
};

/* True: the file is damaged.  What cannot be told is not. */
static bool look(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	bool damage = false;
	int r = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1,
				   &statement, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(statement);
	if (r == SQLITE_ROW)
		damage = strcmp((const char *)sqlite3_column_text(statement,
								  0),
				"ok") != 0;
	else
		damage = (r & 0xFF) == SQLITE_CORRUPT ||
			 (r & 0xFF) == SQLITE_NOTADB;
	(void)sqlite3_finalize(statement);
	return damage;
}

static sqlite3 *open_own(struct chores *chores)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(chores->path, &db, SQLITE_OPEN_READWRITE |
			    SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK) {
		(void)sqlite3_close(db);
		return NULL;
	}
	(void)sqlite3_exec(db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
	return db;
}

static void *chores_run(void *ctx)
{
	struct chores *chores = ctx;
	sqlite3 *db = open_own(chores);
	bool damage;

	/* The disk is for others first.  The processor is not: a thread that
	 * is kept waiting while it moves the log keeps the log growing. */
	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		      IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
	(void)pthread_mutex_lock(&chores->lock);
	chores->db = db;
	if (db != NULL && !chores->stop) {
		(void)pthread_mutex_unlock(&chores->lock);
		damage = look(db);
		(void)pthread_mutex_lock(&chores->lock);
		chores->damage = damage;
	}
	chores->looked = true;
	(void)pthread_cond_broadcast(&chores->changed);
	while (!chores->stop) {
		if (!chores->tidy) {
			(void)pthread_cond_wait(&chores->changed,
						&chores->lock);
			continue;
		}
		chores->tidy = false;
		chores->busy = true;
		(void)pthread_mutex_unlock(&chores->lock);
		if (db != NULL)
			(void)sqlite3_wal_checkpoint_v2(db, NULL,
				SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		(void)pthread_mutex_lock(&chores->lock);
		chores->busy = false;
		(void)pthread_cond_broadcast(&chores->changed);
	}
	chores->db = NULL;
	(void)pthread_mutex_unlock(&chores->lock);
	(void)sqlite3_close(db);
	return NULL;
}

static void chores_free(struct chores *chores)
{
	(void)pthread_mutex_destroy(&chores->lock);
	(void)pthread_cond_destroy(&chores->changed);
	free(chores->path);
	free(chores);
}

struct chores *chores_start(const char *path)
{
	struct chores *chores = calloc(1, sizeof(*chores));

	if (chores == NULL)
		return NULL;
	(void)pthread_mutex_init(&chores->lock, NULL);
	(void)pthread_cond_init(&chores->changed, NULL);
	chores->path = strdup(path);
	if (chores->path != NULL &&
	    pthread_create(&chores->thread, NULL, chores_run, chores) == 0)
		return chores;
	chores_free(chores);
	return NULL;
}

void chores_stop(struct chores *chores)
{
	if (chores == NULL)
		return;
	(void)pthread_mutex_lock(&chores->lock);
	chores->stop = true;
	if (chores->db != NULL)
		sqlite3_interrupt(chores->db);
	(void)pthread_cond_broadcast(&chores->changed);
	(void)pthread_mutex_unlock(&chores->lock);
	(void)pthread_join(chores->thread, NULL);
	chores_free(chores);
}

void chores_tidy(struct chores *chores)
{
	(void)pthread_mutex_lock(&chores->lock);
	chores->tidy = true;
	(void)pthread_cond_broadcast(&chores->changed);
	(void)pthread_mutex_unlock(&chores->lock);
}

bool chores_found_damage(struct chores *chores)
{
	bool damage;

	(void)pthread_mutex_lock(&chores->lock);
	damage = chores->damage;
	(void)pthread_mutex_unlock(&chores->lock);
	return damage;
}

void chores_wait(struct chores *chores)
{
	(void)pthread_mutex_lock(&chores->lock);
	while (!chores->looked || chores->tidy || chores->busy)
		(void)pthread_cond_wait(&chores->changed, &chores->lock);
	(void)pthread_mutex_unlock(&chores->lock);
}
