/* protect.h - the journey of a message that is to be signed or encrypted
 *
 * Header fields sorted (RFC 9788), the body made an entity (RFC 8551 section
 * 3.1) and read: for the signature and for what goes out, multipart/signed
 * (RFC 1847) or encrypted with the signature inside.
 * Constant memory for any size.
 * Does not do: find keys, decide what is to be done, deliver. */
#ifndef MAILSEAL_FLOW_PROTECT_H
#define MAILSEAL_FLOW_PROTECT_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/crypto/scheme.h"

struct memfile;
struct protect_signature;
struct mime_part;
struct range;
struct sink;
struct spool;
struct value;

enum protect_headers { PROTECT_HEADERS, PROTECT_NO_HEADERS };
/* An encrypted entity with MIME around it, or the scheme's object alone. */
enum protect_form { PROTECT_PART, PROTECT_OBJECT };

struct protect_order {
	const struct scheme *scheme;
	const struct seal_key *signer;	/* NULL: not signed */
	const struct seal_key *recipients;
	size_t recipient_count;		/* 0: not encrypted */
	enum protect_headers headers;
	enum protect_form form;		/* of an entity */
	/* For several orders of one message and signer: the first makes the
	 * signature, the others take it, so that its key is asked once.  NULL:
	 * there is one order. */
	struct protect_signature **once;
};

/* Protects the message (a whole one, or its first part in memory) into `out`,
 * which is then to be released. *report: "scheme", "signed", "encrypted",
 * "signer", "algorithm" (micalg's word), "recipients", "header_protection",
 * "size".  0; ERR_* with a sentence in job->why: ERR_NOT_MAIL, ERR_REFUSED
 * (sealed already; or what the scheme said), ERR_LOCKED, ERR_LIMIT, ERR_IO (it
 * changed meanwhile). */
int protect_message(struct seal_job *job, const struct memfile *message,
		    const struct protect_order *order, struct spool *out,
		    struct value **report);

/* The same of what the role itself put together, to wherever it goes; what was
 * written counts only when it answered 0. */
int protect_range(struct seal_job *job, const struct range *message,
		  const struct protect_order *order, const struct sink *out,
		  struct value **report);

/* The same for an entity: its header is its own, and no field is added. */
int protect_entity(struct seal_job *job, const struct memfile *entity,
		   const struct protect_order *order, struct spool *out,
		   struct value **report);

#endif
