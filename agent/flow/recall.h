/* recall.h - the report of a message judged before
 *
 * What was found out then, the contacts and the settings of today: the
 * verdict is made anew, nothing is asked. */
#ifndef MAILSEAL_FLOW_RECALL_H
#define MAILSEAL_FLOW_RECALL_H

#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/flow/report.h"

struct arena;
struct value;
struct world;

/* `judged`: when; seconds since 1970.  0; ERR_SYNTAX: the facts are of
 * another version of mailseal, the message is to be judged anew; ERR_LIMIT. */
int recall_report(struct arena *arena, struct bytes facts, const char *id,
		  int64_t judged, const struct world *world,
		  enum report_detail detail, struct value **report);

#endif
