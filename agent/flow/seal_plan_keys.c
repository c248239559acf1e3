/* seal_plan_keys.c - the keys that one scheme has for a mail */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/crypto/openpgp.h"
#include "agent/flow/seal_own.h"
#include "agent/flow/seal_plan_inside.h"
#include "agent/mail/address.h"

#define SEARCH_ARENA	(16 * 1024 * 1024)	/* of one address */

/* That gpg cannot be asked is no error yet: there may be another way. */
static int own_key(struct planning *planning, struct attempt *attempt,
		   const struct own_question *question, struct seal_key *out,
		   const char **reason)
{
	int r = own_find(planning->job, question, out, reason);

	attempt->own_silent = attempt->own_silent || r == ERR_GONE;
	return r == ERR_GONE ? 0 : r;
}

static int own_keys(struct planning *planning, struct attempt *attempt)
{
	struct own_question question = {
		attempt->scheme, planning->question->author, NULL,
		OWN_TO_SIGN
	};
	const char *reason = NULL;
	int r = 0;

	if (attempt->scheme == planning->print_scheme)
		question.print = planning->print;
	if (planning->sign) {
		r = own_key(planning, attempt, &question, &attempt->signer,
			    &reason);
		attempt->has_signer = r == 1;
		attempt->own_reason = reason;
	}
	if (r < 0 || planning->encrypt == WISH_NO)
		return r < 0 ? r : 0;
	question.use = OWN_TO_READ;
	r = own_key(planning, attempt, &question, &attempt->self, &reason);
	if (r == 0 && question.print != NULL && question.address != NULL) {
		/* One that is for signing alone has a sister. */
		question.print = NULL;
		r = own_key(planning, attempt, &question, &attempt->self,
			    &reason);
	}
	attempt->has_self = r == 1;
	if (attempt->own_reason == NULL)
		attempt->own_reason = reason;
	return r < 0 ? r : 0;
}

static int key_copy(struct planning *planning, const struct seal_key *from,
		    const char *address, struct seal_key *to)
{
	struct arena *arena = planning->job->arena;

	memset(to, 0, sizeof(*to));
	to->address = address;
	to->reads = from->reads;
	if (from->fingerprint != NULL) {
		to->fingerprint = arena_text(arena,
					     bytes_of(from->fingerprint));
		if (to->fingerprint == NULL)
			return ERR_LIMIT;
	}
	if (from->blob.len > 0) {
		to->blob = arena_bytes(arena, from->blob);
		if (to->blob.data == NULL)
			return ERR_LIMIT;
	}
	return 1;
}

/* Why none is usable: of the first that has a reason. */
static const char *reason_of(struct planning *planning,
			     const struct found_key *found, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (found[i].reason != NULL)
			return arena_text(planning->job->arena,
					  bytes_of(found[i].reason));
	return NULL;
}

/* In the arena of the search; 1: copied to *key. */
static int search_with(struct planning *planning, struct seal_job *job,
		       struct attempt *attempt, const char *address,
		       struct seal_key *key, struct missing *about)
{
	const struct seal_places *places = &planning->question->places;
	struct find_kept *kept = arena_array(job->arena, FIND_KEPT_MAX,
					     sizeof(*kept));
	struct found_key *found = arena_array(job->arena, FIND_FOUND_MAX,
					      sizeof(*found));
	struct find_question question = {
		address, places->resolver != NULL ? FIND_DNS_LAST :
						    FIND_WITHOUT_DNS,
		kept, 0, attempt->scheme
	};
	struct dns_request *request = NULL;
	const struct found_key *chosen;
	int count = 0;

