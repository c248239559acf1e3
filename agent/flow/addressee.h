/* addressee.h - was this message meant for the user at all?
 *
 * A message that was signed for others can be sent to anybody (a replay, RFC
 * 6376 section 8.6): its signature holds, and only To and Cc tell.  So do
 * hidden copies and lists; it is a remark, no alarm. */
#ifndef MAILSEAL_FLOW_ADDRESSEE_H
#define MAILSEAL_FLOW_ADDRESSEE_H

#include <stdbool.h>

struct arena;
struct facts;
struct message;
struct patterns;

/* True: none of the user's addresses (`own`, as configured; a "+detail" in
 * the local part is no difference) stands in To, Cc or their Resent- kin, all
 * of which can be read, and no list sent it.  False where nothing is
 * configured. */
bool addressee_is_other(struct arena *arena, const struct message *message,
			const struct patterns *own);

/* The domain of somebody in the fields of that name, other than the user,
 * through whom the message came as it is here: a signature of that domain
 * holds, or its server sent it.  NULL: nobody. */
const char *addressee_through(struct arena *arena,
			      const struct message *message, const char *name,
			      const struct patterns *own,
			      const struct facts *facts);

#endif
