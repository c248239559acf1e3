/* death.c - deaths written, read and forgotten */
#include "agent/store/death.h"

#include <string.h>

#include "agent/base/err.h"
#include "agent/store/store_inside.h"

int death_put(struct store *store, const struct death *death)
{
	const struct bytes sum = { death->sum, DEATH_SUM };
	sqlite3_stmt *put, *trim;
	int r;

	if (store_write(store) < 0)
		return ERR_IO;
	put = store_statement(store, SQL_DEATH_PUT);
	store_bind_blob(put, 1, sum);
	store_bind_number(put, 2, death->size);
	store_bind_number(put, 3, death->count);
	store_bind_number(put, 4, death->when);
	r = store_run(store, put);
	trim = store_statement(store, SQL_DEATH_TRIM);
	store_bind_number(trim, 1, DEATH_MAX);
	return r < 0 || store_run(store, trim) < 0 ? ERR_IO : 0;
}

static int expire(struct store *store, int64_t before)
{
	sqlite3_stmt *gone = store_statement(store, SQL_DEATH_EXPIRE);

	if (store_write(store) < 0)
		return ERR_IO;
	store_bind_number(gone, 1, before);
	return store_run(store, gone) < 0 ? ERR_IO : 0;
}

int death_each(struct store *store, int64_t now,
	       void (*take)(void *ctx, const struct death *death), void *ctx)
{
	sqlite3_stmt *each;
	struct death death;
	int r = expire(store, now - DEATH_KEEP_S);

	if (r < 0)
		return r;
	each = store_statement(store, SQL_DEATH_EACH);
	while ((r = store_step(store, each)) > 0) {
		if (sqlite3_column_bytes(each, 0) != DEATH_SUM)
			continue;
		memcpy(death.sum, sqlite3_column_blob(each, 0), DEATH_SUM);
		death.size = sqlite3_column_int64(each, 1);
		death.count = (unsigned)sqlite3_column_int(each, 2);
		death.when = sqlite3_column_int64(each, 3);
		take(ctx, &death);
	}
	store_reset(each);
	return r;
}
