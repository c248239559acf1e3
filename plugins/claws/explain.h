/* explain.h - the window that tells how a verdict came about
 *
 * Shows a report of the agent that was asked to explain: all reasons, then
 * the evidence, as plain text that can be selected. */
#ifndef PLUGINS_CLAWS_EXPLAIN_H
#define PLUGINS_CLAWS_EXPLAIN_H

#include <gtk/gtk.h>

/* The report, or NULL and why there is none.  The window belongs to `parent`;
 * the caller may destroy it before the user does. */
GtkWidget *explain_open(GtkWindow *parent, GVariant *report,
			const char *failure);

#endif
