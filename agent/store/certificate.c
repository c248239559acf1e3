/* certificate.c - certificates kept, found and forgotten */
#include "agent/store/certificate.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/store/store_inside.h"

#define ADDRESS_MAX	998
#define SOURCE_MAX	64

static struct bytes fingerprint_of(const unsigned char *fingerprint)
{
	struct bytes out = { fingerprint, CERTIFICATE_FINGERPRINT };

	return out;
}

int certificate_put(struct store *store, const struct certificate_kept *kept)
{
	sqlite3_stmt *put = store_statement(store, SQL_CERTIFICATE_PUT);
	sqlite3_stmt *trim = store_statement(store, SQL_CERTIFICATE_TRIM);

	if (!store_takes(kept->address, ADDRESS_MAX) ||
	    kept->address[0] == 0 || !store_takes(kept->source, SOURCE_MAX) ||
	    kept->der.len == 0 || kept->der.len > CERTIFICATE_DER_MAX)
		return ERR_SYNTAX;
	if (store_write(store) < 0)
		return ERR_IO;
	store_bind_text(put, 1, kept->address);
	store_bind_blob(put, 2, fingerprint_of(kept->fingerprint));
	store_bind_blob(put, 3, kept->der);
	store_bind_text(put, 4, kept->source);
	store_bind_number(put, 5, kept->first_seen);
	store_bind_number(put, 6, kept->last_seen);
	store_bind_number(put, 7, kept->reads);
	store_bind_number(put, 8, kept->proven);
	if (store_run(store, put) < 0)
		return ERR_IO;
	store_bind_text(trim, 1, kept->address);
	store_bind_number(trim, 2, CERTIFICATE_PER_ADDRESS);
	return store_run(store, trim) < 0 ? ERR_IO : 0;
}

static int kept_read(struct arena *arena, sqlite3_stmt *row,
		     struct certificate_kept *out)
{
	const void *fingerprint = sqlite3_column_blob(row, 1);

	if (fingerprint == NULL ||
	    sqlite3_column_bytes(row, 1) != CERTIFICATE_FINGERPRINT)
		return ERR_IO;
	memcpy(out->fingerprint, fingerprint, CERTIFICATE_FINGERPRINT);
	out->address = store_text(arena, row, 0);
	out->der = store_blob(arena, row, 2);
	out->source = store_text(arena, row, 3);
	out->first_seen = sqlite3_column_int64(row, 4);
	out->last_seen = sqlite3_column_int64(row, 5);
	out->reads = (unsigned)sqlite3_column_int(row, 6);
	out->proven = sqlite3_column_int64(row, 7);
	return out->address == NULL || out->der.data == NULL ||
	       out->source == NULL ? ERR_LIMIT : 0;
}

int certificate_find(struct store *store, const char *address,
		     struct arena *arena, struct certificate_kept *out,
		     size_t room)
{
	sqlite3_stmt *find = store_statement(store, SQL_CERTIFICATE_FIND);
	int count = 0, r = 0;

	store_bind_text(find, 1, address);
	store_bind_number(find, 2, (int64_t)room);
	while (r == 0 && (size_t)count < room &&
	       (r = store_step(store, find)) > 0) {
		r = kept_read(arena, find, &out[count]);
		count++;
	}
	store_reset(find);
	return r < 0 ? r : count;
}

int certificate_addresses(struct store *store, struct arena *arena,
			  const char **out, size_t room)
{
	sqlite3_stmt *list = store_statement(store, SQL_CERTIFICATE_ADDRESSES);
	int count = 0, r = 0;

	store_bind_number(list, 1, (int64_t)room);
	while (r == 0 && (size_t)count < room &&
	       (r = store_step(store, list)) > 0) {
		out[count] = store_text(arena, list, 0);
		r = out[count] == NULL ? ERR_LIMIT : 0;
		count++;
	}
	store_reset(list);
	return r < 0 ? r : count;
}

unsigned certificate_forget(struct store *store, const char *address,
			    const unsigned char *fingerprint)
{
	sqlite3_stmt *forget = store_statement(store, SQL_CERTIFICATE_FORGET);
	int r;

	if (store_write(store) < 0)
		return 0;
	store_bind_text(forget, 1, address);
	store_bind_blob(forget, 2, fingerprint_of(fingerprint));
	r = store_run(store, forget);
	return r > 0 ? (unsigned)r : 0;
}
