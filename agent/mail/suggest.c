/* suggest.c - gathering: a few names of every message */
#include "agent/mail/suggest.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/suggest_facts.h"
#include "agent/mail/trace.h"

#define MEMORY_MAX	(32 * 1024 * 1024)	/* of all that is remembered */
#define SCRATCH_MAX	(8 * 1024 * 1024)	/* for one message */
#define NAME_MAX_OCTETS	253	/* longer names are nobody's */

struct suggest *suggest_new(void)
{
	struct suggest *suggest = calloc(1, sizeof(*suggest));

	if (suggest == NULL)
		return NULL;
	suggest->arena = arena_new(MEMORY_MAX);
	if (suggest->arena != NULL)
		suggest->list = arena_array(suggest->arena,
					    SUGGEST_MESSAGES_MAX,
					    sizeof(struct suggest_facts *));
	if (suggest->list != NULL)
		return suggest;
	suggest_free(suggest);
	return NULL;
}

void suggest_free(struct suggest *suggest)
{
	if (suggest == NULL)
		return;
	arena_free(suggest->arena);
	free(suggest);
}

/* FNV-1a. */
static size_t chain_of(struct bytes text)
{
	size_t hash = 2166136261u, i;

	for (i = 0; i < text.len; i++)
		hash = (hash ^ text.data[i]) * 16777619u & 0xFFFFFFFFu;
	return hash % SUGGEST_CHAINS;
}

/* The one pointer for that name; NULL for NULL, for what is too long, and
 * without memory (*full). */
static const char *intern(struct suggest *suggest, const char *text,
			  bool *full)
{
	struct suggest_name *name, **chain;
	struct bytes bytes = bytes_of(text);

	if (text == NULL || bytes.len > NAME_MAX_OCTETS)
		return NULL;
	chain = &suggest->chains[chain_of(bytes)];
	for (name = *chain; name != NULL; name = name->next)
		if (strcmp(name->text, text) == 0)
			return name->text;
	name = arena_alloc(suggest->arena, sizeof(*name));
	if (name != NULL)
		name->text = arena_text(suggest->arena, bytes);
	if (name == NULL || name->text == NULL) {
		*full = true;
		return NULL;
	}
	name->next = *chain;
	*chain = name;
	return name->text;
}

static void hop_add(struct suggest *suggest, struct suggest_facts *facts,
		    const struct received *received, bool *full)
{
	struct suggest_hop *hop;
	const char *from = received->from_host;

	if (facts->hop_count == SUGGEST_HOPS)
		return;
	hop = &facts->hops[facts->hop_count++];
	if (from == NULL)
		from = received->from_helo;
	hop->claimed = received->from_host == NULL &&
		       (received->client_ip != NULL || received->unclear);
	hop->by = intern(suggest, received->by, full);
	hop->from = intern(suggest, from, full);
	hop->inside = received->by_lmtp ||
		      (received->client_ip != NULL &&
		       trace_ip_is_inside(received->client_ip));
}

static void result_add(struct suggest *suggest, struct suggest_facts *facts,
		       const struct authres *results, unsigned above,
		       bool *full)
{
	struct suggest_result *result;

	if (facts->result_count == SUGGEST_RESULTS)
		return;
	result = &facts->results[facts->result_count++];
	if (!results->id_is_late)
		result->id = intern(suggest, results->authserv_id, full);
	result->above = above;
	result->in_block = true;
}

/* A field that no border writes: what stands above is not its own. */
static void block_ends(struct suggest_facts *facts, unsigned above)
{
	unsigned i;

	for (i = 0; i < facts->result_count; i++)
		if (facts->results[i].above == above)
			facts->results[i].in_block = false;
}

static bool is_named(const struct field *field, const char *name)
{
	return !field->odd_name && bytes_is_nocase(field->name, name);
}

static int look(struct suggest *suggest, struct arena *scratch,
		const struct message *message, struct suggest_facts *facts)
{
	const struct field *field;
	struct received received;
	struct authres results;
	struct bytes value;
	unsigned above = 0;
	bool full = false;
	size_t i;

	for (i = 0; i < message->field_count && above <= SUGGEST_HOPS; i++) {
		field = &message->fields[i];
		if (is_named(field, "Received")) {
			value = field_unfold(scratch, field);
			if (value.data == NULL ||
			    received_parse(scratch, value, &received) < 0)
				break;
			hop_add(suggest, facts, &received, &full);
			above++;
		} else if (is_named(field, "Authentication-Results")) {
			value = field_unfold(scratch, field);
			if (value.data != NULL &&
			    authres_parse(scratch, value, &results) == 0)
				result_add(suggest, facts, &results, above,
					   &full);
		} else if (trace_breaks_block(field)) {
			block_ends(facts, above);
		}
	}
	block_ends(facts, above);	/* no Received stands below these */
	return full ? ERR_LIMIT : 0;
}

int suggest_add(struct suggest *suggest, const struct message *message)
{
	struct arena *scratch = arena_new(SCRATCH_MAX);
	struct suggest_facts *facts = NULL;
	const char *sender = "";
	struct author author;
	bool full = false;
	int r = ERR_LIMIT;

	if (scratch != NULL && suggest->count < SUGGEST_MESSAGES_MAX)
		facts = arena_alloc(suggest->arena, sizeof(*facts));
	if (facts == NULL)
		goto out;
	if (author_read(scratch, message, &author) == 0 &&
	    author.state == AUTHOR_ONE)
		sender = domain_registrable(author.domain);
	facts->sender = intern(suggest, sender, &full);
	r = look(suggest, scratch, message, facts);
	if (r == 0 && facts->sender != NULL)
		suggest->list[suggest->count++] = facts;
out:
	arena_free(scratch);
	return r;
}
