/* keeper_job.c - what waits for a person: unlock, allow, make, take */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/pinentry.h"

#define TRIES_MAX	3

void job_drop(struct keeper *keeper)
{
	struct job *job = &keeper->job;

	pinentry_free(job->pinentry);
	EVP_PKEY_free(job->private);
	if (job->file >= 0)
		(void)close(job->file);
	if (job->clerk >= 0)
		(void)close(job->clerk);
	memset(job, 0, sizeof(*job));
	job->file = job->clerk = -1;
}

void job_fail(struct keeper *keeper, const char *name, const char *sentence)
{
	uint32_t id = keeper->job.id;

	job_drop(keeper);
	keeper->answers->fail(id, name, sentence);
}

static const char *text_of(const struct value *args, const char *key)
{
	return args == NULL ? NULL : value_text(args, key);
}

/* Begins a job with a question; false: it was answered already. */
static bool job_begin(struct keeper *keeper, enum job_kind kind,
		      struct frame *frame, const struct value *args,
		      enum pinentry_kind how)
{
	struct pinentry_question question;
	struct job *job = &keeper->job;

	if (job->kind != JOB_NONE) {
		keeper->answers->fail(frame->id, "Busy", "Another question "
				      "about a key waits for its answer.");
		return false;
	}
	job->kind = kind;
	job->id = frame->id;
	memset(&question, 0, sizeof(question));
	question.kind = how;
	question.title = "mailseal";
	question.description = text_of(args, "description");
	question.prompt = "Passphrase:";
	question.tty = text_of(args, "tty");
	question.term = text_of(args, "term");
	question.display = text_of(args, "display");
	job->pinentry = pinentry_start(frame_take(frame, 0), &question,
				       clock_now_ms());
	if (job->pinentry == NULL) {
		job_fail(keeper, "Failed", "out of memory");
		return false;
	}
	return true;
}

/* The key that is meant; NULL: it was answered. */
static struct vault_key *key_meant(struct keeper *keeper, struct frame *frame,
				   const struct value *args)
{
	uint8_t id[KEYS_ID_SIZE];
	struct vault_key *key = NULL;

	if (args != NULL && keeper_key_of(args, id))
		key = vault_find(keeper->vault, id);
	if (key == NULL)
		keeper->answers->fail(frame->id, "UnknownKey",
				      "There is no such key; \"mailseal keys "
				      "list\" names those that there are.");
	return key;
}

/* What a key in use is: its usage, and its public half in hex. */
static void report_key(struct keeper *keeper, uint32_t id,
		       const struct vault_key *key)
{
	make_report(keeper, id, key->key, key->id, key->usage);
}

void job_unlock(struct keeper *keeper, struct frame *frame,
		const struct value *args)
{
	struct vault_key *key = key_meant(keeper, frame, args);

	if (key == NULL)
		return;
	if (key->key != NULL) {
		key->used_at = keeper_now();
		report_key(keeper, frame->id, key);
	} else if (job_begin(keeper, JOB_UNLOCK, frame, args, PINENTRY_OLD)) {
		memcpy(keeper->job.key, key->id, KEYS_ID_SIZE);
	}
}

void job_allow(struct keeper *keeper, struct frame *frame,
	       const struct value *args)
{
	struct vault_key *key = key_meant(keeper, frame, args);
	const struct value *usage;

	if (key == NULL)
		return;
	usage = value_find(args, "usage", VALUE_NUMBER);
	if (usage == NULL || (usage->number != KEYS_FOR_SIGNING &&
			      usage->number != KEYS_FOR_OPENING))
		keeper->answers->fail(frame->id, "Failed",
				      "There is no such use of a key.");
	else if (job_begin(keeper, JOB_ALLOW, frame, args, PINENTRY_CONFIRM)) {
		memcpy(keeper->job.key, key->id, KEYS_ID_SIZE);
		keeper->job.usage = (unsigned)usage->number;
	}
}

void job_generate(struct keeper *keeper, struct frame *frame,
		  const struct value *args)
{
	const char *algorithm = text_of(args, "algorithm");
	const struct make_kind *kind = make_kind_find(algorithm == NULL ?
						      "rsa3072" : algorithm);

	if (kind == NULL) {
		keeper->answers->fail(frame->id, "InvalidOption",
				      "Keys are made of the kinds rsa3072, "
				      "rsa4096, rsa2048, p256 and p384.");
		return;
	}
	if (!job_begin(keeper, JOB_GENERATE, frame, args, PINENTRY_NEW))
		return;
	keeper->job.file = frame_take(frame, 1);
	keeper->job.usage = KEYS_FOR_SIGNING | KEYS_FOR_OPENING;
	keeper->job.algorithm = kind;
}

