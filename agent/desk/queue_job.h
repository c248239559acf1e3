/* queue_job.h - what a queued submission is: a page of text
 *
 * Written once, by the sender, behind the mail that it describes; read again
 * by front and sender at every attempt.  Lines of "word rest":
 *
 *	mailseal-job 1
 *	id 5f3c...
 *	account work
 *	created 1700000000		seconds since 1970
 *	order 17			of its account's jobs
 *	message-id <...>		for people; may be missing
 *	notify FAILURE,DELAY		DSN, as ret, envelope-id; or missing
 *	chosen				the id is a client's: receipt kept
 *	require-tls
 *	signed				how the mail leaves, and with which
 *	encrypted			scheme it was sealed here; or missing
 *	scheme smime
 *	remark not-encrypted There ...	what was wished for and not done
 *	envelope 0 4711 8bit utf8	where its mail is, and what it needs
 *					(8bit, utf8, utf8-header)
 *	sender alice@example.org	empty for a bounce
 *	to bob@example.org
 *	learn Bob			makes that one known once the server
 *					took the mail; what stands beside the
 *					address in it, empty for nothing
 *	end
 *
 * At least one envelope, at least one recipient in each.  Texts hold no
 * control characters. */
#ifndef MAILSEAL_DESK_QUEUE_JOB_H
#define MAILSEAL_DESK_QUEUE_JOB_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define QUEUE_ID_MIN		8	/* characters */
#define QUEUE_ID_MAX		64
#define QUEUE_TEXT_MAX		(4 * 1024 * 1024)	/* bytes of a job */
#define QUEUE_RECIPIENTS_MAX	10000	/* of all envelopes */
#define QUEUE_ENVELOPES_MAX	1000
#define QUEUE_REMARKS_MAX	8
#define QUEUE_REMARK_MAX	900	/* bytes of one's text */

struct arena;
struct buf;

struct queue_recipient {
	const char *address;
	size_t envelope;		/* which one */
	const char *learn;		/* what stands beside it, "": nothing;
					 * NULL: not to be learned */
};

struct queue_envelope {
	const char *sender;		/* "" for a bounce */
	uint64_t offset, size;		/* in the file's mail */
	bool eight_bit, utf8, utf8_header;	/* as in smtp/mail.h */
	size_t first, count;		/* of queue_job::recipients */
};

struct queue_remark {
	const char *code, *text;
};

struct queue_job {
	const char *id, *account;
	int64_t created;
	uint64_t order;
	const char *message_id, *notify, *ret, *envelope_id;	/* or NULL */
	bool chosen, require_tls;
	bool is_signed, is_encrypted;
	const char *scheme;		/* sealed here; NULL: it was not */
	struct queue_remark remarks[QUEUE_REMARKS_MAX];
	size_t remark_count;
	struct queue_envelope *envelopes;
	size_t envelope_count;
	struct queue_recipient *recipients;
	size_t recipient_count;
};

/* Letters, digits, "-", "_" and "."; none in front; not too long or short. */
bool queue_id_is_valid(const char *id);

/* 0; ERR_LIMIT; ERR_SYNTAX: a text with control characters, no envelope, an
 * envelope without recipients. */
int queue_job_print(const struct queue_job *job, struct buf *to);

/* The other way round, strictly; everything lives in `arena`.  `mail_size`:
 * of all mail; envelopes that reach beyond are ERR_SYNTAX. */
int queue_job_parse(struct arena *arena, struct bytes text, uint64_t mail_size,
		    struct queue_job *out);

#endif
