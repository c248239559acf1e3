/* arrivals.h - new messages are judged when they come, and marked
 *
 * However they come: fetched by Claws Mail or put into an MH folder by others;
 * and those that the list shows.  What lies on an IMAP server is fetched when
 * it is new, if the settings say so; else it is judged when it is read. */
#ifndef PLUGINS_CLAWS_ARRIVALS_H
#define PLUGINS_CLAWS_ARRIVALS_H

#include "plugins/claws/agent.h"

struct _FolderItem;
struct _MsgInfo;
struct arrivals;
struct list;
struct settings;

/* All three must outlive it. */
struct arrivals *arrivals_new(struct agent *agent,
			      const struct settings *settings,
			      struct list *list);

/* What is not answered yet is forgotten.  NULL is allowed. */
void arrivals_free(struct arrivals *arrivals);

/* There may be new messages in a folder; they are looked for soon. */
void arrivals_look(struct arrivals *arrivals, struct _FolderItem *folder);

/* A message is on the screen that nobody judged. */
void arrivals_want(struct arrivals *arrivals, const struct _MsgInfo *message);

/* What was judged can be asked for again. */
void arrivals_again(struct arrivals *arrivals);

/* The agent came or went. */
void arrivals_agent(struct arrivals *arrivals, enum agent_state state);

#endif
