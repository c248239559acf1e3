/* test_contacts_person.c - whose addresses are joined, and whose never */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/contacts/contacts.h"

#define ENTRIES_MAX 8

/* Cards by number, in sources of their own; the numbers of one person. */
struct entry_of {
	uint32_t card;
	const char *address, *name;
};

/* "aab": who is whose, a letter a person, in the order of the entries. */
static void joins(const struct entry_of *entries, size_t count,
		  const char *wanted)
{
	struct contacts *contacts;
	struct contact contact;
	char got[ENTRIES_MAX + 1] = "";
	uint32_t seen[ENTRIES_MAX], person;
	size_t i, known = 0, at;
	struct buf map;

	buf_init(&map, CONTACTS_MAP_MAX);
	for (i = 0; i < count; i++) {
		contact.address = entries[i].address;
		contact.name = entries[i].name;
		contact.person = 1;
		contact_encode(&map, &contact, entries[i].card);
	}
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	buf_free(&map);
	for (i = 0; i < count; i++) {
		person = contacts_person(contacts, i);
		for (at = 0; at < known && seen[at] != person; at++)
			;
		if (at == known)
			seen[known++] = person;
		got[i] = (char)('a' + at);
	}
	contacts_free(contacts);
	assert_string_equal(got, wanted);
}

#define JOINS(wanted, ...) do { \
	const struct entry_of entries[] = { __VA_ARGS__ }; \
	joins(entries, sizeof(entries) / sizeof(entries[0]), wanted); \
} while (0)

static void a_card_is_one_person_s(void **state)
{
	(void)state;
	JOINS("aab", { 1, "a@x.example", "Alice" },
	      { 1, "a@y.example", "Alice" }, { 2, "b@x.example", "Bo" });
}

static void the_same_name_and_an_address_join(void **state)
{
	(void)state;
	JOINS("aaaa", { 1, "home@x.example", "Alice Harper" },
	      { 1, "old@x.example", "Alice Harper" },
	      { 2, "HOME@x.example", "ALICE  Harper" },
	      { 2, "work@x.example", "ALICE  Harper" });
	/* over a third card */
	JOINS("aaaaa", { 1, "one@x.example", "Alice Harper" },
	      { 2, "one@x.example", "Alice Harper" },
	      { 2, "two@x.example", "Alice Harper" },
	      { 3, "two@x.example", "Alice Harper" },
	      { 3, "three@x.example", "Alice Harper" });
}

static void the_same_name_alone_does_not(void **state)
{
	(void)state;
	JOINS("ab", { 1, "one@x.example", "Alice Harper" },
	      { 2, "two@x.example", "Alice Harper" });
}

static void part_of_a_name_joins_to_the_one(void **state)
{
	(void)state;
	JOINS("aaa", { 1, "home@x.example", "Alice" },
	      { 2, "home@x.example", "Harper, Alice" },
	      { 2, "work@x.example", "Harper, Alice" });
	/* Two could be meant. */
	JOINS("abbcc", { 1, "harpers@x.example", "Harper" },
	      { 2, "harpers@x.example", "Alice Harper" },
	      { 2, "alice@x.example", "Alice Harper" },
	      { 3, "harpers@x.example", "Bob Harper" },
	      { 3, "bob@x.example", "Bob Harper" });
	/* Part of a word is none. */
	JOINS("abb", { 1, "home@x.example", "Al" },
	      { 2, "home@x.example", "Alice" },
	      { 2, "work@x.example", "Alice" });
}

static void nameless_ones_are_whose_address_it_is(void **state)
{
	(void)state;
	JOINS("aaaa", { 1, "home@x.example", "" },
	      { 2, "home@x.example", "Alice" },
	      { 2, "work@x.example", "Alice" }, { 3, "home@x.example", "" });
	/* With an address of its own it is nobody's. */
	JOINS("aab", { 1, "home@x.example", "" },
	      { 1, "evil@x.example", "" }, { 2, "home@x.example", "Alice" });
}

/* A card written by a stranger holds Alice's address beside its own. */
static void another_name_takes_nothing_over(void **state)
{
	(void)state;
	JOINS("abb", { 1, "alice@x.example", "Alice Harper" },
	      { 2, "alice@x.example", "Mallory" },
	      { 2, "mallory@x.example", "Mallory" });
}

static void a_switchboard_joins_nobody(void **state)
{
	struct contacts *contacts;
	struct contact contact = { "info@x.example", "Reception", 1 };
	struct buf map;
	uint32_t i;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	for (i = 0; i < 40; i++)
		contact_encode(&map, &contact, i);
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	buf_free(&map);
	assert_true(contacts_person(contacts, 0) !=
		    contacts_person(contacts, 1));
	contacts_free(contacts);
}

/* What no person writes takes no time: every card with every address. */
static void hostile_books_take_no_time(void **state)
{
	struct contacts *contacts;
	struct contact contact;
	char address[64];
	struct buf map;
	uint32_t i;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	contact.name = "A B C D E F G H";
	contact.address = address;
	for (i = 0; i < CONTACTS_MAX; i++) {
		(void)snprintf(address, sizeof(address), "a%u@x.example",
			       i % 8);
		contact.person = i / 8;
		contact_encode(&map, &contact, 1);
	}
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	buf_free(&map);
	contacts_free(contacts);
}

/* Of two sources: the name and the address in a name are her own. */
static void both_books_count_as_hers(void **state)
{
	const struct contact cards[] = {
		{ "home@x.example", "Alice Harper", 1 },
		{ "home@x.example", "Alice", 1 },
		{ "work@x.example", "Alice", 1 },
	};
	struct arena *arena = arena_new(65536);
	struct contacts *contacts;
	struct buf map;

	(void)state;
	buf_init(&map, CONTACTS_MAP_MAX);
	contact_encode(&map, &cards[0], 1);
	contact_encode(&map, &cards[1], 2);
	contact_encode(&map, &cards[2], 2);
	assert_int_equal(contacts_open(buf_bytes(&map), &contacts), 0);
	buf_free(&map);
	assert_null(contacts_name_owner(arena, contacts, "Alice Harper",
					"work@x.example"));
	assert_non_null(contacts_name_owner(arena, contacts, "Alice Harper",
					    "evil@x.example"));
	assert_true(contacts_same_person(contacts, "home@x.example",
					 "WORK@x.example"));
	contacts_free(contacts);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_is_one_person_s),
		cmocka_unit_test(the_same_name_and_an_address_join),
		cmocka_unit_test(the_same_name_alone_does_not),
		cmocka_unit_test(part_of_a_name_joins_to_the_one),
		cmocka_unit_test(nameless_ones_are_whose_address_it_is),
		cmocka_unit_test(another_name_takes_nothing_over),
		cmocka_unit_test(a_switchboard_joins_nobody),
		cmocka_unit_test(hostile_books_take_no_time),
		cmocka_unit_test(both_books_count_as_hers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
