/* judgement.c - judgements kept, found and forgotten; replays */
#include "agent/store/judgement.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/store/store_inside.h"
#include "agent/verdict/verdict.h"

static bool is_verdict(const char *word)
{
	static const enum verdict all[] = {
		VERDICT_SUSPICIOUS, VERDICT_SPOOFED, VERDICT_UNVERIFIED,
		VERDICT_GENUINE, VERDICT_AUTHENTICATED
	};
	size_t i;

	for (i = 0; word != NULL && i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(word, verdict_word(all[i])) == 0)
			return true;
	return false;
}

static struct bytes bytes_at(const unsigned char *data, size_t len)
{
	struct bytes out = { data, len };

	return out;
}

/* The row's number; 0: a final one stays; ERR_IO. */
static int64_t row_put(struct store *store, const struct judgement_kept *kept)
{
	sqlite3_stmt *put = store_statement(store, SQL_JUDGEMENT_PUT);
	int64_t number = 0;
	int r;

	store_bind_blob(put, 1, bytes_at(kept->id, JUDGEMENT_ID));
	store_bind_text(put, 2, kept->address);
	store_bind_text(put, 3, kept->verdict);
	store_bind_number(put, 4, kept->final ? 1 : 0);
	store_bind_number(put, 5, kept->seen);
	store_bind_number(put, 6, kept->judged);
	r = store_step(store, put);
	if (r > 0)
		number = sqlite3_column_int64(put, 0);
	store_reset(put);
	return r < 0 ? r : number;
}

static bool is_sound(const struct judgement_kept *kept,
		     const char *const *names, size_t name_count)
{
	size_t i;

	if (!store_takes(kept->address, JUDGEMENT_TEXT_MAX) ||
	    !is_verdict(kept->verdict) || kept->facts.len == 0 ||
	    kept->facts.len > JUDGEMENT_FACTS_MAX ||
	    name_count > JUDGEMENT_NAMES_MAX)
		return false;
	for (i = 0; i < name_count; i++)
		if (!store_takes(names[i], JUDGEMENT_TEXT_MAX))
			return false;
	return true;
}

int judgement_put(struct store *store, const struct judgement_kept *kept,
		  const char *const *names, size_t name_count)
{
	sqlite3_stmt *put;
	int64_t number;
	size_t i;
	int r;

	if (!is_sound(kept, names, name_count))
		return ERR_SYNTAX;
	if (store_write(store) < 0)
		return ERR_IO;
	number = row_put(store, kept);
	if (number <= 0)
		return number < 0 ? ERR_IO : 0;
	put = store_statement(store, SQL_FACTS_PUT);
	store_bind_number(put, 1, number);
	store_bind_blob(put, 2, kept->facts);
	r = store_run(store, put);
	put = store_statement(store, SQL_MESSAGE_ID_PUT);
	for (i = 0; i < name_count && r >= 0; i++) {
		store_bind_number(put, 1, number);
		store_bind_text(put, 2, names[i]);
		r = store_run(store, put);
	}
	return r < 0 ? ERR_IO : 0;
}

/* A row of the JUDGEMENT columns. */
static int kept_read(struct arena *arena, sqlite3_stmt *row,
		     struct judgement_kept *out)
{
	const void *id = sqlite3_column_blob(row, 0);

	if (id == NULL || sqlite3_column_bytes(row, 0) != JUDGEMENT_ID)
		return ERR_IO;
	memcpy(out->id, id, JUDGEMENT_ID);
	out->address = store_text(arena, row, 1);
	out->verdict = store_text(arena, row, 2);
	out->final = sqlite3_column_int(row, 3) != 0;
	out->seen = sqlite3_column_int64(row, 4);
	out->judged = sqlite3_column_int64(row, 5);
	out->facts = store_blob(arena, row, 6);
	return out->address == NULL || out->verdict == NULL ||
	       out->facts.data == NULL ? ERR_LIMIT : 0;
}

int judgement_find(struct store *store, const unsigned char *id,
		   struct arena *arena, struct judgement_kept *out)
{
	sqlite3_stmt *find = store_statement(store, SQL_JUDGEMENT_FIND);
	int r, found;

	store_bind_blob(find, 1, bytes_at(id, JUDGEMENT_ID));
	found = store_step(store, find);
	r = found > 0 ? kept_read(arena, find, out) : 0;
	store_reset(find);
	return r < 0 ? r : found;
}

