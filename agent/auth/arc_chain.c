/* arc_chain.c - fields into sets */
#include "agent/auth/arc_chain.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

/* All that can be seen of one instance; index 0 is not used. */
struct slot {
	const struct field *results;
	struct dkim_signature signature, seal;
	bool has_signature, has_seal;
};

struct collecting {
	struct arena *arena;
	struct arc_chain *out;
	struct slot *slots;
	unsigned highest, highest_seal;
};

static void fail(struct arc_chain *chain, const char *text)
{
	if (chain->result == RESULT_FAIL)
		return;			/* the first reason is told */
	chain->result = RESULT_FAIL;
	chain->code = "arc-broken";
	chain->text = text;
}

static void take_results(struct collecting *to, const struct field *field)
{
	struct authres parsed;
	unsigned instance;

	/* What the results say may be unreadable; that breaks no chain. */
	(void)authres_parse_arc(to->arena, field->value, &instance, &parsed);
	if (instance == 0) {
		fail(to->out, "ARC results bear no instance.");
		return;
	}
	if (to->slots[instance].results != NULL)
		fail(to->out, "ARC results of one instance stand twice.");
	to->slots[instance].results = field;
	if (instance > to->highest)
		to->highest = instance;
}

static void take_signed(struct collecting *to, enum dkim_kind kind,
			const struct field *field)
{
	const char *code = NULL, *text = NULL;
	struct dkim_signature read;
	const char *name = "ARC-Message-Signature";
	struct slot *slot;
	bool *has;

	if (kind == DKIM_ARC_SEAL)
		name = "ARC-Seal";
	if (dkim_signature_parse(to->arena, kind, field, &read, &code,
				 &text) < 0)
		fail(to->out, arena_print(to->arena, "A field %s cannot be "
					  "used: %s", name, text));
	if (read.instance == 0)
		return;
	slot = &to->slots[read.instance];
	has = kind == DKIM_ARC_SEAL ? &slot->has_seal : &slot->has_signature;
	if (*has)
		fail(to->out, "Two ARC fields of one kind bear the same "
			      "instance.");
	*has = true;
	if (kind == DKIM_ARC_SEAL)
		slot->seal = read;
	else
		slot->signature = read;
	if (read.instance > to->highest)
		to->highest = read.instance;
	if (kind == DKIM_ARC_SEAL && read.domain != NULL &&
	    read.instance > to->highest_seal) {
		to->highest_seal = read.instance;
		to->out->sealer = read.domain;
	}
}

static void collect(struct collecting *to, const struct message *message)
{
	const struct field *field;
	size_t i, seen = 0;

	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (field->odd_name ||
		    !bytes_starts_nocase(field->name, "ARC-"))
			continue;
		if (++seen > 3 * ARC_SETS_MAX) {
			fail(to->out, "It has more ARC fields than a chain "
				      "may have.");
			return;
		}
		if (bytes_is_nocase(field->name,
				    "ARC-Authentication-Results"))
			take_results(to, field);
		else if (bytes_is_nocase(field->name,
					 "ARC-Message-Signature"))
			take_signed(to, DKIM_ARC_SIGNATURE, field);
		else if (bytes_is_nocase(field->name, "ARC-Seal"))
			take_signed(to, DKIM_ARC_SEAL, field);
	}
}

/* The newest seal's word comes first: who found the chain broken says so and
 * seals nothing more (section 5.1.2). */
static void order(struct collecting *to)
{
	struct arc_chain *out = to->out;
	struct slot *slot;
	unsigned i;

	slot = &to->slots[to->highest];
	if (slot->has_seal && slot->seal.cv == ARC_CV_FAIL)
		fail(out, "Its last sealer found the chain broken (cv=fail).");
	for (i = 1; i <= to->highest; i++) {
		slot = &to->slots[i];
		if (slot->results == NULL || !slot->has_signature ||
		    !slot->has_seal)
			fail(out, arena_print(to->arena, "Set %u of its ARC "
					      "fields is not complete.", i));
		else if (slot->seal.cv != (i == 1 ? ARC_CV_NONE :
						    ARC_CV_PASS))
			fail(out, arena_print(to->arena, "Seal %u does not "
					      "fit its place (cv=).", i));
	}
}

int arc_chain_read(struct arena *arena, const struct message *message,
		   struct arc_chain *out)
{
	struct collecting to = { arena, out, NULL, 0, 0 };
	unsigned i;

	memset(out, 0, sizeof(*out));
	out->result = RESULT_NONE;
	to.slots = arena_array(arena, ARC_SETS_MAX + 1, sizeof(*to.slots));
	if (to.slots == NULL)
		return ERR_LIMIT;
	collect(&to, message);
	out->count = to.highest;
	if (to.highest > 0)
		order(&to);
	if (out->result == RESULT_FAIL)
		return out->text == NULL ? ERR_LIMIT : 0;
	if (to.highest == 0)
		return 0;
	out->sets = arena_array(arena, to.highest, sizeof(*out->sets));
	if (out->sets == NULL)
		return ERR_LIMIT;
	for (i = 0; i < to.highest; i++) {
		out->sets[i].results = to.slots[i + 1].results;
		out->sets[i].signature = to.slots[i + 1].signature;
		out->sets[i].seal = to.slots[i + 1].seal;
	}
	out->result = RESULT_PASS;
	return 0;
}
