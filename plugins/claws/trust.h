/* trust.h - a sender becomes known on the user's word
 *
 * Asks first, in a window that waits for nobody, and says what is proved and
 * what is not; then Contacts1.Add.  The name in the message is not taken over:
 * nothing proves a name. */
#ifndef PLUGINS_CLAWS_TRUST_H
#define PLUGINS_CLAWS_TRUST_H

#include "plugins/claws/agent.h"
#include "plugins/claws/verdict.h"

/* The window; the caller may destroy it before it is answered.  `agent` must
 * outlive it. */
GtkWidget *trust_open(GtkWindow *parent, struct agent *agent,
		      const struct verdict *verdict);

#endif
