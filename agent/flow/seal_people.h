/* seal_people.h - whose mail it is, and who gets it, before it is sealed
 *
 * Out of the header and out of what the caller said.  Whom the caller names
 * and neither To nor Cc does is a hidden recipient.
 * Does not do: choose an account, find keys. */
#ifndef MAILSEAL_FLOW_SEAL_PEOPLE_H
#define MAILSEAL_FLOW_SEAL_PEOPLE_H

#include "agent/crypto/scheme.h"
#include "agent/flow/outgoing.h"

struct memfile;

struct seal_people {
	const char *author;		/* in normal form; NULL: not known */
	struct outgoing_list shown, hidden;
	const char *error;		/* its name on the bus, if it failed */
};

/* `given`: recipients, a line each; empty: those of the header.  `sender`: an
 * address; NULL: From.  `message` holds OUTGOING_HEADER_MAX bytes, or all. 0;
 * ERR_* with a sentence in job->why. */
int seal_people_of_message(struct seal_job *job,
			   const struct memfile *message, struct bytes given,
			   const char *sender, struct seal_people *out);

/* The same of an entity, which names nobody; a recipient may be named by the
 * fingerprint of the key. */
int seal_people_of_entity(struct seal_job *job, struct bytes given,
			  const char *sender, struct seal_people *out);

#endif
