/* open.h - the journey of a message that may be signed or encrypted
 *
 * RFC 9787: only the outermost cryptographic envelope counts: the layers from
 * the root of the message on, one directly within the other, and nothing
 * beside them.  Signed or encrypted parts elsewhere are listed, and opened
 * only when asked for by number.  What was signed, what was encrypted, by
 * whom, whether that is the one author, and whether that holds for the whole
 * message is told in fixed words (mailseal-bus(7)).
 * What comes out lies in a spool until the last check has passed, and what
 * fails a check never leaves it.  Constant memory for any size.
 * Does not do: judge the sender (check.h does), look anything up. */
#ifndef MAILSEAL_FLOW_OPEN_H
#define MAILSEAL_FLOW_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/base/spool.h"
#include "agent/crypto/scheme.h"

struct memfile;
struct open_memory;
struct value;

#define OPEN_LAYERS_MAX	8	/* one within the other */
#define OPEN_FILES_MAX	3	/* for what does not fit into memory */
#define OPEN_PIECES_MAX	4
#define OPEN_PARTS_MAX	32	/* errant ones that are listed */

enum open_whole { OPEN_MESSAGE, OPEN_ENTITY };
enum open_force {
	OPEN_CHECKED,		/* nothing leaves that failed a check */
	OPEN_FORCED		/* nor is what failed its signature's check
				 * kept back; what failed to decrypt is */
};

struct open_order {
	const struct scheme *const *schemes;	/* NULL at the end */
	enum open_whole whole;
	const char *part;	/* "1.2": this part of what is inside, and it
				 * alone; NULL: the message */
	enum open_force force;
	const char *message_id;	/* of the message that an entity is of, as
				 * answers_id() makes it; NULL: not known */
	const struct open_memory *memory;	/* open_known.h; NULL: nobody
						 * was ever seen, and nothing
						 * is learned */
	int files[OPEN_FILES_MAX];	/* unlinked, empty, for spools; -1.
					 * Taken over in order; what is left
					 * open_order_close() closes */
};

void open_order_start(struct open_order *order);
void open_order_close(struct open_order *order);

struct open_result {
	struct value *report;		/* complete but for the verdict */
	struct spool *content;		/* NULL: nothing may leave */
	struct spool_piece pieces[OPEN_PIECES_MAX];
	size_t piece_count;
};

/* Opens it.  `message` holds a header's worth of it, and outlives *out.  0,
 * whatever was found; ERR_* with a sentence in job->why: ours. */
int open_message(struct seal_job *job, const struct memfile *message,
		 struct open_order *order, struct open_result *out);
void open_result_free(struct open_result *result);

#endif
