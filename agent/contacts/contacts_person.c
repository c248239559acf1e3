/* contacts_person.c - cards that share an address, and whose names agree */
#include "agent/contacts/contacts_person.h"

#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/contacts/contacts_map.h"
#include "agent/mail/address.h"

#define HOLDERS_MAX	16	/* cards of an address that tells something */
#define ENTRIES_MAX	1024	/* of an address, looked at */
#define CARD_MAX	64	/* addresses of a card that is looked at */
#define NO_CARD		UINT32_MAX

struct card {
	uint32_t first, count;		/* in cards::order */
	uint32_t up;			/* towards the card of its person */
};

struct cards {
	struct contacts *contacts;
	uint32_t *order;		/* entries, card by card */
	uint32_t *card_of;		/* by entry */
	struct card *list;
	uint32_t count;
};

/* The other cards that hold an address. */
struct holders {
	uint32_t cards[HOLDERS_MAX];
	uint32_t count;			/* 0: none, or too many to tell */
};

static int by_card(const void *a, const void *b, void *ctx)
{
	const struct entry *entries = ctx;
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
	const struct entry *left = &entries[one], *right = &entries[other];

	if (left->source != right->source)
		return left->source < right->source ? -1 : 1;
	if (left->contact.person != right->contact.person)
		return left->contact.person < right->contact.person ? -1 : 1;
	return one < other ? -1 : one > other;
}

static void cards_make(struct cards *cards)
{
	const struct entry *entries = cards->contacts->entries, *one, *last;
	uint32_t count = cards->contacts->count, i;

	for (i = 0; i < count; i++)
		cards->order[i] = i;
	qsort_r(cards->order, count, sizeof(*cards->order), by_card,
		cards->contacts->entries);
	for (i = 0; i < count; i++) {
		one = &entries[cards->order[i]];
		last = i == 0 ? NULL : &entries[cards->order[i - 1]];
		if (last == NULL || last->source != one->source ||
		    last->contact.person != one->contact.person) {
			cards->list[cards->count].first = i;
			cards->list[cards->count].up = cards->count;
			cards->count++;
		}
		cards->list[cards->count - 1].count++;
		cards->card_of[cards->order[i]] = cards->count - 1;
	}
}

static uint32_t person_of(struct cards *cards, uint32_t card)
{
	while (cards->list[card].up != card) {
		cards->list[card].up = cards->list[cards->list[card].up].up;
		card = cards->list[card].up;
	}
	return card;
}

/* The lower number stays: who comes first gives the name. */
static void unite(struct cards *cards, uint32_t a, uint32_t b)
{
	a = person_of(cards, a);
	b = person_of(cards, b);
	if (a < b)
		cards->list[b].up = a;
	else
		cards->list[a].up = b;
}

static const struct entry *entry_at(const struct cards *cards, uint32_t card,
				    uint32_t number)
{
	uint32_t at = cards->list[card].first + number;

	return &cards->contacts->entries[cards->order[at]];
}

/* A card's entries have one name. */
static const char *name_of(const struct cards *cards, uint32_t card)
{
	return entry_at(cards, card, 0)->name_normal;
}

static void holders_find(const struct cards *cards, uint32_t card,
			 uint32_t number, struct holders *out)
{
	const char *address = entry_at(cards, card, number)->contact.address;
	const struct entry *entry;
	uint32_t other, looked = 0;

	out->count = 0;
	for (entry = contacts_first(cards->contacts, address); entry != NULL;
	     entry = contacts_next(cards->contacts, entry, address)) {
		other = cards->card_of[entry - cards->contacts->entries];
		if (looked++ == ENTRIES_MAX || out->count == HOLDERS_MAX) {
			out->count = 0;	/* a switchboard's */
			return;
		}
		if (other == card || cards->list[other].count > CARD_MAX)
			continue;
		out->cards[out->count++] = other;
	}
}

static bool name_has_word(const char *name, const char *word, size_t len)
{
	const char *at;
	size_t step;

	for (at = name; *at != 0; at += step) {
		at += strspn(at, " ,.");
		step = strcspn(at, " ,.");
		if (step == len && memcmp(at, word, len) == 0)
			return true;
	}
	return false;
}

