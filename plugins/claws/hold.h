/* hold.h - a window for writing mail that waits for an answer
 *
 * What is being sent must stay as it is until it is sent: a bar over the
 * message says what is waited for, with a button to stop it, and nothing else
 * in the window can be used meanwhile.  Claws Mail goes on. */
#ifndef PLUGINS_CLAWS_HOLD_H
#define PLUGINS_CLAWS_HOLD_H

#include <gtk/gtk.h>

struct hold;

/* The user does not want to wait any longer, or closed the window; the holder
 * frees. */
typedef void hold_over(void *ctx);

struct hold *hold_new(GtkWidget *window, GtkBox *box, const char *sentence,
		      hold_over *over, void *ctx);

/* The window can be used again.  NULL is allowed. */
void hold_free(struct hold *hold);

#endif
