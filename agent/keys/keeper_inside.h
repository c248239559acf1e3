/* keeper_inside.h - what the keeper's files share */
#ifndef MAILSEAL_KEYS_KEEPER_INSIDE_H
#define MAILSEAL_KEYS_KEEPER_INSIDE_H

#include <stdbool.h>

#include <openssl/types.h>

#include "agent/keys/keeper.h"
#include "agent/keys/protocol.h"
#include "agent/keys/vault.h"

#define KEEPER_ASKERS_MAX	8
#define KEEPER_HEX_SIZE		(2 * KEYS_ID_SIZE + 1)

struct frame;
struct pinentry;
struct value;

enum job_kind { JOB_NONE, JOB_UNLOCK, JOB_ALLOW, JOB_GENERATE, JOB_ADOPT };

/* The one thing that waits for a person. */
struct job {
	enum job_kind kind;
	uint32_t id;			/* of the front's request */
	struct pinentry *pinentry;	/* NULL: none */
	uint8_t key[KEYS_ID_SIZE];	/* JOB_UNLOCK, JOB_ALLOW */
	unsigned usage;
	unsigned tries;
	const struct make_kind *algorithm;	/* JOB_GENERATE */
	EVP_PKEY *private;		/* JOB_ADOPT, when it came */
	int file;			/* of the new key; -1 */
	int clerk;			/* who brings it; -1 */
};

struct keeper {
	const struct keeper_answers *answers;
	struct vault *vault;
	int askers[KEEPER_ASKERS_MAX];	/* -1: free */
	struct job job;
	void *room;			/* CHANNEL_FRAME_MAX */
};

/* The vault's clock: sleep counts. */
int64_t keeper_now(void);

/* --- keeper_verbs.c: one frame of the front.  Negative: it broke the
 * rules. */
int keeper_serve(struct keeper *keeper, struct frame *frame);

/* --- keeper_job.c: each takes the descriptors it needs out of the frame. */
void job_unlock(struct keeper *keeper, struct frame *frame,
		const struct value *args);
void job_allow(struct keeper *keeper, struct frame *frame,
	       const struct value *args);
void job_generate(struct keeper *keeper, struct frame *frame,
		  const struct value *args);
void job_adopt(struct keeper *keeper, struct frame *frame,
	       const struct value *args);
/* The pinentry, or the clerk, has something to say. */
void job_work(struct keeper *keeper);
/* Forgets it, unanswered. */
void job_drop(struct keeper *keeper);
void job_fail(struct keeper *keeper, const char *name, const char *sentence);
/* The usage of a key as the words that the front knows. */
bool keeper_key_of(const struct value *args, uint8_t key[KEYS_ID_SIZE]);
void keeper_hex(const uint8_t *bytes, size_t len, char *to);

/* --- keeper_make.c */
/* A kind of key that is made here, by its name; NULL: it is none. */
const struct make_kind *make_kind_find(const char *name);
/* With the new passphrase in hand. */
void make_finish(struct keeper *keeper);
/* REPORT of a key: `key`, `usage`, and `public`, all that is not secret. */
void make_report(struct keeper *keeper, uint32_t id, EVP_PKEY *key,
		 const uint8_t *name, unsigned usage);
/* Reads what the clerk brings; false: no key, and it was answered. */
bool make_take(struct keeper *keeper);

#endif
