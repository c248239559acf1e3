/* authres_value.h - a property's value in Authentication-Results
 *
 * RFC 8601 section 2.2, pvalue: a word, a quoted string, or
 * [local-part] "@" domain-name. */
#ifndef MAILSEAL_MAIL_AUTHRES_VALUE_H
#define MAILSEAL_MAIL_AUTHRES_VALUE_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

struct authres_value {
	struct bytes text;	/* without quotes; behind a quoted local part
				 * and its "@": the domain */
	bool quoted_local;
	bool glued;		/* a comment or a quote touches it */
};

/* Takes one off the front of *rest; blanks and comments may stand before it.
 * An empty value is one where ";" follows.  0; ERR_SYNTAX; ERR_LIMIT. */
int authres_value_read(struct arena *arena, struct bytes *rest,
		       struct authres_value *out);

/* The domain, if the value can be read in one way only; else NULL. */
const char *authres_value_domain(struct arena *arena,
				 const struct authres_value *value);

/* A quoted string's inside without its backslashes; data NULL: no memory. */
struct bytes authres_unquoted(struct arena *arena, struct bytes inside);

#endif
