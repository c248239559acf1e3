/* facts_text.h - facts as a text, to be kept and read again
 *
 * A line a field, "name value", behind lines in brackets that begin a
 * finding (tests/fuzz/seeds/fuzz_facts_text has one).  Only what was found out
 * is in it; what the contacts say (known.h) is not.  facts_fields.c has the
 * tables: a field that is added to a finding is added there, or it does not
 * compile. */
#ifndef MAILSEAL_FLOW_FACTS_TEXT_H
#define MAILSEAL_FLOW_FACTS_TEXT_H

#include "agent/base/bytes.h"

struct arena;
struct facts;

#define FACTS_TEXT_MAX 16384	/* VALUE_TEXT_MAX */

/* Over FACTS_TEXT_MAX the details are left out: what the verdict does not
 * need.  NULL: it is too long even so, or the arena is full. */
const char *facts_print(struct arena *arena, const struct facts *facts);

/* Strings live in `arena`.  0; ERR_SYNTAX: another version wrote it, or
 * nobody did; ERR_LIMIT. */
int facts_parse(struct arena *arena, struct bytes text, struct facts **out);

#endif
