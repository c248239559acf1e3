/* tooltip.h - what is said of a row of the list under the pointer
 *
 * Claws Mail says there the whole From field; with us, what stands in the cell.
 * Other columns stay its own. */
#ifndef PLUGINS_CLAWS_TOOLTIP_H
#define PLUGINS_CLAWS_TOOLTIP_H

#include <gtk/gtk.h>

struct _SummaryView;
struct settings;

/* In front of Claws Mail's, until the list ends or tooltip_detach. */
void tooltip_attach(const struct _SummaryView *view,
		    const struct settings *settings);

/* `tree` is the list, with or without. */
void tooltip_detach(GtkWidget *tree);

#endif
