/* interface.h - the interface definition, compiled in
 *
 * proto/org.mailseal.Agent1.xml is the single source; this reads it (it is
 * ours and part of the program), once, for the signatures of what it has. */
#ifndef MAILSEAL_BUS_INTERFACE_H
#define MAILSEAL_BUS_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/base/bytes.h"

#define INTERFACE_SIGNATURE_MAX	64
#define INTERFACE_MEMBERS_MAX	128

extern const char interface_xml[];

/* A method, or a signal: its arguments are `out`. */
struct interface_member {
	struct bytes interface, name;	/* in the definition */
	bool signal;
	char in[INTERFACE_SIGNATURE_MAX], out[INTERFACE_SIGNATURE_MAX];
};

struct interface_table {
	struct interface_member members[INTERFACE_MEMBERS_MAX];
	size_t count;
};

/* 0; ERR_LIMIT: more than there is room for. */
int interface_read(struct interface_table *out);

/* NULL: there is none of that interface (`interface` NULL: of any). */
const struct interface_member *interface_method(
	const struct interface_table *table, const char *interface,
	const char *name);
const struct interface_member *interface_signal(
	const struct interface_table *table, const char *interface,
	const char *name);

#endif
