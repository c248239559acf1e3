/* hello.c - the reader's settings, once and before any check */
#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/roles/reader/reader.h"

#define SETTINGS_MAX (1024 * 1024)

static bool truth_of(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_TRUTH);

	return found != NULL && found->truth;
}

static int patterns_of(struct arena *arena, const struct value *dict,
		       const char *key, struct patterns *out)
{
	const struct value *list = value_find(dict, key, VALUE_LIST);
	const struct value *member;
	const char **names;

	if (list == NULL)
		return ERR_PROTOCOL;
	names = arena_array(arena, list->count + 1, sizeof(*names));
	if (names == NULL)
		return ERR_LIMIT;
	out->names = names;
	out->count = 0;
	for (member = list->first; member != NULL; member = member->next)
		if (member->kind == VALUE_TEXT)
			names[out->count++] = member->text;
	return 0;
}

static enum reader_lookup lookup_of(const char *word)
{
	if (word != NULL && strcmp(word, "view") == 0)
		return READER_LOOKUP_VIEW;
	if (word != NULL && strcmp(word, "arrival") == 0)
		return READER_LOOKUP_ARRIVAL;
	return READER_LOOKUP_NEVER;	/* rather nothing is asked */
}

int reader_hello(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct value *dict;
	int r;

	if (reader->settings != NULL)
		return ERR_PROTOCOL;
	reader->settings = arena_new(SETTINGS_MAX);
	if (reader->settings == NULL)
		return ERR_MEMORY;
	r = value_decode(reader->settings, frame->payload, &dict);
	if (r < 0)
		return r;
	reader->policy.require_policy = truth_of(dict, "require_policy");
	reader->policy.accept_spf_only = truth_of(dict, "accept_spf_only");
	reader->lookup = lookup_of(value_text(dict, "lookup"));
	reader->policy.require_dnssec = truth_of(dict, "require_dnssec");
	r = patterns_of(reader->settings, dict, "trusted_relays",
			&reader->relays);
	if (r < 0)
		return r;
	r = patterns_of(reader->settings, dict, "trusted_authservs",
			&reader->authservs);
	if (r < 0)
		return r;
	r = patterns_of(reader->settings, dict, "trusted_sealers",
			&reader->sealers);
	if (r < 0)
		return r;
	return patterns_of(reader->settings, dict, "own_addresses",
			   &reader->own);
}
