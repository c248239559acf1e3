/* fromline.h - the name on the From line of a message's text
 *
 * Claws Mail writes the header fields into the text itself.  What must not be
 * read is made invisible, not deleted: Claws Mail keeps places in the text as
 * offsets, and all can be undone. */
#ifndef PLUGINS_CLAWS_FROMLINE_H
#define PLUGINS_CLAWS_FROMLINE_H

#include <gtk/gtk.h>

enum fromline_names {
	FROMLINE_NONE,		/* no name is shown */
	FROMLINE_FIRST,		/* that of the message, not of messages in it */
	FROMLINE_ALL		/* as if we had not been there */
};

/* Hides the names of all From lines but those allowed; can be repeated.
 * `label`: how Claws Mail writes "From:" in the user's language. */
void fromline_apply(GtkTextBuffer *text, const char *label,
		    enum fromline_names names);

/* Undoes everything and leaves nothing of ours. */
void fromline_clear(GtkTextBuffer *text);

#endif
