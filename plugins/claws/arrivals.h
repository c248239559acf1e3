/* arrivals.h - new messages are judged when they come, and marked
 *
 * However they come: fetched by Claws Mail or put into an MH folder by others.
 * Only where the file is on this machine: what lies on a server alone would
 * have to be fetched, and Claws Mail would stand still meanwhile; that is
 * judged when it is read. */
#ifndef PLUGINS_CLAWS_ARRIVALS_H
#define PLUGINS_CLAWS_ARRIVALS_H

#include "plugins/claws/agent.h"

struct _FolderItem;
struct arrivals;

/* `agent` must outlive it. */
struct arrivals *arrivals_new(struct agent *agent);

/* What is not answered yet is forgotten.  NULL is allowed. */
void arrivals_free(struct arrivals *arrivals);

/* There may be new messages in a folder; they are looked for soon. */
void arrivals_look(struct arrivals *arrivals, struct _FolderItem *folder);

/* The agent came or went. */
void arrivals_agent(struct arrivals *arrivals, enum agent_state state);

#endif
