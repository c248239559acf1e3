/* protect_wrap.h - MIME around what a scheme made
 *
 * RFC 1847 section 2.1 and 2.2, RFC 8551 section 3.3 to 3.5, RFC 3156. */
#ifndef MAILSEAL_FLOW_PROTECT_WRAP_H
#define MAILSEAL_FLOW_PROTECT_WRAP_H

#include "agent/base/stream.h"
#include "agent/crypto/scheme.h"

#define WRAP_BOUNDARY	40	/* characters of one, and its NUL */

struct wrap_signed {
	struct bytes front;	/* Content-Type to the first delimiter */
	struct bytes back;	/* the second delimiter to the last */
};

/* A boundary that stands nowhere else.  0; ERR_IO. */
int wrap_boundary(char out[WRAP_BOUNDARY]);

/* out->front, and out->back of the signed entity.  In the arena. 0;
 * ERR_LIMIT. */
int wrap_signed_front(struct arena *arena, const struct scheme *scheme,
		      const char *boundary, const char *digest,
		      struct wrap_signed *out);
int wrap_signed_back(struct arena *arena, const struct scheme *scheme,
		     const char *boundary, struct bytes signature,
		     struct wrap_signed *out);

/* Where a scheme writes its encrypted blob: the header of the entity goes out
 * with the first octets, the rest coded as the scheme wants it. */
struct wrap_sealed;
struct wrap_sealed *wrap_sealed_new(const struct scheme *scheme,
				    const char *boundary,
				    const struct sink *to);
struct sink wrap_sealed_sink(struct wrap_sealed *wrap);
/* Once, behind the blob. 0; ERR_SYNTAX: there was none; what `to` said. */
int wrap_sealed_end(struct wrap_sealed *wrap);
void wrap_sealed_free(struct wrap_sealed *wrap);

#endif
