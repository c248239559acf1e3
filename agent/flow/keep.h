/* keep.h - what a check leaves to the store (memory.h lists the keys) */
#ifndef MAILSEAL_FLOW_KEEP_H
#define MAILSEAL_FLOW_KEEP_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct facts;
struct judgement;
struct message;
struct value;

/* Whether no temporary error could have changed the verdict. */
bool keep_is_final(const struct facts *facts,
		   const struct judgement *judgement);

/* Adds "keep" to the report; nothing when the facts are too long to be
 * kept, or when the report would not fit into a frame any more. */
void keep_put(struct arena *arena, struct value *report,
	      const struct message *message, const struct facts *facts,
	      const struct judgement *judgement, const char *id,
	      int64_t arrived);

#endif
