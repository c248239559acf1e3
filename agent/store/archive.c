/* archive.c - DKIM keys kept and found */
#include "agent/store/archive.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/store/store_inside.h"

static void bind_selector(sqlite3_stmt *statement, const char *domain,
			  const char *selector)
{
	store_bind_text(statement, 1, domain);
	store_bind_text(statement, 2, selector);
}

static uint64_t sum_of(const struct archived_key *key)
{
	const char *const texts[] = { key->domain, key->selector, key->text,
				      key->secure ? "1" : "0" };
	uint64_t sum = 14695981039346656037U;	/* FNV-1a */
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (at = texts[i]; ; at++) {
			sum = (sum ^ (unsigned char)*at) * 1099511628211U;
			if (*at == 0)
				break;
		}
	return sum;
}

/* A folder of mail holds the same few keys again and again. */
static bool is_recent(struct store *store, const struct archived_key *key)
{
	uint64_t sum = sum_of(key);
	struct recent_key *recent = &store->recent[sum % RECENT_KEYS];

	if (recent->sum == sum && key->last_seen >= recent->when &&
	    key->last_seen - recent->when < RECENT_SECONDS)
		return true;
	recent->sum = sum;
	recent->when = key->last_seen;
	return false;
}

int archive_put(struct store *store, const struct archived_key *key)
{
	sqlite3_stmt *put = store_statement(store, SQL_KEY_PUT);
	sqlite3_stmt *trim = store_statement(store, SQL_KEY_TRIM);

	if (!store_takes(key->domain, ARCHIVE_NAME_MAX) ||
	    !store_takes(key->selector, ARCHIVE_NAME_MAX) ||
	    !store_takes(key->text, ARCHIVE_TEXT_MAX))
		return ERR_SYNTAX;
	if (is_recent(store, key))
		return 0;
	if (store_write(store) < 0)
		return ERR_IO;
	bind_selector(put, key->domain, key->selector);
	store_bind_text(put, 3, key->text);
	store_bind_number(put, 4, key->secure ? 1 : 0);
	store_bind_number(put, 5, key->first_seen);
	store_bind_number(put, 6, key->last_seen);
	if (store_run(store, put) < 0)
		return ERR_IO;
	bind_selector(trim, key->domain, key->selector);
	store_bind_number(trim, 3, ARCHIVE_PER_SELECTOR);
	return store_run(store, trim) < 0 ? ERR_IO : 0;
}

static int key_read(struct arena *arena, sqlite3_stmt *row,
		    struct archived_key *out)
{
	out->domain = store_text(arena, row, 0);
	out->selector = store_text(arena, row, 1);
	out->text = store_text(arena, row, 2);
	out->secure = sqlite3_column_int(row, 3) != 0;
	out->first_seen = sqlite3_column_int64(row, 4);
	out->last_seen = sqlite3_column_int64(row, 5);
	return out->domain == NULL || out->selector == NULL ||
	       out->text == NULL ? ERR_LIMIT : 0;
}

int archive_find(struct store *store, const char *domain,
		 const char *selector, struct arena *arena,
		 struct archived_key *out, size_t room)
{
	sqlite3_stmt *find = store_statement(store, SQL_KEY_FIND);
	int count = 0, r = 0;

	if (room > ARCHIVE_PER_SELECTOR)
		room = ARCHIVE_PER_SELECTOR;
	bind_selector(find, domain, selector);
	store_bind_number(find, 3, (int64_t)room);
	while (r == 0 && (size_t)count < room &&
	       (r = store_step(store, find)) > 0) {
		r = key_read(arena, find, &out[count]);
		count++;
	}
	store_reset(find);
	return r < 0 ? r : count;
}
