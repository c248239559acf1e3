/* say.h - a window that tells the user something and waits for nobody
 *
 * Claws Mail's own alerts run a main loop of their own until they are
 * answered; these do not.  Texts are plain and can be selected. */
#ifndef PLUGINS_CLAWS_SAY_H
#define PLUGINS_CLAWS_SAY_H

#include <gtk/gtk.h>

/* With a button to close it.  The window is gone after any answer, unless the
 * caller handles "response", and with its parent. */
GtkWidget *say_open(GtkWindow *parent, GtkMessageType type, const char *title,
		    const char *sentence);

#endif
