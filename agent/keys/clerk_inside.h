/* clerk_inside.h - what the clerk's files share */
#ifndef MAILSEAL_KEYS_CLERK_INSIDE_H
#define MAILSEAL_KEYS_CLERK_INSIDE_H

#include <stdbool.h>

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "agent/base/bytes.h"
#include "agent/keys/keeper.h"
#include "agent/keys/pinentry.h"

struct arena;
struct frame;
struct value;

#define CLERK_FILE_MAX		(256 * 1024)
#define CLERK_CERTIFICATES_MAX	16
#define CLERK_KEYS_MAX		64

/* A job, and what it found.  `error` set: it failed. */
struct clerk_job {
	const struct keeper_answers *answers;
	uint32_t id;
	struct arena *arena;
	const struct value *args;
	const char *error, *sentence;
	/* Import: */
	unsigned char *file;		/* CLERK_FILE_MAX + 1, NUL behind it */
	size_t file_len;
	EVP_PKEY *key;
	STACK_OF(X509) *certificates;	/* never NULL */
	unsigned nth;			/* which key of the file; from 1 */
	unsigned left;			/* other keys in the file */
	int pinentry_fd;		/* -1: taken */
	struct pinentry *pinentry;
	unsigned tries;
};

/* Remembers the first error; always false. */
bool clerk_fail(struct clerk_job *job, const char *error,
		const char *sentence);

/* clerk_ask.c: asks the person for the file's passphrase; `again`: the one
 * before was wrong.  False: nobody answers, and the job failed. */
enum clerk_turn { CLERK_FIRST, CLERK_AGAIN };
bool clerk_ask(struct clerk_job *job, enum clerk_turn turn,
	       struct bytes *secret);

/* clerk_read.c: finds key and certificates in the file. */
bool clerk_read(struct clerk_job *job);

/* clerk_bags.c: how many private keys are in a file that this word opens (NULL:
 * it has none), and the nth of them, from 1, or none; NULL: it cannot be
 * read. */
unsigned clerk_bags(const PKCS12 *p12, const char *word, unsigned nth,
		    EVP_PKEY **key);

/* clerk_import.c and clerk_make.c: one frame each.  They answer. */
void clerk_import(struct clerk_job *job, struct frame *frame);
void clerk_certify(struct clerk_job *job, struct frame *frame);
void clerk_request(struct clerk_job *job, struct frame *frame);

/* clerk_facts.c: what a certificate says, as keys of `dict`. */
bool clerk_facts(struct clerk_job *job, X509 *certificate,
		 struct value *dict);
/* What its key is for by its keyUsage: KEYS_FOR_... bits. */
unsigned clerk_usage(X509 *certificate);
/* A sealed memfd of PEM; negative: no memory. */
int clerk_pem(BIO *from);

#endif
