/* suggest_results.c - whose Authentication-Results a folder's border writes */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/suggest_facts.h"
#include "agent/mail/suggest_search.h"

#define NO_ID	"none:"

static const char below[] =
	"This server writes its results below its Received field, where a "
	"sender's could stand too, so they would not be believed.";

struct results {
	struct tally above, below;
};

/* A server without an id is known by the border's owner. */
static const char *id_of(struct search *search,
			 const struct suggest_result *result,
			 const struct suggest_hop *border)
{
	return result->id != NULL ? result->id :
	       arena_print(search->arena, NO_ID "%s", name_owner(border->by));
}

static void facts_count(struct search *search,
			const struct suggest_facts *facts, unsigned at,
			struct results *results)
{
	const struct suggest_hop *border = &facts->hops[at];
	const struct suggest_result *result;
	unsigned i;

	for (i = 0; i < facts->result_count; i++) {
		result = &facts->results[i];
		if (result->above == at && result->in_block)
			tally_add(&results->above,
				  id_of(search, result, border),
				  facts->sender);
		else if (result->above == at + 1 && result->id != NULL &&
			 names_same_owner(result->id, border->by))
			tally_add(&results->below, result->id, facts->sender);
	}
}

static void tell(struct search *search, const struct tally *tally,
		 const char *doubt, const char *const *names)
{
	size_t i, messages;

	for (i = 0; i < tally->count; i++) {
		if (names_owner_is_done(names, i) ||
		    !tally_bears(search, tally, names[i], &messages))
			continue;
		/* several fields of one message are no more messages */
		if (messages > search->suggest->count)
			messages = search->suggest->count;
		search_tell(search, SUGGEST_AUTHSERV, names, tally->count,
			    names[i], messages, doubt);
	}
}

static int tell_all(struct search *search, const struct tally *tally,
		    const char *doubt)
{
	const char **names = arena_array(search->arena, tally->count + 1,
					 sizeof(*names));
	size_t i;

	if (names == NULL)
		return ERR_LIMIT;
	for (i = 0; i < tally->count; i++)
		names[i] = tally->list[i].name;
	tell(search, tally, doubt, names);
	return 0;
}

int results_tell(struct search *search)
{
	const struct suggest_facts *facts;
	struct results results;
	unsigned at;
	size_t i;

	if (tally_start(search, &results.above) < 0 ||
	    tally_start(search, &results.below) < 0)
		return ERR_LIMIT;
	for (i = 0; i < search->suggest->count; i++) {
		facts = search->suggest->list[i];
		at = search_border(search, facts);
		if (at < facts->hop_count && facts->hops[at].by != NULL &&
		    search_is_relay(search, facts->hops[at].by))
			facts_count(search, facts, at, &results);
	}
	if (tell_all(search, &results.above, NULL) < 0)
		return ERR_LIMIT;
	return tell_all(search, &results.below, below);
}
