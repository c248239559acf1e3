/* fuzz_contacts_parse.c - whatever a book hands out makes a map that opens */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *ctx, const struct contact *contact)
{
	contact_encode(ctx, contact, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes file = { data, size };
	struct contacts_parsed parsed;
	struct contacts *contacts = NULL;
	struct buf map;

	buf_init(&map, CONTACTS_MAP_MAX);
	(void)contacts_parse(file, take, &map, &parsed);
	if (map.full || contacts_open(buf_bytes(&map), &contacts) < 0 ||
	    contacts_count(contacts) != parsed.entries)
		abort();
	contacts_free(contacts);
	buf_free(&map);
	return 0;
}
