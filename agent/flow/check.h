/* check.h - the journey of one incoming message: bytes in, verdict out
 *
 * A straight line in one worker thread: parse, ask everything, await, judge.
 * World and time are handed in, so that a test is a script. */
#ifndef MAILSEAL_FLOW_CHECK_H
#define MAILSEAL_FLOW_CHECK_H

#include "agent/mail/trace.h"
#include "agent/verdict/verdict.h"

struct arena;
struct contacts;
struct memfile;
struct memory;
struct value;

#define CHECK_DEADLINE_MS	8000	/* one message, design 8 */
#define CHECK_COPY_MAX		(64 * 1024 * 1024)	/* of a plain file */
#define CHECK_ARENA_MAX		(24 * 1024 * 1024)

struct world {
	const struct contacts *contacts;	/* NULL: nobody is known */
	int64_t now;				/* seconds since 1970 */
	struct verdict_policy policy;
	struct patterns relays;			/* trusted-relay */
	struct patterns authservs;		/* trusted-authserv */
	struct patterns sealers;		/* trusted-sealer */
	struct patterns own;			/* the user's addresses */
	const struct memory *memory;	/* NULL: a first look, of which
					 * nothing is left */
};

/* What the caller knows better than the message (a delivery filter does), and
 * what it wants; NULL: not said. */
struct check_options {
	const char *client_ip;
	const char *helo;
	const char *mail_from;
	const char *explain;		/* anything: the report tells every
					 * step */
	const char *destinations;	/* anything: so it does, and foreign
					 * destinations of DMARC reports are
					 * asked for their consent; they hear
					 * of it */
};

/* The options of Incoming1.Check, as Features lists them. */
extern const char *const check_option_names[];	/* NULL at the end */

/* Always leaves a report (the dictionary of design 5) but when the arena is
 * full: ERR_LIMIT. */
int check_message(struct arena *arena, const struct memfile *file,
		  const struct check_options *options,
		  const struct world *world, struct dns_request *request,
		  struct value **report);

/* The report for what could not be read, with the reason. */
int check_unreadable(struct arena *arena, const char *why,
		     struct value **report);

#endif
