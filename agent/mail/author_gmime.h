/* author_gmime.h - the second reader of From: GMime, as mail clients read */
#ifndef MAILSEAL_MAIL_AUTHOR_GMIME_H
#define MAILSEAL_MAIL_AUTHOR_GMIME_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct gmime_author {
	size_t mailboxes;	/* groups' members counted */
	bool group;
	const char *address;	/* of the first mailbox; NULL: none */
	const char *name;	/* decoded; NULL: none */
};

void gmime_author_prepare(void);

/* `text`: From's value unfolded, no NUL. */
void gmime_author_read(struct arena *arena, const char *text,
		       struct gmime_author *out);

/* RFC 2047 in a phrase; UTF-8, or NULL. */
const char *gmime_decode_phrase(struct arena *arena, const char *phrase);

#endif
