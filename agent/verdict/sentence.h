/* sentence.h - reason codes and the sentences that go with them */
#ifndef MAILSEAL_VERDICT_SENTENCE_H
#define MAILSEAL_VERDICT_SENTENCE_H

struct arena;
struct dkim_finding;
struct facts;
struct judgement;

extern const char *const sentence_codes[];	/* NULL at the end */

/* The deciding reason: what was found and what the reader can do. */
void sentence_decide(struct arena *arena, const struct facts *facts,
		     const char *code, struct judgement *out);

/* Everything else worth knowing, up to REASONS_MAX. */
void sentence_remark(struct arena *arena, const struct facts *facts,
		     const struct dkim_finding *best, struct judgement *out);

#endif
