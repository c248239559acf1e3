/* suggest_conclude.c - from what many messages bear to a few lines
 *
 * From the top of each message, servers that are known to be the user's are
 * passed; the next one that took mail from many others is the border.  What
 * hands all its mail on from one neighbour of the same domain is inside, and
 * the neighbour is asked next. */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/suggest_facts.h"
#include "agent/mail/suggest_search.h"

#define ROUNDS_MAX	8	/* servers one behind the other */
#define NEIGHBOUR_SHARE	90	/* per cent of a server's mail */

bool search_is_relay(const struct search *search, const char *name)
{
	size_t i;

	for (i = 0; i < search->relay_count; i++)
		if (search->relays[i] == name)
			return true;
	return false;
}

static bool relay_add(struct search *search, const char *name)
{
	if (name == NULL || search_is_relay(search, name) ||
	    search->relay_count == SEARCH_RELAYS_MAX)
		return false;
	search->relays[search->relay_count++] = name;
	return true;
}

unsigned search_border(const struct search *search,
		       const struct suggest_facts *facts)
{
	const struct suggest_hop *hop;
	unsigned i;

	for (i = 0; i < facts->hop_count; i++) {
		hop = &facts->hops[i];
		if (hop->from != NULL && !hop->inside &&
		    (hop->claimed || !search_is_relay(search, hop->from)))
			break;
	}
	return i;
}

/* Who took these messages in: one more row of servers from the top. */
static int borders_find(struct search *search, bool *more)
{
	const struct suggest_facts *facts;
	struct tally tally;
	size_t i, messages;
	unsigned at;

	if (tally_start(search, &tally) < 0)
		return ERR_LIMIT;
	for (i = 0; i < search->suggest->count; i++) {
		facts = search->suggest->list[i];
		at = search_border(search, facts);
		if (at < facts->hop_count && facts->hops[at].by != NULL)
			tally_add(&tally, facts->hops[at].by, facts->sender);
	}
	for (i = 0; i < tally.count; i++)
		if (tally_bears(search, &tally, tally.list[i].name,
				&messages) &&
		    relay_add(search, tally.list[i].name))
			*more = true;
	return 0;
}

/* Neighbours of the same owner that handed much mail on. */
static int neighbours_find(struct search *search, bool *more)
{
	const struct suggest_facts *facts;
	const struct suggest_hop *hop;
	struct tally tally;
	unsigned at;
	size_t i;

	if (tally_start(search, &tally) < 0)
		return ERR_LIMIT;
	for (i = 0; i < search->suggest->count; i++) {
		facts = search->suggest->list[i];
		at = search_border(search, facts);
		hop = &facts->hops[at];
		if (at + 1 < facts->hop_count && hop->by != NULL &&
		    !hop->claimed && search_is_relay(search, hop->by) &&
		    facts->hops[at + 1].by != NULL &&
		    names_same_owner(hop->by, hop->from) &&
		    names_same_owner(hop->by, facts->hops[at + 1].by))
			tally_add(&tally, hop->from, facts->sender);
	}
	for (i = 0; i < tally.count; i++)
		if (tally_row_bears(&tally.list[i]) &&
		    relay_add(search, tally.list[i].name))
			*more = true;
	return 0;
}

/* Where nearly all of a border's mail comes from one stranger, that is rather
 * a filter in front of it: SPF would be asked of the wrong address. */
static const char *doubt_of(struct search *search, const char *owner)
{
	const struct suggest_facts *facts;
	struct tally tally;
	size_t all = 0, i;
	unsigned at;

	if (tally_start(search, &tally) < 0)
		return NULL;
	for (i = 0; i < search->suggest->count; i++) {
		facts = search->suggest->list[i];
		at = search_border(search, facts);
		if (at == facts->hop_count || facts->hops[at].by == NULL ||
		    !names_same_owner(facts->hops[at].by, owner))
			continue;
		all++;
		if (!facts->hops[at].claimed)
			tally_add(&tally, name_owner(facts->hops[at].from),
				  facts->sender);
	}
	for (i = 0; i < tally.count; i++)
		if (tally.list[i].messages * 100 >= all * NEIGHBOUR_SHARE)
			return arena_print(search->arena, "Nearly all its mail "
				"comes from %s. If that is your provider's "
				"filter, name its hosts too; if it is one "
				"mailing list, leave this out.",
				tally.list[i].name);
	return NULL;
}

static size_t relay_messages(const struct search *search, const char *owner)
{
	const struct suggest_facts *facts;
	size_t count = 0, i;
	unsigned at;

	for (i = 0; i < search->suggest->count; i++) {
		facts = search->suggest->list[i];
		for (at = 0; at < facts->hop_count; at++)
			if (facts->hops[at].by != NULL &&
			    search_is_relay(search, facts->hops[at].by) &&
			    names_same_owner(facts->hops[at].by, owner))
				break;
		count += at < facts->hop_count;
	}
	return count;
}

static void relays_tell(struct search *search)
{
	size_t i;

	for (i = 0; i < search->relay_count; i++)
		if (!names_owner_is_done(search->relays, i))
			search_tell(search, SUGGEST_RELAY, search->relays,
				    search->relay_count, search->relays[i],
				    relay_messages(search, search->relays[i]),
				    doubt_of(search, search->relays[i]));
}

int suggest_conclude(const struct suggest *suggest, struct arena *arena,
		     struct suggest_lines *out)
{
	struct search *search = arena_alloc(arena, sizeof(*search));
	bool more = true;
	unsigned round;

	memset(out, 0, sizeof(*out));
	out->messages = suggest->count;
	if (search == NULL)
		return ERR_LIMIT;
	search->suggest = suggest;
	search->arena = arena;
	search->out = out;
	for (round = 0; more && round < ROUNDS_MAX; round++) {
		more = false;
		if (borders_find(search, &more) < 0 ||
		    neighbours_find(search, &more) < 0)
			return ERR_LIMIT;
	}
	relays_tell(search);
	return results_tell(search);
}
