/* errand_inside.h - what the files of the errands share */
#ifndef MAILSEAL_ROLES_FRONT_ERRAND_INSIDE_H
#define MAILSEAL_ROLES_FRONT_ERRAND_INSIDE_H

#include "agent/roles/front/errand.h"

/* NULL: it is not in hand.  Taken, it is the caller's. */
const struct errand *errand_find(const struct front *front, uint32_t id);
struct errand *errand_take(struct front *front, uint32_t id);

/* Of one that was taken; frees it. */
void errand_fail(struct front *front, struct errand *errand,
		 const char *name, const char *sentence);

#endif
