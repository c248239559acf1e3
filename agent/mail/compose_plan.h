/* compose_plan.h - the pieces of an entity, one behind the other */
#ifndef MAILSEAL_MAIL_COMPOSE_PLAN_H
#define MAILSEAL_MAIL_COMPOSE_PLAN_H

#include <stdint.h>

#include "agent/mail/compose.h"
#include "agent/mail/mime_code.h"

/* `text` where it has bytes, else the message's from..to through two steps. */
struct compose_piece {
	struct bytes text;
	uint64_t from, to;
	enum mime_step in, out;
	struct compose_piece *next;	/* the plan's */
};

struct compose_plan {
	struct compose_piece *first, *last;
};

#endif
