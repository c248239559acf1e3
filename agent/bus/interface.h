/* interface.h - the interface definition, compiled in
 *
 * proto/org.mailseal.Agent1.xml is the single source; this reads it (it is
 * ours and part of the program) for the signature of a method. */
#ifndef MAILSEAL_BUS_INTERFACE_H
#define MAILSEAL_BUS_INTERFACE_H

#include <stddef.h>

#define INTERFACE_SIGNATURE_MAX 64

extern const char interface_xml[];

enum interface_part { INTERFACE_METHOD_IN, INTERFACE_METHOD_OUT,
		      INTERFACE_SIGNAL };

/* The signature of a method or signal into `out`.  Positive: found; 0: there
 * is none of that interface (`interface` NULL: of any). */
int interface_signature(enum interface_part part, const char *interface,
			const char *name, char out[INTERFACE_SIGNATURE_MAX]);

#endif
