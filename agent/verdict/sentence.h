/* sentence.h - reason codes and the sentences that go with them */
#ifndef MAILSEAL_VERDICT_SENTENCE_H
#define MAILSEAL_VERDICT_SENTENCE_H

#include <stdbool.h>

struct arena;
struct dkim_finding;
struct facts;
struct judgement;
struct verdict_policy;

extern const char *const sentence_codes[];	/* NULL at the end */

/* Whether the code is one of sentence_codes; NULL is none. */
bool sentence_knows(const char *code);

/* The sentence of a row of the table: what was found and what the reader can
 * do.  `best`: the aligned passing signature that covers most, or NULL.  Never
 * NULL. */
const char *sentence_tell(struct arena *arena, const struct facts *facts,
			  const struct dkim_finding *best, const char *code);

/* remark.c: behind the deciding reason, why a proved sender's name stays
 * hidden, and everything else worth knowing, up to REASONS_MAX. */
void sentence_remark(struct arena *arena, const struct facts *facts,
		     const struct verdict_policy *policy,
		     const struct dkim_finding *best, struct judgement *out);

/* A reason without text or over REASONS_MAX is left out. */
void sentence_add(struct judgement *out, const char *code, const char *text);
bool sentence_has(const struct judgement *out, const char *code);

/* Text of a stranger's, harmless inside a sentence; never NULL. */
const char *sentence_safe(struct arena *arena, const char *text);

#endif
