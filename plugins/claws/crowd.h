/* crowd.h - hidden recipients of a message that is encrypted once for all
 *
 * The ids of the keys tell each reader who the others are.
 * Does not do: look at messages that are not encrypted here. */
#ifndef MAILSEAL_CLAWS_CROWD_H
#define MAILSEAL_CLAWS_CROWD_H

#include <compose.h>

/* Why it may not be sent as it is, to be freed; NULL: it may. */
gchar *crowd_objection(const Compose *compose);

#endif
