/* keep.c - what a check leaves: looked through, and written
 *
 * It comes from the reader, which reads what strangers wrote: lengths, words
 * and characters are checked here and in the store, and nothing is written
 * that belongs to no check in hand. */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/seen.h"
#include "agent/base/value.h"
#include "agent/roles/front/incoming/incoming.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/store/archive.h"
#include "agent/store/judgement.h"
#include "agent/store/store.h"

#define KEEP_ARENA (512 * 1024)

/* What the check was a part of: CheckMany, or it was alone. */
enum keep_of { KEEP_OF_ONE, KEEP_OF_MANY };

/* Of many messages that are judged for the first time only their caller
 * hears: nobody else has shown them yet, and ten thousand signals a second
 * are everybody's work. */
static void tell_judged(struct front *front, struct arena *arena,
			enum keep_of of, const char *id,
			const struct judgement_kept *kept)
{
	struct value *holder = value_dict(arena);
	struct value *values = value_put_list(arena, holder, "values");

	if (of == KEEP_OF_MANY && !seen_may_have(front->seen, kept->id))
		return;
	value_put_text(arena, values, NULL, id);
	value_put_text(arena, values, NULL, kept->verdict);
	if (values != NULL && values->count == 2)
		service_signal(front->service, "org.mailseal.Incoming1",
			       "Judged", values);
}

/* Addresses are found without case. */
static const char *lower_of(struct arena *arena, const char *text)
{
	char *out = arena_text(arena, bytes_of(text == NULL ? "" : text));
	size_t i;

	for (i = 0; out != NULL && out[i] != 0; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

static int keep_judgement(struct front *front, struct arena *arena,
			  enum keep_of of, const struct value *keep,
			  int64_t now)
{
	const struct value *final = value_find(keep, "final", VALUE_TRUTH);
	const struct value *names = value_find(keep, "message_ids",
					       VALUE_LIST);
	const char *id = value_text(keep, "id");
	const char *list[JUDGEMENT_NAMES_MAX];
	struct judgement_kept kept = { .seen = now, .judged = now };
	const struct value *name;
	size_t count = 0;
	int r;

	kept.verdict = value_text(keep, "verdict");
	kept.facts = bytes_of(value_text(keep, "facts"));
	kept.address = lower_of(arena, value_text(keep, "address"));
	if (final == NULL || kept.verdict == NULL || kept.address == NULL ||
	    !hex_read(id, kept.id, JUDGEMENT_ID))
		return ERR_PROTOCOL;
	kept.final = final->truth;
	for (name = names == NULL ? NULL : names->first; name != NULL;
	     name = name->next) {
		if (name->kind != VALUE_TEXT || count == JUDGEMENT_NAMES_MAX)
			return ERR_PROTOCOL;
		list[count++] = name->text;
	}
	r = judgement_put(front->store, &kept, list, count);
	if (r == ERR_SYNTAX)
		return ERR_PROTOCOL;
	tell_judged(front, arena, of, id, &kept);
	seen_add(front->seen, kept.id);
	return 0;
}

static int keep_key(struct front *front, const struct value *member,
		    int64_t now)
{
	struct archived_key key = { .first_seen = now, .last_seen = now };
	const char *dnssec = value_text(member, "dnssec");

	key.domain = value_text(member, "domain");
	key.selector = value_text(member, "selector");
	key.text = value_text(member, "text");
	if (dnssec == NULL || key.domain == NULL || key.selector == NULL ||
	    key.text == NULL)
		return ERR_PROTOCOL;
	key.secure = strcmp(dnssec, "secure") == 0;
	if (!key.secure && strcmp(dnssec, "insecure") != 0)
		return ERR_PROTOCOL;
	return archive_put(front->store, &key) == ERR_SYNTAX ? ERR_PROTOCOL :
							       0;
}

static int keep_signature(struct front *front, const struct value *member,
			  int64_t now)
{
	unsigned char sum[SIGNATURE_SUM], body[SIGNATURE_SUM];

	if (!hex_read(value_text(member, "sum"), sum, sizeof(sum)) ||
	    !hex_read(value_text(member, "body"), body, sizeof(body)))
		return ERR_PROTOCOL;
	(void)signature_put(front->store, sum, body, now);
	return 0;
}

static int keep_each(struct front *front, const struct value *keep,
		     const char *key, int64_t now,
		     int (*take)(struct front *front,
				 const struct value *member, int64_t now))
{
	const struct value *list = value_find(keep, key, VALUE_LIST);
	const struct value *member = list == NULL ? NULL : list->first;
	int r = 0;

	for (; member != NULL && r == 0; member = member->next)
		r = take(front, member, now);
	return r;
}

static int keep_all(struct front *front, enum keep_of of, struct bytes wire)
{
	struct arena *arena = arena_new(KEEP_ARENA);
	int64_t now = clock_wall();
	struct value *keep = NULL;
	int r = ERR_MEMORY;

	if (arena != NULL)
		r = value_decode(arena, wire, &keep);
	if (r == 0)
		r = keep_judgement(front, arena, of, keep, now);
	if (r == 0)
		r = keep_each(front, keep, "keys", now, keep_key);
	if (r == 0)
		r = keep_each(front, keep, "signatures", now, keep_signature);
	if (r == 0)
		memory_learn_key(front, value_text(keep, "address"),
				 value_text(keep, "autocrypt"));
	memory_wrote(front);
	arena_free(arena);
	return r;
}

bool memory_judged(struct front *front, const struct frame *frame)
{
	const struct errand *errand = errand_in_hand(front, CHILD_READER,
						     frame->id);
	struct bytes rest = frame->payload, report;
	bool is_wanted = errand != NULL && front->store != NULL;
	enum keep_of of = KEEP_OF_ONE;
	uint32_t len;
	int r = 0;

	if (!take_u32(&rest, &len) || !take_bytes(&rest, len, &report))
		return false;
	/* Other answers bring descriptors, or are no judgement. */
	if (errand != NULL && errand->type != FRAME_CHECK)
		return false;
	if (errand != NULL && incoming_is_of_many(errand))
		of = KEEP_OF_MANY;
	/* Who waits has the answer before it is written down; what is asked
	 * next finds it there.  Of a check that nobody waits for any more it
	 * is dropped. */
	errand_answer(front, CHILD_READER, frame->id, report);
	if (is_wanted)
		r = keep_all(front, of, rest);
	return r != ERR_PROTOCOL && r != ERR_LIMIT;
}
