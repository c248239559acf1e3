/* mutt_session.h - what was told to one running Mutt already
 *
 * A Mutt is known by the environment variable MAILSEAL_MUTT, which the first
 * rules set in it; what it was told lies in a small file of the runtime
 * folder.  Without one everything is told anew each time. */
#ifndef MAILSEAL_CLI_MUTT_SESSION_H
#define MAILSEAL_CLI_MUTT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "plugins/cli/mutt_field.h"

struct mutt_session;

enum mutt_turn { MUTT_FIRST, MUTT_AGAIN };

/* MUTT_FIRST prints the setenv that names the session.  Never NULL but without
 * memory; every function takes NULL. */
struct mutt_session *mutt_session_open(enum mutt_turn turn);
void mutt_session_free(struct mutt_session *session);

/* Of the Mutt; none of ours: it has none. */
const char *mutt_session_name(const struct mutt_session *session);

/* A word that no rules of this Mutt bore before. */
const char *mutt_session_generation(const struct mutt_session *session);

/* Whether this Mutt was told what holds at that number of changes; -1: that
 * nothing is known. */
bool mutt_session_knows(const struct mutt_session *session, int64_t changes);

/* Prints what takes the colours of the rules before away. */
void mutt_session_uncolour(struct mutt_session *session);
/* That pattern was coloured now. */
void mutt_session_coloured(struct mutt_session *session, const char *pattern);

/* The filter's field that this Mutt was told of; "": none.  What was written at
 * delivery holds without an agent. */
void mutt_session_field(const struct mutt_session *session,
			char field[MUTT_FIELD_ROOM]);

/* Writes what was told. */
void mutt_session_keep(struct mutt_session *session, int64_t changes,
		       const char *field);

#endif
