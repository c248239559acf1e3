/* entity.h - a signature beside what it signs, for clients that cut mail up
 *
 * Mutt's and Claws Mail's own crypto menus hand over an entity and its
 * signature as two files.  The signature may come as the scheme made it (DER,
 * armor), in base64, or as the part that it stood in.
 * Does not do: say who the author of a message is: covers is always part. */
#ifndef MAILSEAL_FLOW_ENTITY_H
#define MAILSEAL_FLOW_ENTITY_H

#include "agent/crypto/scheme.h"

struct memfile;
struct value;

/* `scheme`: its word; NULL: by what the signature looks like.  *report has the
 * keys of a message that was opened, as far as they apply.  0; ERR_* with a
 * sentence in job->why. */
int entity_verify(struct seal_job *job, const struct scheme *const *schemes,
		  const char *scheme, const struct memfile *entity,
		  const struct memfile *signature, struct value **report);

#endif
