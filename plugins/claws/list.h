/* list.h - the senders' names in the list of messages
 *
 * Claws Mail writes the name that a sender gave itself into the rows of its
 * list.  Each time rows are painted, those without proof get the address in
 * its place first; so it does not matter what drew the list anew.  The cells
 * alone are touched, nothing that Claws Mail keeps. */
#ifndef PLUGINS_CLAWS_LIST_H
#define PLUGINS_CLAWS_LIST_H

#include "plugins/claws/verdict.h"

struct _MsgInfo;
struct list;
struct place;
struct settings;

/* A message is on the screen, and there is no verdict on it. */
typedef void list_wanted(void *ctx, const struct _MsgInfo *message);

struct list *list_new(const struct settings *settings, list_wanted *wanted,
		      void *ctx);

/* Leaves the list as Claws Mail makes it.  NULL is allowed. */
void list_free(struct list *list);

/* The message there has that verdict. */
void list_judged(struct list *list, const struct place *place,
		 const struct verdict *verdict);

/* No verdict holds any more: the agent ended, or the contacts are others. */
void list_forget(struct list *list);

/* The settings are others. */
void list_changed(struct list *list);

#endif
