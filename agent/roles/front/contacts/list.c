/* list.c - entries of all books become people
 *
 * The entries are taken down in the order of the reader's map when List is
 * called; the reader answers with a number for each. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/contacts/contacts.h"
#include "agent/mail/address.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/store/learned.h"

#define LIST_ARENA	(128 * 1024 * 1024)	/* 100,000 contacts, twice */
#define LIST_MS		10000

struct entry {
	const char *address, *name, *source;
	uint32_t person;
	uint32_t number;		/* in the map */
};

struct people {
	struct arena *arena;
	struct entry *entries;		/* CONTACTS_MAX of them */
	size_t count;
	const char *path;		/* of the book at hand */
};

static void people_free(struct people *people)
{
	arena_free(people->arena);
	free(people->entries);
	free(people);
}

static void entry_add(struct people *people, const char *address,
		      const char *name, const char *source)
{
	struct entry *entry = &people->entries[people->count];

	if (people->count == CONTACTS_MAX)
		return;
	entry->address = arena_text(people->arena, bytes_of(address));
	entry->name = arena_text(people->arena, bytes_of(name));
	entry->source = source;
	entry->person = entry->number = (uint32_t)people->count;
	if (entry->address != NULL && entry->name != NULL &&
	    entry->source != NULL)
		people->count++;
}

static void take_contact(void *ctx, const struct contact *contact)
{
	struct people *people = ctx;

	entry_add(people, contact->address, contact->name, people->path);
}

static void take_book(void *ctx, const char *path, struct bytes map)
{
	struct people *people = ctx;

	people->path = arena_text(people->arena, bytes_of(path));
	(void)contacts_each(map, take_contact, people);
}

static int take_learned(void *ctx, const struct learned *learned)
{
	struct people *people = ctx;

	entry_add(people, learned->address, learned->name,
		  arena_text(people->arena, bytes_of(learned->source)));
	return 0;
}

static struct people *people_take(struct front *front)
{
	struct people *people = calloc(1, sizeof(*people));

	if (people == NULL)
		return NULL;
	people->arena = arena_new(LIST_ARENA);
	people->entries = calloc(CONTACTS_MAX, sizeof(*people->entries));
	if (people->arena == NULL || people->entries == NULL) {
		people_free(people);
		return NULL;
	}
	books_each(front, take_book, people);
	if (front->store != NULL)
		(void)learned_each(front->store, take_learned, people);
	return people;
}

/* The reader's numbers; without them every entry is a person. */
static void people_number(struct people *people, struct frame *frame)
{
	struct memfile file;
	struct bytes rest;
	size_t i;

	if (frame == NULL || frame->fd_count != 1 ||
	    memfile_open(frame_take(frame, 0), CONTACTS_MAX * sizeof(uint32_t),
			 &file) < 0)
		return;
	rest = file.bytes;
	if (rest.len == people->count * sizeof(uint32_t))
		for (i = 0; i < people->count; i++)
			(void)take_u32(&rest, &people->entries[i].person);
	memfile_close(&file);
}

static int by_person(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->source, other->source);

	if (one->person != other->person)
		return one->person < other->person ? -1 : 1;
	if (order != 0)
		return order;
	return one->number < other->number ? -1 : one->number > other->number;
}

struct person {
	const struct entry *entries;
	size_t count;
	const char *name;		/* the longest; "": none */
};

static int by_name(const void *a, const void *b)
{
	const struct person *one = a, *other = b;
	int order = strcasecmp(one->name, other->name);

	/* Who has no name stands behind the others. */
	if ((one->name[0] == 0) != (other->name[0] == 0))
		return one->name[0] == 0 ? 1 : -1;
	if (order != 0)
		return order;
	return strcasecmp(one->entries->address, other->entries->address);
}

static size_t persons_make(struct people *people, struct person *persons)
{
	size_t count = 0, i;
	struct person *last;

	qsort(people->entries, people->count, sizeof(*people->entries),
	      by_person);
	for (i = 0; i < people->count; i++) {
		if (i == 0 || people->entries[i].person !=
			      people->entries[i - 1].person) {
			persons[count].entries = &people->entries[i];
			persons[count].count = 0;
			persons[count++].name = "";
		}
		last = &persons[count - 1];
		last->count++;
		if (strlen(people->entries[i].name) > strlen(last->name))
			last->name = people->entries[i].name;
	}
	qsort(persons, count, sizeof(*persons), by_name);
	return count;
}

static bool has_text(const struct value *list, const char *text,
		     bool (*same)(const char *a, const char *b))
{
	const struct value *one = list == NULL ? NULL : list->first;

	while (one != NULL && !same(one->text, text))
		one = one->next;
	return one != NULL;
}

static bool text_same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static void person_put(struct arena *arena, struct value *list,
		       const struct person *person)
{
	struct value *dict = value_put_dict(arena, list, NULL);
	struct value *addresses, *sources;
	size_t i;

	if (person->name[0] != 0)
		value_put_text(arena, dict, "name", person->name);
	addresses = value_put_list(arena, dict, "addresses");
	sources = value_put_list(arena, dict, "sources");
	for (i = 0; i < person->count; i++) {
		if (!has_text(addresses, person->entries[i].address,
			      address_same))
			value_put_text(arena, addresses, NULL,
				       person->entries[i].address);
		if (!has_text(sources, person->entries[i].source, text_same))
			value_put_text(arena, sources, NULL,
				       person->entries[i].source);
	}
}

static void people_answer(struct people *people, struct service_call *call)
{
	struct person *persons = calloc(people->count + 1, sizeof(*persons));
	struct value *list;
	size_t count, i;

	list = value_put_list(people->arena, value_dict(people->arena),
			      "contacts");
	if (persons == NULL || list == NULL) {
		service_fail(call, "Failed", "out of memory");
		free(persons);
		return;
	}
	count = persons_make(people, persons);
	for (i = 0; i < count; i++)
		person_put(people->arena, list, &persons[i]);
	service_answer(call, list);
	free(persons);
}

static void list_done(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame)
{
	struct people *people = errand->ctx;

	(void)front;
	(void)report;
	if (errand->call != NULL) {
		people_number(people, frame);
		people_answer(people, errand->call);
	}
	people_free(people);
}

/* The list is known, if not who is who. */
static void list_failed(struct front *front, struct errand *errand,
			const char *name, const char *sentence)
{
	(void)name;
	(void)sentence;
	list_done(front, errand, NULL, NULL);
}

static const struct errand_kind list_kind = {
	"put the contacts together", list_done, list_failed
};

void contacts_list(void *ctx, struct service_call *call,
		   struct service_args *args)
{
	struct front *front = ctx;
	struct errand errand = {
		.kind = &list_kind, .role = CHILD_READER, .call = call,
		.deadline = clock_now_ms() + LIST_MS, .message = -1,
		.ctx = people_take(front)
	};

	(void)args;
	if (errand.ctx == NULL) {
		service_fail(call, "Failed", "out of memory");
		return;
	}
	/* The reader's map is the one that was taken down just now. */
	if (books_unsent(front))
		books_send(front);
	(void)errand_start(front, &errand, FRAME_PEOPLE, NULL, NULL, 0);
}
