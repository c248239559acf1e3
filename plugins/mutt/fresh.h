/* fresh.h - the file by which a running Mutt knows that nothing changed
 *
 * Mutt sources it before it shows a message.  As long as what `mailseal
 * mutt-rules` told last holds, it is the agent's empty file
 * (agent/roles/front/fresh.c) by another name; else it has the line that asks
 * anew.  `name` is that of the Mutt, from $MAILSEAL_MUTT; NULL and others than
 * ours: nothing is done. */
#ifndef MAILSEAL_MUTT_FRESH_H
#define MAILSEAL_MUTT_FRESH_H

#include <stdbool.h>
#include <stddef.h>

#define FRESH_NAME	16		/* hexadecimal digits */
#define FRESH_FOLDER	"mailseal"	/* of the runtime folder */
#define FRESH_PATH	640

enum fresh_agent { FRESH_ANSWERS, FRESH_SILENT };

bool fresh_is_name(const char *name);

/* A file of that Mutt's own; false: there is no such name, or no folder. */
bool fresh_file(const char *name, const char *tail, char out[FRESH_PATH]);

/* Where it is; false: nowhere that Mutt could be told. */
bool fresh_path(const char *name, char out[FRESH_PATH]);

/* Before the agent is asked: whether its file is there to be linked to. */
bool fresh_take(const char *name);
/* What was told after fresh_take() holds. */
void fresh_put(const char *name);
/* What was told need not hold any more; the display filter is told of an agent
 * that is silent. */
void fresh_spoil(const char *name, enum fresh_agent agent);
/* Makes one that asks where there is none. */
void fresh_mend(const char *name);

#endif
