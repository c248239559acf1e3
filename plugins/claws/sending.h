/* sending.h - what happens between "Send" and the server
 *
 * Claws Mail asks whether a message may go, and wants to know at once.  So the
 * first answer is no, in silence; what has to be found out is asked for, and
 * then Claws Mail is told to send the message again.  For its server
 * (server.h) and for its seal (seal.h). */
#ifndef PLUGINS_CLAWS_SENDING_H
#define PLUGINS_CLAWS_SENDING_H

#include <glib.h>

struct agent;
struct seal;
struct sending;
struct servers;
struct settings;

/* All must outlive it. */
struct sending *sending_new(const struct settings *settings,
			    struct servers *servers, struct agent *agent);

/* What waits is not sent.  NULL is allowed. */
void sending_free(struct sending *sending);

/* For the privacy systems; it ends with `sending`. */
struct seal *sending_seal(struct sending *sending);

#endif
