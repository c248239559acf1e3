/* report.h - facts and judgement as the dictionary of design 5 */
#ifndef MAILSEAL_FLOW_REPORT_H
#define MAILSEAL_FLOW_REPORT_H

struct arena;
struct facts;
struct judgement;
struct value;

/* NULL: the arena is full.  `id` NULL: it could not be told. */
struct value *report_make(struct arena *arena, const struct facts *facts,
			  const struct judgement *judgement, const char *id);

#endif
