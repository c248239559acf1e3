/* vault.h - the keys that the keeper has, and who may use them when
 *
 * A key comes encrypted and locked; unlocking gives it its private half, and
 * locking wipes that.  It locks by itself when it was idle for too long, or
 * unlocked for too long.  Every use is counted.  Answers requests by the
 * table of verbs; time is handed in.
 * Does not do: sockets, files, passphrases. */
#ifndef MAILSEAL_KEYS_VAULT_H
#define MAILSEAL_KEYS_VAULT_H

#include <openssl/types.h>

#include "agent/keys/keyfile.h"
#include "agent/keys/operation.h"
#include "agent/keys/protocol.h"

#define VAULT_KEYS_MAX		64
#define VAULT_ALLOWED_MS	60000	/* a confirmed use is good that long */
#define VAULT_FAILURES_MAX	1000	/* that do not open, within ... */
#define VAULT_FAILURES_MS	3600000

struct vault_rules {
	int64_t idle_ms, life_ms;	/* 0: never */
	bool confirm;			/* each use */
};

struct vault_key {
	uint8_t id[KEYS_ID_SIZE];
	struct keyfile file;
	EVP_PKEY *key;			/* NULL: locked */
	unsigned usage;			/* KEYS_FOR_...; 0: not known yet */
	uint8_t rejection[OPERATION_REJECTION_SIZE];
	int64_t unlocked_at, used_at;	/* of the clock that is handed in */
	int64_t allowed_until[KEYS_FOR_OPENING + 1];	/* by usage; one use */
	int64_t failures_since;
	unsigned failures;
	/* To show: */
	uint64_t signatures, openings;
	int64_t last_use;		/* seconds since 1970; 0: never */
};

struct vault;

struct vault *vault_new(void);		/* NULL: no memory */
void vault_free(struct vault *vault);	/* wipes; NULL is allowed */
void vault_rule(struct vault *vault, const struct vault_rules *rules);
bool vault_confirms(const struct vault *vault);	/* each use */

/* Adds a locked key and takes its file over; one that is there already keeps
 * what it counted, and is locked.  0; ERR_LIMIT. */
int vault_add(struct vault *vault, const uint8_t id[KEYS_ID_SIZE],
	      struct keyfile *file);
void vault_remove(struct vault *vault, const uint8_t id[KEYS_ID_SIZE]);

/* NULL: it is not here. */
struct vault_key *vault_find(struct vault *vault,
			     const uint8_t id[KEYS_ID_SIZE]);
/* The `nth`, in no order; NULL: there are no more. */
struct vault_key *vault_nth(struct vault *vault, size_t nth);

/* Takes `private` over.  0; ERR_SYNTAX: it is another key; ERR_MEMORY. */
int vault_unlock(struct vault_key *key, EVP_PKEY *private, unsigned usage,
		 int64_t now);
void vault_lock(struct vault_key *key);
void vault_lock_all(struct vault *vault);

/* Locks what was idle or unlocked for too long; true: it did. */
bool vault_expire(struct vault *vault, int64_t now);
/* When vault_expire() has something to do; -1: never. */
int64_t vault_next(const struct vault *vault);

/* The user allowed one use, `usage` KEYS_FOR_SIGNING or KEYS_FOR_OPENING. */
void vault_allow(struct vault_key *key, unsigned usage, int64_t now);

/* Answers a request that fits.  The reply is whole, id and all. */
void vault_answer(struct vault *vault, const struct keys_request *request,
		  struct keys_reply *reply, int64_t now);

#endif
