/* dkim.h - does a signature of the domain cover this message?
 *
 * RFC 6376 read strictly, with RFC 8301 (no SHA-1, RSA of 1024 bits at
 * least) and RFC 8463 (Ed25519).  Signatures of the author domain come first;
 * at most DKIM_SIGNATURES_MAX are verified.
 * Does not do: decide what a pass is worth (dmarc.h, verdict.h). */
#ifndef MAILSEAL_AUTH_DKIM_H
#define MAILSEAL_AUTH_DKIM_H

#include "agent/verdict/finding.h"

struct arena;
struct dkim_archive;
struct message;

/* Hands out the body in pieces, so that one of any size can be hashed.
 * 1: a piece; 0: the end; negative: an error, which makes every signature a
 * temporary error.  A piece is good until the next call.  `offset` is what
 * was taken so far. */
struct dkim_body {
	int (*next)(void *ctx, uint64_t offset, struct bytes *piece);
	void *ctx;
	uint64_t size;			/* of all of it */
};

struct dkim_input {
	const struct message *message;
	struct dkim_body body;		/* next NULL: message->body */
	const char *author_domain;	/* A-labels; NULL: there is none */
	int64_t arrived;		/* x= is compared with this time */
	int64_t now;			/* t= in the future, against this */
	const struct dkim_archive *archive;	/* for keys that are gone;
						 * NULL: there is none */
};

struct dkim_check;

/* Reads the signatures and asks for their keys.  NULL: the arena is full. */
struct dkim_check *dkim_start(struct arena *arena,
			      struct dns_request *request,
			      const struct dkim_input *input);

/* The domains of readable signatures, for DMARC to ask about early. */
size_t dkim_domains(const struct dkim_check *check, const char **domains,
		    size_t room);

/* Whether the signature of that finding covers every field of that name, and
 * there is one. */
bool dkim_signature_covers(const struct dkim_check *check, size_t finding,
			   const char *name);

/* Awaits the keys and verifies.  `aligned` is left false. */
void dkim_finish(struct dkim_check *check, struct dkim_findings *out);

/* Loads what OpenSSL loads late; once, before a cage. */
void dkim_prepare(void);

#endif
