/* shown.h - what a mail client shows of a message, to know it again by
 *
 * A client that shows a stored verdict has the Message-ID alone, which anybody
 * can copy: it compares From, Subject and Date with the report's. */
#ifndef MAILSEAL_FLOW_SHOWN_H
#define MAILSEAL_FLOW_SHOWN_H

#include <stddef.h>

#include "agent/base/bytes.h"

struct arena;
struct message;

#define SHOWN_IDS_MAX	16	/* Message-IDs of one message */
#define SHOWN_ID_BYTES	998
#define SHOWN_BYTES	998	/* of a Subject, of a Date */

/* The first field of that name, encoded words decoded, white space one blank,
 * what is no character U+FFFD; cut at SHOWN_BYTES.  NULL: no such field, or
 * the arena is full. */
const char *shown_field(struct arena *arena, const struct message *message,
			const char *name);

/* Every Message-ID that some program could take for the message's, without
 * <>: all fields of that name, all "<...>" in each, or the whole value where
 * there is none.  Of more than SHOWN_IDS_MAX the first and the last ones.
 * How many. */
size_t shown_ids(struct arena *arena, const struct message *message,
		 const char *ids[SHOWN_IDS_MAX]);

/* Those of one unfolded value (References), likewise. */
size_t shown_ids_in(struct arena *arena, struct bytes value,
		    const char *ids[SHOWN_IDS_MAX]);

#endif
