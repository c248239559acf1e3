/* verdict_delivery.h - what the delivery filter wrote, as Mutt passes it on
 *
 * Mutt's message-hooks (mailseal mutt-rules) know the filter's field by its
 * secret name and leave "genuine/name" in $MAILSEAL_VERDICT before a message
 * is shown; "none" for mail without that field.  The field itself is never
 * shown: what Mutt shows it also quotes, and the name must not go out. */
#ifndef MAILSEAL_MUTT_VERDICT_DELIVERY_H
#define MAILSEAL_MUTT_VERDICT_DELIVERY_H

#include <stdbool.h>

#include "plugins/mutt/verdict.h"

/* False: `told` (NULL is allowed) is nothing of that kind.  What was judged
 * genuine shows `from`, the rest its address. */
bool verdict_delivery(const char *told, const char *from,
		      struct verdict_shown *out);

/* Whether that judgement says the same. */
bool verdict_delivery_is(const char *told, const char *verdict,
			 const char *display);

#endif
