/* forget.c - what is older than it is kept, and what the user wants gone */
#include <string.h>

#include "agent/base/err.h"
#include "agent/store/archive.h"
#include "agent/store/opened.h"
#include "agent/store/store_inside.h"

#define ALL INT64_MAX

static unsigned count_of(int r)
{
	return r > 0 ? (unsigned)r : 0;
}

static unsigned delete_by_text(struct store *store, enum store_sql sql,
			       const char *text)
{
	sqlite3_stmt *statement = store_statement(store, sql);

	store_bind_text(statement, 1, text);
	return count_of(store_run(store, statement));
}

static unsigned delete_by_number(struct store *store, enum store_sql sql,
				 int64_t number)
{
	sqlite3_stmt *statement = store_statement(store, sql);

	store_bind_number(statement, 1, number);
	return count_of(store_run(store, statement));
}

unsigned store_expire(struct store *store, int64_t before, unsigned most)
{
	sqlite3_stmt *judgements;
	unsigned count;

	if (store_write(store) < 0)
		return 0;
	memset(store->recent, 0, sizeof(store->recent));
	judgements = store_statement(store, SQL_JUDGEMENT_EXPIRE);
	store_bind_number(judgements, 1, before);
	store_bind_number(judgements, 2, most == 0 ? ALL : (int64_t)most);
	count = count_of(store_run(store, judgements));
	count += delete_by_number(store, SQL_KEY_EXPIRE, before);
	/* Whoever asks wants to know of what he has a word for. */
	(void)delete_by_number(store, SQL_SIGNATURE_EXPIRE, before);
	(void)delete_by_number(store, SQL_KEY_LIMIT, ARCHIVE_KEYS_MAX);
	(void)delete_by_number(store, SQL_OPENED_EXPIRE, before);
	(void)delete_by_number(store, SQL_OPENED_LIMIT, OPENED_MAX);
	return count;
}

unsigned store_forget_address(struct store *store, const char *address)
{
	unsigned count;

	if (address[0] == 0 || store_write(store) < 0)
		return 0;
	count = delete_by_text(store, SQL_JUDGEMENT_FORGET_ADDRESS, address);
	count += delete_by_text(store, SQL_CERTIFICATE_FORGET_ADDRESS,
				address);
	count += delete_by_text(store, SQL_SIGNER_FORGET_ADDRESS, address);
	return count + delete_by_text(store, SQL_LEARNED_FORGET, address);
}
