/* lookup.c - what the reader asks of the store (LOOKUP), answered at
 * once (FOUND) */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/store/archive.h"
#include "agent/store/certificate.h"
#include "agent/store/judgement.h"
#include "agent/store/signer.h"

#define LOOKUP_ARENA (512 * 1024)

static int found_judgement(struct front *front, struct arena *arena,
			   const struct value *question, struct value *answer)
{
	unsigned char id[JUDGEMENT_ID];
	struct judgement_kept kept;
	const char *facts;
	int r;

	if (!hex_read(value_text(question, "id"), id, sizeof(id)))
		return ERR_PROTOCOL;
	r = judgement_find(front->store, id, arena, &kept);
	if (r <= 0)
		return r;
	facts = arena_text(arena, kept.facts);
	if (facts == NULL)
		return ERR_IO;
	value_put_text(arena, answer, "facts", facts);
	value_put_truth(arena, answer, "final", kept.final);
	value_put_number(arena, answer, "seen", kept.seen);
	value_put_number(arena, answer, "judged", kept.judged);
	return 0;
}

static int found_keys(struct front *front, struct arena *arena,
		      const struct value *question, struct value *answer)
{
	struct archived_key keys[ARCHIVE_PER_SELECTOR];
	const char *selector = value_text(question, "selector");
	struct value *list = value_put_list(arena, answer, "keys"), *key;
	int count, i;

	if (selector == NULL)
		return ERR_PROTOCOL;
	count = archive_find(front->store, value_text(question, "domain"),
			     selector, arena, keys, ARCHIVE_PER_SELECTOR);
	for (i = 0; i < count; i++) {
		key = value_put_dict(arena, list, NULL);
		value_put_text(arena, key, "text", keys[i].text);
		value_put_text(arena, key, "dnssec", keys[i].secure ?
			       "secure" : "insecure");
		value_put_number(arena, key, "first_seen",
				 keys[i].first_seen);
		value_put_number(arena, key, "last_seen", keys[i].last_seen);
	}
	return count < 0 ? count : 0;
}

static int found_replay(struct front *front, struct arena *arena,
			const struct value *question, struct value *answer)
{
	unsigned char sum[SIGNATURE_SUM], body[SIGNATURE_SUM];
	int r;

	if (!hex_read(value_text(question, "sum"), sum, sizeof(sum)) ||
	    !hex_read(value_text(question, "body"), body, sizeof(body)))
		return ERR_PROTOCOL;
	r = signature_is_replay(front->store, sum, body);
	value_put_truth(arena, answer, "replay", r == 1);
	return r < 0 ? r : 0;
}

/* Who signed by OpenPGP. */
static int found_signers(struct front *front, struct arena *arena,
			 const char *address, struct value *list)
{
	struct signer_kept kept[SIGNER_PER_ADDRESS + 1];
	struct value *one;
	int count, i;

	count = signer_find(front->store, address, arena, kept,
			    SIGNER_PER_ADDRESS + 1);
	for (i = 0; i < count; i++) {
		one = value_put_dict(arena, list, NULL);
		value_put_text(arena, one, "scheme", "openpgp");
		value_put_text(arena, one, "fingerprint",
			       kept[i].fingerprint);
		value_put_number(arena, one, "first_seen",
				 kept[i].first_seen);
		value_put_number(arena, one, "last_seen", kept[i].last_seen);
	}
	return count;
}

/* Certificates (DER) alone; keys of the other kind are gpg's to know. */
static int found_certificates(struct front *front, struct arena *arena,
			      const struct value *question,
			      struct value *answer)
{
	struct certificate_kept kept[CERTIFICATE_PER_ADDRESS];
	char print[2 * CERTIFICATE_FINGERPRINT + 1];
	struct value *list = value_put_list(arena, answer, "certificates");
	struct value *one;
	int count, i;

	count = certificate_find(front->store, value_text(question, "address"),
				 arena, kept, CERTIFICATE_PER_ADDRESS);
	for (i = 0; i < count; i++) {
		if (kept[i].der.data[0] != CERTIFICATE_DER_TAG)
			continue;
		hex_write(kept[i].fingerprint, CERTIFICATE_FINGERPRINT, print);
		one = value_put_dict(arena, list, NULL);
		value_put_text(arena, one, "fingerprint", print);
		value_put_text(arena, one, "source", kept[i].source);
		value_put_number(arena, one, "first_seen",
				 kept[i].first_seen);
		value_put_number(arena, one, "last_seen", kept[i].last_seen);
		value_put_number(arena, one, "proven", kept[i].proven);
	}
	if (count >= 0)
		count = found_signers(front, arena,
				      value_text(question, "address"), list);
	return count < 0 ? count : 0;
}

/* What is asked is known by the first key. */
static const struct {
	const char *key;
	int (*answer)(struct front *front, struct arena *arena,
		      const struct value *question, struct value *answer);
} questions[] = {
	{ "id", found_judgement },
	{ "domain", found_keys },
	{ "sum", found_replay },
	{ "address", found_certificates },
};

static int answer_send(struct front *front, uint32_t id,
		       const struct value *answer)
{
	struct frame frame = { FRAME_FOUND, id, { NULL, 0 }, { 0 }, 0 };
	struct buf wire;
	int r;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	r = value_encode(answer, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = child_tell(front, CHILD_READER, &frame);
	buf_free(&wire);
	return r;
}

bool memory_lookup(struct front *front, const struct frame *frame)
{
	struct arena *arena = arena_new(LOOKUP_ARENA);
	struct value *question = NULL, *answer = NULL;
	int r = ERR_PROTOCOL;
	size_t i;

	if (arena == NULL ||
	    value_decode(arena, frame->payload, &question) < 0)
		goto out;
	answer = value_dict(arena);
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (value_text(question, questions[i].key) != NULL)
			break;
	if (i == sizeof(questions) / sizeof(questions[0]))
		goto out;
	r = front->store == NULL ? ERR_IO :
	    questions[i].answer(front, arena, question, answer);
	if (r == ERR_PROTOCOL)
		goto out;
	if (r < 0) {
		answer = value_dict(arena);
		value_put_truth(arena, answer, "unknown", true);
	}
	r = answer_send(front, frame->id, answer);
out:
	arena_free(arena);
	return r != ERR_PROTOCOL;
}
