/* publish.h - the records by which others find the user's own keys
 *
 * OPENPGPKEY (RFC 7929) and SMIMEA (RFC 8162), as text to paste into a zone:
 * in their own syntax, and in the one that every name server takes. */
#ifndef MAILSEAL_FLOW_PUBLISH_H
#define MAILSEAL_FLOW_PUBLISH_H

#include <openssl/types.h>

#include "agent/crypto/scheme.h"

struct value;

/* Adds to `list` a dictionary for each record of the key with which that
 * address signs and opens: type, owner, scheme, fingerprint, record, generic.
 * How many; 0: there is no such key; ERR_* with a sentence in job->why. */
int publish_openpgp(struct seal_job *job, const char *address,
		    struct value *list);

/* The same for those of the user's own certificates that have this address
 * and are valid now. */
int publish_smime(struct seal_job *job, const char *address,
		  X509 *const *own, size_t count, struct value *list);

#endif
