/* test_contacts_match.c - whose name it is, and what only looks known */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/contacts/contacts.h"

struct world {
	struct arena *arena;
	struct contacts *contacts;
};

static int set_up(void **state)
{
	static const struct {
		uint32_t source;
		struct contact contact;
	} all[] = {
		{ 1, { "alice@example.org", "Alice Harper", 1 } },
		{ 1, { "alice@work.example", "Alice Harper", 1 } },
		{ 1, { "bo@example.org", "Bo", 2 } },
		{ 2, { "other@example.net", "Alice Harper", 1 } },
		{ 2, { "carl@apple.example", "", 2 } },
		{ 2, { "b@xn--bcher-kva.example", "J\xC3\xBCrgen", 3 } },
	};
	static struct world world;
	struct buf map;
	size_t i;

	buf_init(&map, CONTACTS_MAP_MAX);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		contact_encode(&map, &all[i].contact, all[i].source);
	world.arena = arena_new(1024 * 1024);
	assert_non_null(world.arena);
	assert_int_equal(contacts_open(buf_bytes(&map), &world.contacts), 0);
	buf_free(&map);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	contacts_free(world->contacts);
	arena_free(world->arena);
	return 0;
}

/* The owner's address; "" for none. */
static const char *owner(const struct world *world, const char *name,
			 const char *address)
{
	const struct contact *found;

	found = contacts_name_owner(world->arena, world->contacts, name,
				    address);
	return found == NULL ? "" : found->address;
}

static const char *like(const struct world *world, const char *address)
{
	const struct contact *found;

	found = contacts_look_alike(world->arena, world->contacts, address);
	return found == NULL ? "" : found->address;
}

static void a_name_has_its_owner(void **state)
{
	const struct world *world = *state;

	assert_string_equal(owner(world, "Alice Harper", "x@evil.example"),
			    "alice@example.org");
	assert_string_equal(owner(world, " ALICE   harper", "x@evil.example"),
			    "alice@example.org");
	/* Cyrillic a, and an invisible character */
	assert_string_equal(owner(world, "\xD0\x90lice H\xD0\xB0rper",
				  "x@evil.example"), "alice@example.org");
	assert_string_equal(owner(world, "Alice\xE2\x80\x8B Harper",
				  "x@evil.example"), "alice@example.org");
	assert_string_equal(owner(world, "Ju\xCC\x88rgen", "x@evil.example"),
			    "b@xn--bcher-kva.example");
	assert_string_equal(owner(world, "Dora", "x@evil.example"), "");
	assert_string_equal(owner(world, "", "x@evil.example"), "");
	assert_string_equal(owner(world, "\xE2\x80\x8B", "x@evil.example"),
			    "");
	assert_string_equal(owner(world, "\xFF", "x@evil.example"), "");
}

static void its_owner_may_use_it(void **state)
{
	const struct world *world = *state;

	assert_string_equal(owner(world, "Alice Harper", "ALICE@example.org"),
			    "");
	assert_string_equal(owner(world, "Alice Harper", "alice@work.example"),
			    "");
	/* Two persons of one name: each of them may. */
	assert_string_equal(owner(world, "Alice Harper", "other@example.net"),
			    "");
	/* One known person may not be another. */
	assert_string_equal(owner(world, "Alice Harper", "bo@example.org"),
			    "alice@example.org");
}

static void sees_look_alikes(void **state)
{
	const struct world *world = *state;

	assert_string_equal(like(world, "al1ce@example.org"), "");
	assert_string_equal(like(world, "a1ice@example.org"),
			    "alice@example.org");
	assert_string_equal(like(world, "aIice@example.org"),
			    "alice@example.org");
	assert_string_equal(like(world, "\xD0\xB0lice@example.org"),
			    "alice@example.org");
	/* "apple" with a Cyrillic a */
	assert_string_equal(like(world, "carl@xn--pple-43d.example"),
			    "carl@apple.example");
	assert_string_equal(like(world, "carl@app1e.example"),
			    "carl@apple.example");
}

static void what_is_known_is_no_look_alike(void **state)
{
	const struct world *world = *state;

	assert_string_equal(like(world, "alice@example.org"), "");
	assert_string_equal(like(world, "Alice@example.org"), "");
	assert_string_equal(like(world, "b@xn--bcher-kva.example"), "");
	assert_string_equal(like(world, "nobody@example.com"), "");
	assert_string_equal(like(world, "alice"), "");
	assert_string_equal(like(world, ""), "");
	assert_string_equal(like(world, "carl@xn--.example"), "");
	assert_string_equal(like(world, "carl@xn--99999999.example"), "");
}

static void knows_one_person_s_addresses(void **state)
{
	const struct world *world = *state;
	const struct contacts *contacts = world->contacts;

	assert_true(contacts_same_person(contacts, "alice@example.org",
					 "ALICE@work.example"));
	assert_true(contacts_same_person(contacts, "bo@example.org",
					 "bo@example.org"));
	/* The same number in another source is another person. */
	assert_false(contacts_same_person(contacts, "alice@example.org",
					  "other@example.net"));
	assert_false(contacts_same_person(contacts, "alice@example.org",
					  "bo@example.org"));
	assert_false(contacts_same_person(contacts, "x@example.org",
					  "x@example.org"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_its_owner),
		cmocka_unit_test(its_owner_may_use_it),
		cmocka_unit_test(sees_look_alikes),
		cmocka_unit_test(what_is_known_is_no_look_alike),
		cmocka_unit_test(knows_one_person_s_addresses),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
