/* script_resolver.h - a resolver that answers from a table, for tests
 *
 * Names are compared without case.  A name that is in the table with other
 * types answers NOTHING; a name that is not, nor has names below it, answers
 * NXDOMAIN.  CNAME rows are followed.  Everything is secure unless said. */
#ifndef MAILSEAL_TESTS_SCRIPT_RESOLVER_H
#define MAILSEAL_TESTS_SCRIPT_RESOLVER_H

#include "agent/dns/resolver.h"

struct script_resolver;

struct script_resolver *script_resolver_new(void);
void script_resolver_free(struct script_resolver *script);
struct resolver *script_resolver_door(struct script_resolver *script);

/* One TXT record; text longer than 255 is split into strings. */
void script_txt(struct script_resolver *script, const char *name,
		const char *text);
/* One TXT record of these strings, NULL at the end. */
void script_txt_strings(struct script_resolver *script, const char *name,
			const char *const *strings);
void script_a(struct script_resolver *script, const char *name,
	      const char *address);		/* A, or AAAA by its form */
void script_mx(struct script_resolver *script, const char *name,
	       unsigned preference, const char *host);
void script_ptr(struct script_resolver *script, const char *ip,
		const char *host);		/* builds the reverse name */
void script_cname(struct script_resolver *script, const char *name,
		  const char *to);
void script_raw(struct script_resolver *script, const char *name,
		enum dns_type type, struct bytes rdata);

/* Every type of that name answers so (DNS_BOGUS, DNS_SILENT, ...). */
void script_state(struct script_resolver *script, const char *name,
		  enum dns_state state);
void script_security(struct script_resolver *script, const char *name,
		     enum dns_security security);
/* The name answers only after that many milliseconds (from a thread). */
void script_delay(struct script_resolver *script, const char *name,
		  unsigned ms);

/* Only that type of the name. */
void script_delay_type(struct script_resolver *script, const char *name,
		       enum dns_type type, unsigned ms);

/* Fresh questions (dns_ask_fresh) are answered from `fresh`, which must live
 * as long; without one they are answered like any other. */
void script_fresh(struct script_resolver *script,
		  const struct script_resolver *fresh);
/* Every secure answer was signed from then until then. */
void script_signed(struct script_resolver *script, uint32_t from,
		   uint32_t until);

/* How many questions were asked; the nth as "name TYPE". */
size_t script_asked(const struct script_resolver *script);
const char *script_asked_nth(const struct script_resolver *script, size_t nth);

#endif
