/* openpgp_inside.h - how the files of OpenPGP ask gpg */
#ifndef MAILSEAL_CRYPTO_OPENPGP_INSIDE_H
#define MAILSEAL_CRYPTO_OPENPGP_INSIDE_H

#include "agent/crypto/openpgp_talk.h"

struct seal_job;
struct value;

/* A request of the job, with nothing to read or write. */
struct openpgp_ask openpgp_ask_of(const struct seal_job *job,
				  enum channel_type type);
/* A dictionary that says where the user is. */
struct value *openpgp_request(struct seal_job *job);

/* 0: ask->report is there.  ERR_REFUSED: gpg could not, by ask->failure;
 * else what openpgp_ask() answers. The sentence is in job->why. */
int openpgp_ask_run(struct seal_job *job, struct openpgp_ask *ask);
/* The same of one that was asked in steps, which answered `r`. */
int openpgp_ask_said(struct seal_job *job, const struct openpgp_ask *ask,
		     int r);

#endif
