/* opened.c - sums of the Message-IDs of opened mail, kept and found */
#include "agent/store/opened.h"

#include "agent/base/err.h"
#include "agent/store/store_inside.h"

int opened_put(struct store *store, const unsigned char *sum, int64_t now)
{
	sqlite3_stmt *put;

	if (store_write(store) < 0)
		return ERR_IO;
	put = store_statement(store, SQL_OPENED_PUT);
	store_bind_blob(put, 1, (struct bytes){ sum, OPENED_SUM });
	store_bind_number(put, 2, now);
	return store_run(store, put) < 0 ? ERR_IO : 0;
}

int opened_has(struct store *store, const unsigned char *sum)
{
	sqlite3_stmt *get = store_statement(store, SQL_OPENED_GET);
	int r;

	store_bind_blob(get, 1, (struct bytes){ sum, OPENED_SUM });
	r = store_step(store, get);
	store_reset(get);
	return r;
}
