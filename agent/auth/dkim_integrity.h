/* dkim_integrity.h - what a passing signature leaves open (design 7) */
#ifndef MAILSEAL_AUTH_DKIM_INTEGRITY_H
#define MAILSEAL_AUTH_DKIM_INTEGRITY_H

#include "agent/auth/dkim_signature.h"
#include "agent/verdict/finding.h"

struct dkim_input;
struct message;

/* Whether a field of that name is there, and h= covers each of them that any
 * program could see. */
bool dkim_covers(const struct message *message,
		 const struct dkim_signature *signature, const char *name);

/* Sets integrity and integrity_text; body_beyond must be set. */
void dkim_integrity(struct arena *arena, const struct dkim_input *input,
		    const struct dkim_signature *signature,
		    struct dkim_finding *finding);

#endif
