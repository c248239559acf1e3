/* vault_answer.c - the table of verbs, and who may use a key
 *
 * Every request ends in one row; anything else was hung up on before. */
#include "agent/base/clock.h"
#include "agent/keys/vault.h"

void vault_allow(struct vault_key *key, unsigned usage, int64_t now)
{
	if (usage == KEYS_FOR_SIGNING || usage == KEYS_FOR_OPENING)
		key->allowed_until[usage] = now + VAULT_ALLOWED_MS;
}

/* Takes the one use that the user allowed. */
static bool allowed_take(const struct vault *vault, struct vault_key *key,
			 unsigned usage, int64_t now)
{
	bool allowed = !vault_confirms(vault) ||
		       now < key->allowed_until[usage];

	key->allowed_until[usage] = 0;
	return allowed;
}

static bool too_many_failures(struct vault_key *key, int64_t now)
{
	if (now - key->failures_since >= VAULT_FAILURES_MS) {
		key->failures_since = now;
		key->failures = 0;
	}
	return key->failures >= VAULT_FAILURES_MAX;
}

static enum keys_answer answer_state(struct vault_key *key,
				     const struct keys_request *request,
				     struct keys_reply *reply)
{
	(void)request;
	reply->usage = (uint8_t)key->usage;
	reply->unlocked = key->key != NULL;
	return KEYS_DONE;
}

static enum keys_answer answer_sign(struct vault_key *key,
				    const struct keys_request *request,
				    struct keys_reply *reply)
{
	key->signatures++;
	return operation_sign(key->key, request, reply);
}

static enum keys_answer answer_unwrap(struct vault_key *key,
				      const struct keys_request *request,
				      struct keys_reply *reply)
{
	enum keys_answer answer;
	unsigned bad;

	key->openings++;
	answer = operation_unwrap(key->key, key->rejection, request, reply,
				  &bad);
	key->failures += bad;
	return answer;
}

static enum keys_answer answer_derive(struct vault_key *key,
				      const struct keys_request *request,
				      struct keys_reply *reply)
{
	enum keys_answer answer;

	key->openings++;
	answer = operation_derive(key->key, request, reply);
	if (answer == KEYS_FAILED)
		key->failures++;
	return answer;
}

static const struct verb {
	enum keys_verb verb;
	unsigned usage;			/* that the key must have; 0: any */
	enum keys_answer (*answer)(struct vault_key *key,
				   const struct keys_request *request,
				   struct keys_reply *reply);
} verbs[] = {
	{ KEYS_STATE, 0, answer_state },
	{ KEYS_SIGN, KEYS_FOR_SIGNING, answer_sign },
	{ KEYS_UNWRAP, KEYS_FOR_OPENING, answer_unwrap },
	{ KEYS_DERIVE, KEYS_FOR_OPENING, answer_derive },
};

static enum keys_answer may_use(const struct vault *vault,
				struct vault_key *key, unsigned usage,
				int64_t now)
{
	if (key->usage != 0 && (key->usage & usage) == 0)
		return KEYS_WRONG_USE;
	if (key->key == NULL)
		return KEYS_LOCKED;
	if ((key->usage & usage) == 0)
		return KEYS_WRONG_USE;
	if (too_many_failures(key, now))
		return KEYS_REFUSED;
	if (!allowed_take(vault, key, usage, now))
		return KEYS_CONFIRM;
	key->used_at = now;
	key->last_use = clock_wall();
	return KEYS_DONE;
}

void vault_answer(struct vault *vault, const struct keys_request *request,
		  struct keys_reply *reply, int64_t now)
{
	struct vault_key *key;
	enum keys_answer answer = KEYS_UNSUPPORTED;
	size_t i;

	memset(reply, 0, sizeof(*reply));
	reply->version = KEYS_VERSION;
	reply->id = request->id;
	(void)vault_expire(vault, now);
	key = vault_find(vault, request->key);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (verbs[i].verb != request->verb)
			continue;
		answer = key == NULL ? KEYS_UNKNOWN : KEYS_DONE;
		if (answer == KEYS_DONE && verbs[i].usage != 0)
			answer = may_use(vault, key, verbs[i].usage, now);
		if (answer == KEYS_DONE)
			answer = verbs[i].answer(key, request, reply);
	}
	reply->answer = (uint8_t)answer;
	if (answer != KEYS_DONE)
		reply->len = 0;
}
