/* prepare.h - from what a program handed over to what the queue keeps
 *
 * The first half of a submission, in the sender: whose it is, to whom it
 * goes, header and line ends put right, protected by the account's policy,
 * written into the queue's file.  Only the protected form is ever written.
 * RFC 6409 section 8 (what a submission may change), RFC 3461 (DSN), RFC 5322
 * section 3.6 (Date, From, Message-ID). */
#ifndef MAILSEAL_FLOW_PREPARE_H
#define MAILSEAL_FLOW_PREPARE_H

#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/flow/seal_plan.h"

struct arena;
struct buf;
struct memfile;

#define PREPARE_ARENA_MAX	(64 * 1024 * 1024)	/* bytes */

struct prepare_question {
	const char *sender;	/* "": as the message says; "<>": a bounce */
	struct bytes recipients;	/* a line each */
	bool read_recipients;	/* those of the header as well */
	const char *account;	/* its name; NULL: by the From address */
	const char *full_name;	/* for a From field that is missing; NULL */
	const char *require;	/* "sign", "encrypt", with a comma: how the
				 * mail is to leave at least; NULL */
	bool answers_sealed;	/* an encrypted mail: is to be encrypted too */
	const char *notify, *ret, *envelope_id;		/* DSN; NULL */
	const char *id;		/* the job's, given by the front */
	bool chosen;		/* by the client: its receipt is kept */
	int64_t created;	/* seconds since 1970 */
	uint64_t order;
	/* To sign and encrypt with; its arena and `why` are those of the
	 * mail.  NULL: nothing is sealed here. */
	struct seal_job *job;
	struct seal_places places;
	int *room;		/* an empty file for a large one, or -1; once
				 * taken over, -1.  NULL: none */
};

struct prepare_answer {
	const struct account *account;
	const char *sender;	/* "" for a bounce */
	const char *message_id;	/* NULL: it has none */
	size_t recipients;
	uint64_t size;
	const struct seal_key *signer;	/* NULL: it was not to be signed */
};

/* Writes the queue's file into `fd` (open for reading and writing, empty).
 * 0; ERR_LOCKED: the signer's key has to be unlocked first; negative: *name is
 * the error's name on the bus and `why` the sentence; nothing of `fd` is to be
 * kept then. */
int prepare_mail(struct arena *arena, const struct accounts *accounts,
		 const struct prepare_question *question,
		 const struct memfile *message, int fd,
		 struct prepare_answer *out, const char **name,
		 struct buf *why);

#endif
