/* protocol.c - the table of verbs, and what fits it */
#include "agent/keys/protocol.h"

#include <string.h>

/* Which schemes a verb has, and what comes with each. */
static const struct shape {
	uint8_t verb;
	uint8_t scheme;
	uint8_t old_hash;	/* 1: SHA-1 is allowed, to read older mail */
	uint8_t mask;		/* 1: a hash for MGF1 comes along */
	uint16_t len_min, len_max;	/* 0 and 0: as long as the hash */
	uint16_t more_max;
	uint16_t want_max;	/* 0: nothing is wanted; else at least 1 */
} shapes[] = {
	{ KEYS_STATE, KEYS_SCHEME_NONE, 0, 0, 0, 0, 0, 0 },
	{ KEYS_SIGN, KEYS_RSA_PKCS1, 0, 0, 0, 0, 0, 0 },
	{ KEYS_SIGN, KEYS_RSA_PSS, 0, 0, 0, 0, 0, 0 },
	{ KEYS_SIGN, KEYS_ECDSA, 0, 0, 0, 0, 0, 0 },
	{ KEYS_UNWRAP, KEYS_RSA_PKCS1, 0, 0, 256, KEYS_DATA_MAX, 0,
	  KEYS_SECRET_MAX },
	{ KEYS_UNWRAP, KEYS_RSA_OAEP, 1, 1, 256, KEYS_DATA_MAX, 0, 0 },
	{ KEYS_DERIVE, KEYS_ECDH_X963, 1, 0, 65, KEYS_POINT_MAX,
	  KEYS_SHARED_MAX, KEYS_SECRET_MAX },
};

static const struct {
	const char *name;
	size_t size;
} hashes[] = {
	{ "none", 0 }, { "SHA-256", 32 }, { "SHA-384", 48 },
	{ "SHA-512", 64 }, { "SHA-1", 20 },
};
_Static_assert(sizeof(hashes) / sizeof(hashes[0]) == KEYS_SHA1 + 1,
	       "a hash has no size");

static const char *const sentences[] = {
	"done",
	"the key is locked; unlock it with \"mailseal keys unlock\"",
	"the key's use has to be confirmed",
	"the keeper does not have this key",
	"the key is not for this: its certificate says what it may do",
	"the key cannot do this",
	"what was to be opened does not open with this key",
	"too much failed with this key within the hour; try again later",
	"the keeper is not there",
};
_Static_assert(sizeof(sentences) / sizeof(sentences[0]) == KEYS_GONE + 1,
	       "an answer has no sentence");

size_t keys_hash_size(unsigned hash)
{
	if (hash >= sizeof(hashes) / sizeof(hashes[0]))
		return 0;
	return hashes[hash].size;
}

static bool hash_allowed(const struct shape *shape, uint8_t hash)
{
	return keys_hash_size(hash) > 0 &&
	       (hash != KEYS_SHA1 || shape->old_hash == 1);
}

/* PKCS #1 1.5 unwraps without a hash, KEYS_STATE asks without one. */
static bool without_hash(const struct shape *shape)
{
	return shape->verb == KEYS_STATE ||
	       (shape->verb == KEYS_UNWRAP && shape->scheme == KEYS_RSA_PKCS1);
}

static bool shape_fits(const struct shape *shape,
		       const struct keys_request *request)
{
	size_t min = shape->len_min, max = shape->len_max;

	if (without_hash(shape) ? request->hash != KEYS_HASH_NONE :
				  !hash_allowed(shape, request->hash))
		return false;
	if (shape->mask == 1 ? !hash_allowed(shape, request->mask_hash) :
			       request->mask_hash != KEYS_HASH_NONE)
		return false;
	if (max == 0)
		min = max = keys_hash_size(request->hash);
	if (request->len < min || request->len > max ||
	    request->more > shape->more_max)
		return false;
	return shape->want_max == 0 ? request->want == 0 :
	       request->want >= 1 && request->want <= shape->want_max;
}

bool keys_request_fits(const void *bytes, size_t len)
{
	struct keys_request request;
	size_t i;

	if (len != sizeof(request))
		return false;
	memcpy(&request, bytes, offsetof(struct keys_request, data));
	if (request.version != KEYS_VERSION || request.zero != 0)
		return false;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].verb == request.verb &&
		    shapes[i].scheme == request.scheme)
			return shape_fits(&shapes[i], &request);
	return false;
}

bool keys_reply_fits(const void *bytes, size_t len)
{
	struct keys_reply reply;

	if (len != sizeof(reply))
		return false;
	memcpy(&reply, bytes, offsetof(struct keys_reply, data));
	if (reply.version != KEYS_VERSION || reply.answer >= KEYS_GONE ||
	    reply.zero[0] != 0 || reply.zero[1] != 0 || reply.zero[2] != 0)
		return false;
	if ((reply.usage & ~(KEYS_FOR_SIGNING | KEYS_FOR_OPENING)) != 0 ||
	    reply.unlocked > 1 || reply.len > KEYS_DATA_MAX)
		return false;
	return reply.len == 0 || reply.answer == KEYS_DONE;
}

const char *keys_answer_sentence(enum keys_answer answer)
{
	if ((unsigned)answer >= sizeof(sentences) / sizeof(sentences[0]))
		return "an unknown answer";
	return sentences[answer];
}
