/* interface.h - the interface definition, compiled in
 *
 * proto/org.mailseal.Agent1.xml is the single source; this reads it (it is
 * ours and part of the program) for the signature of a method. */
#ifndef MAILSEAL_BUS_INTERFACE_H
#define MAILSEAL_BUS_INTERFACE_H

#include <stddef.h>

#define INTERFACE_SIGNATURE_MAX 64

extern const char interface_xml[];

/* The in-signature of a method into `out`.  Positive: found; 0: no such
 * method of that interface (`interface` NULL: of any). */
int interface_method(const char *interface, const char *method,
		     char out[INTERFACE_SIGNATURE_MAX]);

#endif
