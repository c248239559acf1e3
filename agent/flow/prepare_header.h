/* prepare_header.h - fields and parameters that the agent writes itself */
#ifndef MAILSEAL_FLOW_PREPARE_HEADER_H
#define MAILSEAL_FLOW_PREPARE_HEADER_H

#include <stdint.h>

struct arena;

/* RFC 5322 section 3.3, in the local time zone.  NULL: no memory. */
const char *prepare_date(struct arena *arena, int64_t now);

/* "<random@domain>": the domain of the address, nothing of this host. */
const char *prepare_message_id(struct arena *arena, const char *address);

/* "Name <address>", the name quoted or encoded (RFC 2047) where it must be;
 * NULL or "": the address alone. */
const char *prepare_from(struct arena *arena, const char *name,
			 const char *address);

/* RFC 3461 section 4.1: "never", or some of "success", "failure", "delay", as
 * the standard writes it; NULL: it is none. */
const char *prepare_notify(struct arena *arena, const char *text);
/* "full" or "hdrs" (RFC 3461 section 4.3). */
const char *prepare_ret(const char *text);
/* xtext (RFC 3461 section 4); NULL: too long. */
const char *prepare_xtext(struct arena *arena, const char *text);

#endif
