/* memory.c - questions to the front's store, from a worker */
#include "agent/roles/reader/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/seen.h"
#include "agent/base/value.h"
#include "agent/roles/hex.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define QUESTION_ARENA	16384
#define WAIT_MS		3000	/* the front answers at once, or is gone */
#define DUE_FIRST	60	/* seconds */

/* A question under way; on the stack of who asked. */
struct lookup {
	struct lookup *next;		/* reader::lookups */
	uint32_t id;			/* of the CHECK: one at a time */
	struct arena *arena;		/* the asker's, who waits */
	struct value *answer;
	bool answered;
	pthread_cond_t done;
};

static struct timespec time_of(int64_t ms)
{
	struct timespec out = { (time_t)(ms / 1000),
				(long)(ms % 1000) * 1000000 };

	return out;
}

static void lookup_add(struct reader *reader, struct lookup *lookup)
{
	(void)pthread_mutex_lock(&reader->lock);
	lookup->next = reader->lookups;
	reader->lookups = lookup;
	(void)pthread_mutex_unlock(&reader->lock);
}

static void lookup_wait(struct reader *reader, struct lookup *lookup,
			int64_t deadline)
{
	struct timespec until = time_of(deadline);
	struct lookup **at;

	(void)pthread_mutex_lock(&reader->lock);
	while (!lookup->answered &&
	       pthread_cond_timedwait(&lookup->done, &reader->lock,
				      &until) != ETIMEDOUT)
		;
	for (at = &reader->lookups; *at != lookup; at = &(*at)->next)
		;
	*at = lookup->next;
	(void)pthread_mutex_unlock(&reader->lock);
}

/* The answer, in `arena`; NULL: the store cannot tell now. */
static const struct value *ask(struct reader_memory *memory,
			       struct arena *arena,
			       const struct value *question)
{
	struct lookup lookup = { .id = memory->id, .arena = arena };
	int64_t deadline = clock_now_ms() + WAIT_MS;
	pthread_condattr_t attributes;

	if (deadline > memory->deadline)
		deadline = memory->deadline;
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&lookup.done, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	lookup_add(memory->reader, &lookup);
	if (role_send(FRAME_LOOKUP, memory->id, question) < 0)
		deadline = 0;
	lookup_wait(memory->reader, &lookup, deadline);
	(void)pthread_cond_destroy(&lookup.done);
	if (lookup.answer == NULL ||
	    value_find(lookup.answer, "unknown", VALUE_TRUTH) != NULL)
		return NULL;
	return lookup.answer;
}

int reader_found(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct lookup *lookup;
	int r = 0;

	(void)pthread_mutex_lock(&reader->lock);
	lookup = reader->lookups;
	while (lookup != NULL && lookup->id != frame->id)
		lookup = lookup->next;
	if (lookup != NULL && !lookup->answered) {
		r = value_decode(lookup->arena, frame->payload,
				 &lookup->answer);
		if (r == ERR_LIMIT)
			r = 0;		/* the asker's arena is full */
		lookup->answered = true;
		(void)pthread_cond_signal(&lookup->done);
	}
	(void)pthread_mutex_unlock(&reader->lock);
	return r;
}

int reader_seen(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	if (reader->seen != NULL)
		return ERR_PROTOCOL;
	reader->seen = seen_open(frame_take(frame, 0));
	return reader->seen == NULL ? ERR_PROTOCOL : 0;
}

bool reader_memory_is_due(int64_t now, int64_t seen, int64_t judged)
{
	int64_t wait = judged - seen;

	if (wait < DUE_FIRST)
		wait = DUE_FIRST;
	/* A clock that went back must not stop it for ever. */
	return judged > now || now - judged >= wait;
}

/* False: the store has never seen it, for sure. */
static bool may_have(const struct reader_memory *memory, const char *id)
{
	unsigned char sum[SEEN_ID];

	return !hex_read_some(id, sum, sizeof(sum)) ||
	       seen_may_have(memory->reader->seen, sum);
}

static const struct value *ask_message(struct reader_memory *memory,
				       struct arena *arena, const char *id)
{
	struct value *question = value_dict(arena);
	const struct value *answer;

	if (!may_have(memory, id)) {
		memory->asked = true;
		memory->seen = 0;
		return question;	/* holds nothing */
	}
	value_put_text(arena, question, "id", id);
	answer = ask(memory, arena, question);
	memory->asked = answer != NULL;
	memory->seen = answer == NULL ? 0 : value_number(answer, "seen");
	return answer;
}

static bool may_be_used(const struct reader_memory *memory,
			const struct value *answer)
{
	const struct value *final = value_find(answer, "final", VALUE_TRUTH);

	if (memory->look == LOOK_AGAIN)
		return false;
	if (final != NULL && final->truth)
		return true;
	switch (memory->reader->lookup) {
	case READER_LOOKUP_NEVER:
		return true;
	case READER_LOOKUP_VIEW:
		return false;
	case READER_LOOKUP_ARRIVAL:
	default:
		return memory->look != LOOK_ARRIVAL &&
		       !reader_memory_is_due(clock_wall(), memory->seen,
					     value_number(answer, "judged"));
	}
}