void job_adopt(struct keeper *keeper, struct frame *frame,
	       const struct value *args)
{
	if (!job_begin(keeper, JOB_ADOPT, frame, args, PINENTRY_NEW))
		return;
	keeper->job.file = frame_take(frame, 1);
	keeper->job.clerk = frame_take(frame, 2);
}

static void unlock_try(struct keeper *keeper)
{
	struct job *job = &keeper->job;
	struct vault_key *key = vault_find(keeper->vault, job->key);
	EVP_PKEY *private = NULL;
	unsigned usage = 0;
	char words[64];
	uint32_t id = job->id;
	int r = ERR_SYNTAX;

	if (key != NULL)
		r = keyfile_open(&key->file, pinentry_secret(job->pinentry),
				 &private, &usage);
	if (r == ERR_REFUSED && ++job->tries < TRIES_MAX) {
		(void)snprintf(words, sizeof(words), "That is not its "
			       "passphrase; try again (%u of %d).",
			       job->tries + 1, TRIES_MAX);
		pinentry_again(job->pinentry, words, clock_now_ms());
		return;
	}
	if (r == 0)
		r = vault_unlock(key, private, usage, keeper_now());
	if (r == 0) {
		job_drop(keeper);
		report_key(keeper, id, key);
	} else if (r == ERR_REFUSED) {
		job_fail(keeper, "WrongPassphrase", "Three times the "
			 "passphrase was wrong; the key stays locked.");
	} else if (r == ERR_UNSUPPORTED) {
		job_fail(keeper, "UnsupportedKey", "The key is neither RSA of "
			 "2048 to 8192 bits nor P-256 or P-384.");
	} else if (r == ERR_SYNTAX) {
		job_fail(keeper, "KeyDamaged", "The key's file is damaged, or "
			 "holds another key than its name says; put it back "
			 "from a backup.");
	} else {
		job_fail(keeper, "Failed", "There is not enough memory to "
			 "unlock the key.");
	}
}

static void allow_finish(struct keeper *keeper)
{
	struct job *job = &keeper->job;
	struct vault_key *key = vault_find(keeper->vault, job->key);
	uint32_t id = job->id;
	unsigned usage = job->usage;

	if (key == NULL || key->key == NULL) {
		job_fail(keeper, "KeyLocked", "The key was locked meanwhile.");
		return;
	}
	vault_allow(key, usage, keeper_now());
	job_drop(keeper);
	report_key(keeper, id, key);
}

static void answered(struct keeper *keeper)
{
	switch (keeper->job.kind) {
	case JOB_UNLOCK:
		unlock_try(keeper);
		break;
	case JOB_ALLOW:
		allow_finish(keeper);
		break;
	case JOB_GENERATE:
	case JOB_ADOPT:
		make_finish(keeper);
		break;
	case JOB_NONE:
	default:
		break;
	}
}

static void broken(struct keeper *keeper)
{
	const char *complaint = pinentry_complaint(keeper->job.pinentry);
	char sentence[512];

	if (complaint[0] == '\0')
		(void)snprintf(sentence, sizeof(sentence), "The pinentry "
			       "program ended without an answer; see "
			       "\"pinentry\" in mailseal-config(5).");
	else
		(void)snprintf(sentence, sizeof(sentence), "The pinentry "
			       "program could not ask: %.200s.", complaint);
	job_fail(keeper, "NoPinentry", sentence);
}

void job_work(struct keeper *keeper)
{
	struct job *job = &keeper->job;
	struct pollfd clerk = { job->clerk, POLLIN, 0 };

	/* Nobody is asked before the clerk brought a key. */
	if (job->kind == JOB_ADOPT && job->private == NULL &&
	    (poll(&clerk, 1, 0) <= 0 || !make_take(keeper)))
		return;
	switch (pinentry_work(job->pinentry, clock_now_ms())) {
	case PINENTRY_ANSWERED:
		answered(keeper);
		break;
	case PINENTRY_CANCELLED:
		job_fail(keeper, "Cancelled", "The question was cancelled.");
		break;
	case PINENTRY_TIMED_OUT:
		job_fail(keeper, "TimedOut", "Nobody answered the question in "
			 "time.");
		break;
	case PINENTRY_BROKEN:
		broken(keeper);
		break;
	case PINENTRY_ASKING:
	default:
		break;
	}
}