/* All words of `part` stand in `whole`, and there is one. */
static bool name_is_part(const char *part, const char *whole)
{
	bool any = false;
	size_t len;

	for (; *part != 0; part += len) {
		part += strspn(part, " ,.");
		len = strcspn(part, " ,.");
		if (len > 0 && !name_has_word(whole, part, len))
			return false;
		any = any || len > 0;
	}
	return any;
}

static bool card_holds(const struct cards *cards, uint32_t card,
		       const char *address)
{
	uint32_t i;

	for (i = 0; i < cards->list[card].count; i++)
		if (address_same(entry_at(cards, card, i)->contact.address,
				 address))
			return true;
	return false;
}

static bool holds_all_of(const struct cards *cards, uint32_t whole,
			 uint32_t part)
{
	uint32_t i;

	for (i = 0; i < cards->list[part].count; i++)
		if (!card_holds(cards, whole,
				entry_at(cards, part, i)->contact.address))
			return false;
	return true;
}

/* Whether `card` may be that other one's, by name or for want of one. */
static bool may_be(const struct cards *cards, uint32_t card, uint32_t other)
{
	const char *name = name_of(cards, card);

	if (name[0] == 0)
		return holds_all_of(cards, other, card);
	return name_is_part(name, name_of(cards, other));
}

/* The same name, or none and the same addresses. */
static bool is_namesake(const struct cards *cards, uint32_t a, uint32_t b)
{
	if (strcmp(name_of(cards, a), name_of(cards, b)) != 0)
		return false;
	return name_of(cards, a)[0] != 0 ||
	       (holds_all_of(cards, a, b) && holds_all_of(cards, b, a));
}

static void join_namesakes(struct cards *cards, uint32_t card)
{
	struct holders holders;
	uint32_t i, j;

	for (i = 0; i < cards->list[card].count; i++) {
		holders_find(cards, card, i, &holders);
		for (j = 0; j < holders.count; j++)
			if (is_namesake(cards, card, holders.cards[j]))
				unite(cards, card, holders.cards[j]);
	}
}

/* To the one person whose name holds this one's, or who has its addresses. */
static void join_to_one(struct cards *cards, uint32_t card)
{
	uint32_t person = NO_CARD, other, i, j;
	struct holders holders;

	for (i = 0; i < cards->list[card].count; i++) {
		holders_find(cards, card, i, &holders);
		for (j = 0; j < holders.count; j++) {
			other = person_of(cards, holders.cards[j]);
			if (other == person_of(cards, card) ||
			    !may_be(cards, card, holders.cards[j]))
				continue;
			if (person != NO_CARD && other != person)
				return;		/* two could be meant */
			person = other;
		}
	}
	if (person != NO_CARD)
		unite(cards, card, person);
}

static void each_card(struct cards *cards,
		      void (*join)(struct cards *cards, uint32_t card))
{
	uint32_t card;

	for (card = 0; card < cards->count; card++)
		if (cards->list[card].count <= CARD_MAX)
			join(cards, card);
}

int contacts_join(struct contacts *contacts)
{
	size_t count = contacts->count;
	struct cards cards = { contacts, NULL, NULL, NULL, 0 };
	int r = ERR_MEMORY;
	uint32_t i;

	cards.order = calloc(count + 1, sizeof(*cards.order));
	cards.card_of = calloc(count + 1, sizeof(*cards.card_of));
	cards.list = calloc(count + 1, sizeof(*cards.list));
	if (cards.order == NULL || cards.card_of == NULL || cards.list == NULL)
		goto out;
	cards_make(&cards);
	each_card(&cards, join_namesakes);
	each_card(&cards, join_to_one);
	for (i = 0; i < count; i++)
		contacts->entries[i].owner =
			person_of(&cards, cards.card_of[i]);
	r = 0;
out:
	free(cards.order);
	free(cards.card_of);
	free(cards.list);
	return r;
}
