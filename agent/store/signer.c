/* signer.c - OpenPGP signers kept and found */
#include "agent/store/signer.h"

#include <string.h>

#include "agent/base/err.h"
#include "agent/store/store_inside.h"

#define ADDRESS_MAX	998

static bool is_print(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	return len >= SIGNER_PRINT_MIN && len <= SIGNER_PRINT_MAX &&
	       strspn(text, "0123456789ABCDEFabcdef") == len;
}

int signer_put(struct store *store, const char *address,
	       const char *fingerprint, int64_t now)
{
	sqlite3_stmt *put, *trim;

	if (!store_takes(address, ADDRESS_MAX) || address[0] == 0 ||
	    !is_print(fingerprint))
		return ERR_SYNTAX;
	if (store_write(store) < 0)
		return ERR_IO;
	put = store_statement(store, SQL_SIGNER_PUT);
	store_bind_text(put, 1, address);
	store_bind_text(put, 2, fingerprint);
	store_bind_number(put, 3, now);
	if (store_run(store, put) < 0)
		return ERR_IO;
	trim = store_statement(store, SQL_SIGNER_TRIM);
	store_bind_text(trim, 1, address);
	store_bind_number(trim, 2, SIGNER_PER_ADDRESS);
	return store_run(store, trim) < 0 ? ERR_IO : 0;
}

int signer_find(struct store *store, const char *address, struct arena *arena,
		struct signer_kept *out, size_t room)
{
	sqlite3_stmt *find = store_statement(store, SQL_SIGNER_FIND);
	size_t count = 0;
	int r = 0;

	store_bind_text(find, 1, address);
	store_bind_number(find, 2, (int64_t)room);
	while (count < room && (r = store_step(store, find)) > 0) {
		out[count].fingerprint = store_text(arena, find, 0);
		out[count].first_seen = sqlite3_column_int64(find, 1);
		out[count].last_seen = sqlite3_column_int64(find, 2);
		if (out[count].fingerprint == NULL) {
			r = ERR_LIMIT;
			break;
		}
		count++;
	}
	store_reset(find);
	return r < 0 ? r : (int)count;
}
