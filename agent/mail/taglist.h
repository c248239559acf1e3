/* taglist.h - "v=1; a=rsa-sha256; ..." read strictly
 *
 * RFC 6376 section 3.2: tag=value pairs between ";", FWS around both, names
 * are ALPHA *(ALPHA / DIGIT / "_"), case counts, a name twice makes the list
 * invalid.  DKIM signatures, DKIM keys and DMARC records are such lists. */
#ifndef MAILSEAL_MAIL_TAGLIST_H
#define MAILSEAL_MAIL_TAGLIST_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

#define TAGLIST_MAX 64		/* tags in one list */

struct tag {
	struct bytes name;
	struct bytes value;	/* trimmed; inner folding as it stands */
};

struct taglist {
	struct tag *tags;	/* in the order written */
	size_t count;
};

/* Slices point into `text`.  0; ERR_SYNTAX: not a tag list, or a name twice;
 * ERR_LIMIT: more than TAGLIST_MAX tags. */
int taglist_parse(struct arena *arena, struct bytes text,
		  struct taglist *out);

/* NULL when there is none of that name. */
const struct tag *taglist_find(const struct taglist *list, const char *name);

/* The value with all FWS inside taken out, as b=, bh= and p= want it
 * (RFC 6376 section 3.5); in the arena. */
struct bytes tag_packed(struct arena *arena, struct bytes value);

#endif
