/* learned.c - contacts learned, listed and forgotten */
#include "agent/store/learned.h"

#include "agent/base/err.h"
#include "agent/store/store_inside.h"

#define ADDRESS_MAX	998
#define SOURCE_MAX	64

static int64_t learned_count(struct store *store)
{
	sqlite3_stmt *count = store_statement(store, SQL_LEARNED_COUNT);
	int64_t number = 0;

	if (store_step(store, count) > 0)
		number = sqlite3_column_int64(count, 0);
	store_reset(count);
	return number;
}

int learned_put(struct store *store, const struct learned *learned)
{
	sqlite3_stmt *put;

	if (!store_takes(learned->address, ADDRESS_MAX) ||
	    learned->address[0] == 0 ||
	    !store_takes(learned->name, LEARNED_NAME_MAX) ||
	    !store_takes(learned->source, SOURCE_MAX))
		return ERR_SYNTAX;
	if (store_write(store) < 0)
		return ERR_IO;
	if (learned_count(store) >= LEARNED_MAX)
		return ERR_LIMIT;
	put = store_statement(store, SQL_LEARNED_PUT);
	store_bind_text(put, 1, learned->address);
	store_bind_text(put, 2, learned->name);
	store_bind_text(put, 3, learned->source);
	store_bind_number(put, 4, learned->seen);
	return store_run(store, put) < 0 ? ERR_IO : 0;
}

unsigned learned_forget(struct store *store, const char *address)
{
	sqlite3_stmt *forget = store_statement(store, SQL_LEARNED_FORGET);
	int r;

	if (store_write(store) < 0)
		return 0;
	store_bind_text(forget, 1, address);
	r = store_run(store, forget);
	return r > 0 ? (unsigned)r : 0;
}

static const char *text_of(sqlite3_stmt *row, int at)
{
	const char *text = (const char *)sqlite3_column_text(row, at);

	return text == NULL ? "" : text;
}

int learned_each(struct store *store,
		 int (*take)(void *ctx, const struct learned *learned),
		 void *ctx)
{
	sqlite3_stmt *each = store_statement(store, SQL_LEARNED_EACH);
	struct learned learned;
	int r, taken = 0;

	while (taken >= 0 && (r = store_step(store, each)) > 0) {
		learned.address = text_of(each, 0);
		learned.name = text_of(each, 1);
		learned.source = text_of(each, 2);
		learned.seen = sqlite3_column_int64(each, 3);
		taken = take(ctx, &learned);
	}
	store_reset(each);
	if (taken < 0)
		return taken;
	return r < 0 ? r : 0;
}
