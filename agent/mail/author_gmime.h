/* author_gmime.h - the second reader of From: GMime, as mail clients read
 *
 * In its loose mode, for what a lenient client would show. */
#ifndef MAILSEAL_MAIL_AUTHOR_GMIME_H
#define MAILSEAL_MAIL_AUTHOR_GMIME_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

struct gmime_author {
	size_t mailboxes;	/* groups' members counted */
	bool group;
	const char *address;	/* of the first mailbox; NULL: none */
	const char *name;	/* decoded; NULL: none */
};

/* GMime, its charsets among them; may be called more than once. */
void gmime_author_prepare(void);

/* `value`: From's value unfolded, without NUL.  0 or ERR_LIMIT. */
int gmime_author_read(struct arena *arena, struct bytes value,
		      struct gmime_author *out);

#endif