	if (kept == NULL || found == NULL)
		return ERR_LIMIT;
	if (places->kept != NULL)
		count = places->kept(places->ctx, job->arena, address, kept,
				     FIND_KEPT_MAX);
	if (count < 0)
		return count;
	question.kept_count = (size_t)count;
	if (places->resolver != NULL)
		request = dns_request_new(places->resolver,
					  clock_now_ms() + FIND_DNS_MS);
	count = find_keys(job, request, &question, found, FIND_FOUND_MAX);
	chosen = count <= 0 ? NULL :
		 find_chosen(found, (size_t)count, attempt->scheme);
	if (chosen != NULL)
		count = key_copy(planning, &chosen->key, address, key);
	else if (count >= 0) {
		about->reason = reason_of(planning, found, count);
		about->silent = plan_silent(planning, address, found,
					    (size_t)count);
		count = 0;
	}
	dns_request_free(request);
	return count;
}

static int search(struct planning *planning, struct attempt *attempt,
		  const char *address, struct seal_key *key,
		  struct missing *about)
{
	struct seal_job job = *planning->job;
	int r;

	job.arena = arena_new(SEARCH_ARENA);
	if (job.arena == NULL)
		return ERR_MEMORY;
	r = search_with(planning, &job, attempt, address, key, about);
	arena_free(job.arena);
	return r;
}

/* A recipient that is named by a fingerprint: the user chose the key. */
static int by_print(struct planning *planning, struct attempt *attempt,
		    const char *text, struct seal_key *key)
{
	struct seal_job *job = planning->job;
	const char *print = own_print(job->arena, text), *reason;
	struct own_question question = { attempt->scheme, NULL, print,
					 OWN_TO_READ };
	struct openpgp_key *keys;
	int count, i;

	if (print == NULL)
		return 0;
	if (attempt->scheme == &scheme_smime)
		return own_find(job, &question, key, &reason);
	keys = arena_array(job->arena, OPENPGP_FOUND_MAX, sizeof(*keys));
	if (keys == NULL)
		return ERR_LIMIT;
	count = openpgp_keys_find(job, NULL, print, OPENPGP_ANY, keys,
				  OPENPGP_FOUND_MAX);
	for (i = 0; i < count; i++)
		if (keys[i].can_encrypt && !keys[i].revoked &&
		    !keys[i].expired && !keys[i].disabled)
			return key_copy(planning, &(struct seal_key){
				.fingerprint = keys[i].owner.fingerprint,
				}, text, key);
	return count < 0 ? count : 0;
}

/* 1: found; 0: not, *about tells; ERR_*. */
static int recipient_key(struct planning *planning, struct attempt *attempt,
			 const char *address, struct seal_key *key,
			 struct missing *about)
{
	about->address = address;
	about->reason = NULL;
	about->silent = NULL;
	if (attempt->has_self && planning->question->author != NULL &&
	    address_same(address, planning->question->author)) {
		*key = attempt->self;	/* once is enough */
		key->address = address;
		return 1;
	}
	if (strchr(address, '@') == NULL)
		return by_print(planning, attempt, address, key);
	return search(planning, attempt, address, key, about);
}

int attempt_make(struct planning *planning, struct attempt *attempt)
{
	size_t count = recipient_count(planning), i;
	int r = own_keys(planning, attempt);

	if (r < 0 || planning->encrypt == WISH_NO)
		return r;
	attempt->keys = arena_array(planning->job->arena, count + 1,
				    sizeof(*attempt->keys));
	attempt->missing = arena_array(planning->job->arena, count + 1,
				       sizeof(*attempt->missing));
	if (attempt->keys == NULL || attempt->missing == NULL)
		return ERR_LIMIT;
	for (i = 0; i < count; i++) {
		if (clock_now_ms() >= planning->job->deadline)
			return ERR_TIMEOUT;
		r = recipient_key(planning, attempt,
				  recipient(planning, i), &attempt->keys[i],
				  &attempt->missing[attempt->missing_count]);
		if (r < 0)
			return r;
		if (r == 0)
			attempt->missing_count++;
	}
	return 0;
}

bool attempt_is_whole(const struct planning *planning,
		      const struct attempt *attempt)
{
	return (!planning->sign || attempt->has_signer) &&
	       (planning->encrypt == WISH_NO ||
		(attempt->has_self && attempt->missing_count == 0));
}
