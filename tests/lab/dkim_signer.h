/* dkim_signer.h - signs messages for tests, well or badly
 *
 * RFC 6376 and 8463 once more, with nothing shared with agent/: what the
 * verifier gets wrong in its canonical forms, this does not get wrong the
 * same way.  Everything can be set to what no signer should do. */
#ifndef MAILSEAL_TESTS_DKIM_SIGNER_H
#define MAILSEAL_TESTS_DKIM_SIGNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dkim_lab_key;

enum dkim_lab_kind { DKIM_LAB_RSA, DKIM_LAB_ED25519 };

/* Makes a new key; `bits` for RSA alone.  Aborts when OpenSSL cannot. */
struct dkim_lab_key *dkim_lab_key_new(enum dkim_lab_kind kind, unsigned bits);
void dkim_lab_key_free(struct dkim_lab_key *key);	/* NULL is allowed */

/* What p= holds, in base64; BARE: an RSAPublicKey without the algorithm
 * around it.  free() them. */
enum dkim_lab_form { DKIM_LAB_SPKI, DKIM_LAB_BARE };
char *dkim_lab_key_p(const struct dkim_lab_key *key, enum dkim_lab_form form);
/* "v=DKIM1; k=rsa; p=..." */
char *dkim_lab_key_record(const struct dkim_lab_key *key);

/* NULL and 0 are the sensible default everywhere but for `key`. */
struct dkim_sign_options {
	const struct dkim_lab_key *key;
	const char *domain;		/* d=; "example.org" */
	const char *selector;		/* s=; "lab" */
	const char *head;		/* "v=1; a=rsa-sha256", as the key is */
	const char *canon;		/* c=; "relaxed/relaxed" */
	const char *fields;		/* h=; "from:to:subject:date" */
	const char *extra;		/* more tags: "i=@example.org; t=1" */
	bool has_length;		/* with l= */
	uint64_t length;		/* canonical octets that are hashed */
	const char *length_text;	/* l= says this instead */
	bool sha1;			/* hash and sign with SHA-1 */
	const char *name;		/* the field's; "DKIM-Signature" */
	bool is_seal;			/* without c=, h= and bh= (ARC-Seal) */
};

/* The message with the field on top; its line ends (LF or CRLF) are those of
 * the message.  free() it. */
char *dkim_sign(const char *message, const struct dkim_sign_options *options);

#endif
