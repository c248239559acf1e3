/* address.h - the address in what Claws Mail shows as the sender
 *
 * Claws Mail has decoded the field, so a name can look like anything
 * (RFC 2047).  These are strict: RFC 5322 section 3.4 in its plain forms
 * "address" and "name <address>"; of all else nothing is shown.  Does not
 * judge: the agent reads the message itself. */
#ifndef PLUGINS_CLAWS_ADDRESS_H
#define PLUGINS_CLAWS_ADDRESS_H

#include <glib.h>

struct address_place {
	glong start, end;	/* in characters, not bytes */
};

/* Whether `text` (UTF-8) holds one plain address, and where. */
gboolean address_find(const char *text, struct address_place *place);

/* The address alone, or NULL when there is none to be sure of; the caller
 * frees.  NULL is allowed. */
gchar *address_alone(const char *text);

#endif