int judgement_find_all(struct store *store, const char *message_id,
		       struct arena *arena, struct judgement_kept *out,
		       size_t room)
{
	sqlite3_stmt *find = store_statement(store, SQL_JUDGEMENT_FIND_ALL);
	int count = 0, r = 0;

	if (room > JUDGEMENT_SAME_MAX)
		room = JUDGEMENT_SAME_MAX;
	if (!store_takes(message_id, JUDGEMENT_TEXT_MAX))
		return 0;
	store_bind_text(find, 1, message_id);
	store_bind_number(find, 2, (int64_t)room);
	while (r == 0 && (size_t)count < room &&
	       (r = store_step(store, find)) > 0) {
		r = kept_read(arena, find, &out[count]);
		count++;
	}
	store_reset(find);
	return r < 0 ? r : count;
}

int judgement_newest(struct store *store, size_t most,
		     void (*take)(void *ctx, const char *message_id),
		     void *ctx)
{
	sqlite3_stmt *newest = store_statement(store, SQL_JUDGEMENT_NEWEST);
	const unsigned char *text;
	int r;

	store_bind_number(newest, 1, (int64_t)most);
	while ((r = store_step(store, newest)) > 0) {
		text = sqlite3_column_text(newest, 0);
		if (text != NULL)
			take(ctx, (const char *)text);
	}
	store_reset(newest);
	return r;
}

unsigned judgement_forget(struct store *store, const unsigned char *id)
{
	sqlite3_stmt *forget = store_statement(store, SQL_JUDGEMENT_FORGET);
	int r;

	if (store_write(store) < 0)
		return 0;
	store_bind_blob(forget, 1, bytes_at(id, JUDGEMENT_ID));
	r = store_run(store, forget);
	return r > 0 ? (unsigned)r : 0;
}

int judgement_ids(struct store *store, int64_t *after, unsigned most,
		  void (*take)(void *ctx, const unsigned char *id), void *ctx)
{
	sqlite3_stmt *each = store_statement(store, SQL_JUDGEMENT_IDS);
	int count = 0, r;

	store_bind_number(each, 1, *after);
	store_bind_number(each, 2, most);
	while ((r = store_step(store, each)) > 0) {
		*after = sqlite3_column_int64(each, 0);
		if (sqlite3_column_bytes(each, 1) == JUDGEMENT_ID)
			take(ctx, sqlite3_column_blob(each, 1));
		count++;
	}
	store_reset(each);
	return r < 0 ? r : count;
}

int64_t judgement_count(struct store *store)
{
	sqlite3_stmt *count = store_statement(store, SQL_JUDGEMENT_COUNT);
	int64_t number = -1;

	if (store_step(store, count) > 0)
		number = sqlite3_column_int64(count, 0);
	store_reset(count);
	return number;
}

/* 2: over this body; 1: over another one; 0: never seen. */
static int signature_look(struct store *store, const unsigned char *sum,
			  const unsigned char *body)
{
	sqlite3_stmt *get = store_statement(store, SQL_SIGNATURE_GET);
	bool same = false;
	int r;

	store_bind_blob(get, 1, bytes_at(sum, SIGNATURE_SUM));
	r = store_step(store, get);
	if (r > 0)
		same = sqlite3_column_bytes(get, 0) == SIGNATURE_SUM &&
		       memcmp(sqlite3_column_blob(get, 0), body,
			      SIGNATURE_SUM) == 0;
	store_reset(get);
	return r > 0 && same ? 2 : r;
}

int signature_is_replay(struct store *store, const unsigned char *sum,
			const unsigned char *body)
{
	int r = signature_look(store, sum, body);

	return r == 2 ? 0 : r;
}

int signature_put(struct store *store, const unsigned char *sum,
		  const unsigned char *body, int64_t now)
{
	sqlite3_stmt *put;
	int r = signature_look(store, sum, body);

	if (r != 0)
		return r == 2 ? 0 : r;
	if (store_write(store) < 0)
		return ERR_IO;
	put = store_statement(store, SQL_SIGNATURE_PUT);
	store_bind_blob(put, 1, bytes_at(sum, SIGNATURE_SUM));
	store_bind_blob(put, 2, bytes_at(body, SIGNATURE_SUM));
	store_bind_number(put, 3, now);
	return store_run(store, put) < 0 ? ERR_IO : 0;
}
