/* list.c - Contacts1.List: those of the books, and the others */
#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/contacts/contacts.h"
#include "agent/roles/front/front.h"
#include "agent/store/learned.h"

#define LIST_ARENA	(64 * 1024 * 1024)	/* 100,000 contacts */

struct listing {
	struct arena *arena;
	struct value *list;
	const char *path;
};

static void list_add(struct listing *listing, const char *address,
		     const char *name, const char *source)
{
	struct value *entry = value_put_dict(listing->arena, listing->list,
					     NULL);

	value_put_text(listing->arena, entry, "address", address);
	if (name[0] != 0)
		value_put_text(listing->arena, entry, "name", name);
	value_put_text(listing->arena, entry, "source", source);
}

static void list_contact(void *ctx, const struct contact *contact)
{
	struct listing *listing = ctx;

	list_add(listing, contact->address, contact->name, listing->path);
}

static void list_book(void *ctx, const char *path, struct bytes map)
{
	struct listing *listing = ctx;

	listing->path = path;
	(void)contacts_each(map, list_contact, listing);
}

static int list_learned(void *ctx, const struct learned *learned)
{
	list_add(ctx, learned->address, learned->name, learned->source);
	return 0;
}

void contacts_list(void *ctx, struct service_call *call,
		   struct service_args *args)
{
	struct front *front = ctx;
	struct listing listing = { arena_new(LIST_ARENA), NULL, NULL };

	(void)args;
	listing.list = value_put_list(listing.arena, listing.arena == NULL ?
				      NULL : value_dict(listing.arena),
				      "contacts");
	books_each(front, list_book, &listing);
	if (front->store != NULL)
		(void)learned_each(front->store, list_learned, &listing);
	if (listing.list == NULL)
		service_fail(call, "Failed", "out of memory");
	else
		service_answer(call, listing.list);
	arena_free(listing.arena);
}