static int recall(void *ctx, struct arena *arena, const char *id,
		  struct bytes *facts, int64_t *judged)
{
	struct reader_memory *memory = ctx;
	const struct value *answer = ask_message(memory, arena, id);
	const char *text = value_text(answer, "facts");

	if (answer == NULL)
		return ERR_TIMEOUT;
	if (text == NULL || !may_be_used(memory, answer))
		return 0;
	*facts = bytes_of(text);
	*judged = value_number(answer, "judged");
	return 1;
}

static int first_seen(void *ctx, const char *id, int64_t *when)
{
	struct reader_memory *memory = ctx;
	struct arena *arena;
	const struct value *answer;

	if (!memory->asked) {
		arena = arena_new(2 * CHANNEL_FRAME_MAX);
		answer = arena == NULL ? NULL :
			 ask_message(memory, arena, id);
		arena_free(arena);
		if (answer == NULL)
			return ERR_TIMEOUT;
	}
	*when = memory->seen;
	return memory->seen != 0 ? 1 : 0;
}

static int replayed(void *ctx, const char *sum, const char *body)
{
	struct reader_memory *memory = ctx;
	struct arena *arena = arena_new(QUESTION_ARENA);
	struct value *question = value_dict(arena);
	const struct value *answer, *found;
	int r = ERR_TIMEOUT;

	value_put_text(arena, question, "sum", sum);
	value_put_text(arena, question, "body", body);
	answer = ask(memory, arena, question);
	found = value_find(answer, "replay", VALUE_TRUTH);
	if (found != NULL)
		r = found->truth ? 1 : 0;
	arena_free(arena);
	return r;
}

static int find_keys(void *ctx, struct arena *arena, const char *domain,
		     const char *selector, struct dkim_archived *out,
		     size_t room)
{
	struct reader_memory *memory = ctx;
	struct value *question = value_dict(arena);
	const struct value *key;
	const char *dnssec;
	size_t count = 0;

	value_put_text(arena, question, "domain", domain);
	value_put_text(arena, question, "selector", selector);
	key = value_find(ask(memory, arena, question), "keys", VALUE_LIST);
	if (key == NULL)
		return ERR_TIMEOUT;
	for (key = key->first; key != NULL && count < room; key = key->next) {
		dnssec = value_text(key, "dnssec");
		out[count].text = value_text(key, "text");
		out[count].dnssec = dnssec != NULL &&
				    strcmp(dnssec, "secure") == 0 ?
				    DNS_SECURE : DNS_INSECURE;
		out[count].first_seen = value_number(key, "first_seen");
		out[count].last_seen = value_number(key, "last_seen");
		if (out[count].text != NULL)
			count++;
	}
	return (int)count;
}

static enum seal_trust trust_of(const struct value *one, int64_t now)
{
	const char *source = value_text(one, "source");
	int64_t proven = value_number(one, "proven");

	if (source != NULL && strcmp(source, "user") == 0)
		return SEAL_TRUST_OWN;
	return proven > 0 && now - proven < OPEN_PROVEN_S ? SEAL_TRUST_DANE :
							     SEAL_TRUST_SEEN;
}

static int certificates(void *ctx, struct arena *arena, const char *address,
			struct open_known *out, size_t room)
{
	struct reader_memory *memory = ctx;
	struct value *question = value_dict(arena);
	int64_t now = clock_wall();
	const struct value *one;
	size_t count = 0;

	value_put_text(arena, question, "address", address);
	one = value_find(ask(memory, arena, question), "certificates",
			 VALUE_LIST);
	if (one == NULL)
		return ERR_TIMEOUT;
	for (one = one->first; one != NULL && count < room; one = one->next) {
		out[count].scheme = value_text(one, "scheme");
		out[count].fingerprint = value_text(one, "fingerprint");
		out[count].trust = trust_of(one, now);
		out[count].first_seen = value_number(one, "first_seen");
		out[count].last_seen = value_number(one, "last_seen");
		if (out[count].fingerprint != NULL)
			count++;
	}
	return (int)count;
}

void reader_memory_make(struct reader_memory *memory, struct reader *reader,
			uint32_t id, int64_t deadline, enum reader_look look)
{
	memset(memory, 0, sizeof(*memory));
	memory->memory.archive.find = find_keys;
	memory->memory.archive.ctx = memory;
	memory->memory.recall = recall;
	memory->memory.first_seen = first_seen;
	memory->memory.replayed = replayed;
	memory->memory.ctx = memory;
	memory->known.certificates = certificates;
	memory->known.repeated = replayed;
	memory->known.ctx = memory;
	memory->reader = reader;
	memory->id = id;
	memory->deadline = deadline;
	memory->look = look;
}
