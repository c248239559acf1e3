/* dkim_signature.h - one DKIM-Signature field, read strictly
 *
 * RFC 6376 section 3.5, 6.1.1; RFC 8301; RFC 8463.  ARC's two kinds of
 * signature (RFC 8617 section 4.1) are read here as well: they differ in a
 * few tags. */
#ifndef MAILSEAL_AUTH_DKIM_SIGNATURE_H
#define MAILSEAL_AUTH_DKIM_SIGNATURE_H

#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/mail/canon.h"

struct arena;
struct field;

#define DKIM_NAMES_MAX		1000	/* field names in h= */
#define DKIM_BYTES_MAX		2048	/* decoded b= */

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256, DKIM_RSA_SHA1,
		      DKIM_ALGORITHM_UNKNOWN };

/* What a field is: all tags; i= an instance, no v=; or a seal, which covers
 * no body and lists no fields. */
enum dkim_kind { DKIM_SIGNATURE, DKIM_ARC_SIGNATURE, DKIM_ARC_SEAL };

#define ARC_SETS_MAX 50		/* RFC 8617 section 4.2.1 */

/* What a seal says of the chain before it (cv=). */
enum arc_cv { ARC_CV_NONE, ARC_CV_PASS, ARC_CV_FAIL };

struct dkim_signature {
	const struct field *field;
	enum dkim_algorithm algorithm;
	const char *algorithm_text;	/* a= */
	const char *domain;		/* d=, lower case */
	const char *selector;		/* s=, lower case */
	const char *identity_domain;	/* of i=; d= without one */
	enum canon header_form, body_form;
	struct bytes *names;		/* h= */
	size_t name_count;
	struct bytes signature;		/* b=, decoded */
	struct bytes body_hash;		/* bh=, decoded */
	struct bytes b_value;		/* b= as it stands in the field */
	uint64_t length;		/* l=; CANON_NO_LIMIT */
	int64_t signed_at, expires;	/* t=, x=; -1: none */
	unsigned instance;		/* ARC: i= */
	enum arc_cv cv;			/* a seal's */
};

/* 0; or ERR_SYNTAX with *code and *text: why it cannot be used.  Domain,
 * selector and algorithm are set as far as they could be read. */
int dkim_signature_parse(struct arena *arena, enum dkim_kind kind,
			 const struct field *field,
			 struct dkim_signature *out, const char **code,
			 const char **text);

#endif
