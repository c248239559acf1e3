/* fromline.h - the name on the From line of a message's text
 *
 * Claws Mail writes the header fields into the text itself.  What must not be
 * read is made invisible, not deleted: Claws Mail keeps places in the text as
 * offsets, and all can be undone. */
#ifndef PLUGINS_CLAWS_FROMLINE_H
#define PLUGINS_CLAWS_FROMLINE_H

#include <gtk/gtk.h>

/* Hides the names of all From lines; can be repeated.  `label`: how Claws Mail
 * writes "From:" in the user's language.  `proved`: a value that stays as it
 * is, or NULL; the From line of a message inside the message is another. */
void fromline_apply(GtkTextBuffer *text, const char *label,
		    const char *proved);

/* Undoes everything and leaves nothing of ours. */
void fromline_clear(GtkTextBuffer *text);

#endif
