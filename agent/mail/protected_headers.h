/* protected_headers.h - header fields inside what is signed or encrypted
 *
 * RFC 9788: the fields stand on the payload's own root part; its Content-Type
 * says hp="clear" or hp="cipher"; HP-Outer tells what stood outside when it
 * was encrypted.  Confidential by section 3.2.1's baseline: Subject is
 * obscured, Keywords and Comments are left out.  Written beside it for older
 * readers, and read: protected-headers="v1".
 * Does not do: say whether the payload is signed or encrypted at all; only
 * then may what is read here count. */
#ifndef MAILSEAL_MAIL_PROTECTED_HEADERS_H
#define MAILSEAL_MAIL_PROTECTED_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/base/bytes.h"

struct arena;
struct field;
struct message;
struct mime_part;

enum hp_kind { HP_NONE, HP_CLEAR, HP_CIPHER };
extern const char *const hp_kind_name[];	/* "none", "clear", "cipher" */

/* --- writing */

struct hp_written {
	struct bytes outer;	/* fields in front of the sealed body: all but
				 * Bcc, Resent-Bcc, Content- fields and
				 * MIME-Version */
	struct bytes inner;	/* fields on the payload's root */
	const char *parameters;	/* for its Content-Type */
	struct bytes shown;	/* what is obscured, as text for readers that
				 * know nothing of this; empty: nothing is */
};

/* Everything in the arena, line ends CRLF.  HP_NONE: the outer fields alone.
 * 0; ERR_LIMIT. */
int hp_write(struct arena *arena, const struct message *header,
	     enum hp_kind kind, struct hp_written *out);

/* --- reading */

struct hp_read {
	enum hp_kind kind;
	bool old;		/* protected-headers="v1" alone */
	/* Names as written, each once. */
	const char *const *signed_fields;	/* stand inside */
	size_t signed_count;
	const char *const *hidden_fields;	/* their value stands nowhere
						 * outside */
	size_t hidden_count;
	const char *const *changed_fields;	/* stand outside with another
						 * value than the sender gave
						 * them */
	size_t changed_count;
};

enum hp_sealed { HP_SIGNED, HP_ENCRYPTED };

/* `payload`: the root part inside; `outside`: the message's header.  0;
 * ERR_LIMIT. */
int hp_read(struct arena *arena, const struct mime_part *payload,
	    const struct message *outside, enum hp_sealed sealed,
	    struct hp_read *out);

/* Fields that tell how a part is built (RFC 9788 section 1.1.1), or how the
 * message travelled: they are never protected. */
bool hp_is_structural(const struct field *field);
bool hp_is_trace(const struct field *field);

#endif
