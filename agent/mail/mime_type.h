/* mime_type.h - a field value with parameters: Content-Type and its like
 *
 * RFC 2045 section 5.1 (the grammar), RFC 2183 (Content-Disposition has the
 * same), RFC 2231 sections 3 and 4 (values in pieces and in a charset).
 * Comments and blanks are left out; names come in lower case.
 * Does not do: supply defaults, decode RFC 2047 words in values. */
#ifndef MAILSEAL_MAIL_MIME_TYPE_H
#define MAILSEAL_MAIL_MIME_TYPE_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

#define MIME_PARAMETERS_MAX	32	/* of one field */
#define MIME_VALUE_MAX		2048	/* octets of one parameter */

struct mime_parameter {
	const char *name;	/* lower case, without RFC 2231's marks */
	const char *value;	/* quotes and escapes undone */
};

struct mime_type {
	const char *name;	/* "text/plain", "attachment"; NULL: none that
				 * can be read */
	struct mime_parameter *parameters;
	size_t count;
	bool odd;		/* what follows the name breaks the grammar, or
				 * a parameter stands twice: readers differ */
};

/* From a field's value, unfolded.  0, whatever the value; ERR_LIMIT: the
 * arena is full. */
int mime_type_parse(struct arena *arena, struct bytes value,
		    struct mime_type *out);

/* The first of that name; NULL: there is none. */
const char *mime_parameter(const struct mime_type *type, const char *name);

/* Whether the name is that, or of that kind ("multipart/"). */
bool mime_is(const struct mime_type *type, const char *name);
bool mime_is_kind(const struct mime_type *type, const char *kind);

#endif
