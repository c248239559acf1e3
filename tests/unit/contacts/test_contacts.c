/* test_contacts.c - a map goes round, and no damaged one is opened */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/contacts/contacts.h"

static void add(struct buf *map, const char *address, const char *name,
		uint32_t person)
{
	struct contact contact = { address, name, person };

	contact_encode(map, &contact, 1);
}

static int opens(struct bytes map)
{
	struct contacts *contacts;
	int r = contacts_open(map, &contacts);

	assert_true((r == 0) == (contacts != NULL));
	contacts_free(contacts);
	return r;
}

static void goes_round(void **state)
{
	struct contacts *contacts;
	const struct contact *found;
	struct buf map;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	add(&map, "alice@example.org", "Alice", 7);
	add(&map, "bo@example.org", "", 8);
	add(&map, "bo@example.org", "Bo", 9);
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	buf_free(&map);			/* it keeps copies */
	assert_int_equal(contacts_count(contacts), 3);
	found = contacts_find(contacts, "ALICE@example.org");
	assert_non_null(found);
	assert_string_equal(found->address, "alice@example.org");
	assert_string_equal(found->name, "Alice");
	assert_int_equal(found->person, 7);
	found = contacts_find(contacts, "bo@example.org");
	assert_non_null(found);
	assert_string_equal(found->name, "Bo");	/* the one with a name */
	assert_null(contacts_find(contacts, "carl@example.org"));
	contacts_free(contacts);
	contacts_free(NULL);
}

/* As address_normal() writes it: one such contact is no damaged book. */
static void a_quoted_local_part_is_one(void **state)
{
	struct contacts *contacts;
	struct buf map;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	add(&map, "\"a b\"@example.org", "Ab", 1);
	add(&map, "\"a@b\"@example.org", "", 2);
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	assert_non_null(contacts_find(contacts, "\"a b\"@example.org"));
	assert_non_null(contacts_find(contacts, "\"a@b\"@example.org"));
	contacts_free(contacts);
	buf_clear(&map);
	add(&map, "\"ab\"@example.org", "Ab", 1);	/* needs no quotes */
	assert_int_equal(opens(buf_bytes(&map)), ERR_SYNTAX);
	buf_free(&map);
}

static void an_empty_map_is_one(void **state)
{
	struct contacts *contacts;

	(void)state;
	assert_int_equal(contacts_open(bytes_of(""), &contacts), 0);
	assert_int_equal(contacts_count(contacts), 0);
	assert_null(contacts_find(contacts, "a@example.org"));
	contacts_free(contacts);
}

static void refuses_each_cut(void **state)
{
	struct buf map;
	size_t len, whole;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	add(&map, "alice@example.org", "Alice", 1);
	whole = map.len;
	add(&map, "bo@example.org", "Bo", 2);
	for (len = 1; len < map.len; len++)
		assert_int_equal(opens(bytes_slice(buf_bytes(&map), 0, len)),
				 len == whole ? 0 : ERR_SYNTAX);
	buf_free(&map);
}

static void refuses_other_forms(void **state)
{
	static const char *const wrong[] = {
		"", "alice", "@example.org", "alice@", "alice@EXAMPLE.org",
		"alice@b\xC3\xBC" "cher.example", "a b@example.org",
		"a\n@example.org", "alice@[192.0.2.1]", "alice@-a.example",
		"\xFF@example.org",
	};
	struct buf map;
	size_t i;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		buf_clear(&map);
		add(&map, wrong[i], "Name", 1);
		assert_false(map.full);
		assert_int_equal(opens(buf_bytes(&map)), ERR_SYNTAX);
	}
	buf_clear(&map);
	add(&map, "a@example.org", "\xC3", 1);
	assert_int_equal(opens(buf_bytes(&map)), ERR_SYNTAX);
	buf_clear(&map);
	add(&map, "a@example.org", "ab", 1);
	map.data[map.len - 1] = 0;
	assert_int_equal(opens(buf_bytes(&map)), ERR_SYNTAX);
	buf_free(&map);
}

static void never_writes_half_an_entry(void **state)
{
	char name[600];
	struct buf map;
	size_t len;

	(void)state;
	buf_init(&map, 100);
	add(&map, "a@example.org", "A", 1);
	len = map.len;
	memset(name, 'n', sizeof(name));
	name[80] = 0;
	add(&map, "b@example.org", name, 1);
	assert_true(map.full);
	assert_int_equal(map.len, len);
	buf_free(&map);
	buf_init(&map, CONTACTS_MAP_MAX);
	name[80] = 'n';
	name[513] = 0;
	add(&map, "b@example.org", name, 1);
	assert_true(map.full);		/* no name that open would refuse */
	assert_int_equal(map.len, 0);
	buf_free(&map);
}

static void bounds_the_map(void **state)
{
	unsigned char *data = calloc(1, CONTACTS_MAP_MAX + 1);
	struct bytes large = { data, CONTACTS_MAP_MAX + 1 };
	struct buf map;
	size_t i;

	(void)state;
	assert_non_null(data);
	assert_int_equal(opens(large), ERR_LIMIT);
	free(data);
	buf_init(&map, CONTACTS_MAP_MAX);
	for (i = 0; i <= CONTACTS_MAX; i++)
		add(&map, "a@example.org", "", 1);
	assert_false(map.full);
	assert_int_equal(opens(buf_bytes(&map)), ERR_LIMIT);
	buf_free(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_round),
		cmocka_unit_test(a_quoted_local_part_is_one),
		cmocka_unit_test(an_empty_map_is_one),
		cmocka_unit_test(refuses_each_cut),
		cmocka_unit_test(refuses_other_forms),
		cmocka_unit_test(never_writes_half_an_entry),
		cmocka_unit_test(bounds_the_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
