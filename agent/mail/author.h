/* author.h - who From says it is from
 *
 * RFC 5322 section 3.4 and 3.6.2 with RFC 6532 (UTF-8) and RFC 2047
 * (encoded words in the display name only: parse first, decode then).  Two
 * readers: ours, strict, and GMime's, which reads as mail clients do.  Where
 * they disagree on the address, From is ambiguous; on the name alone, the
 * name is unreadable (design 7). */
#ifndef MAILSEAL_MAIL_AUTHOR_H
#define MAILSEAL_MAIL_AUTHOR_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;
struct message;

enum author_state {
	AUTHOR_ONE,		/* one From, one mailbox: everything is set */
	AUTHOR_MISSING,		/* no From field */
	AUTHOR_REPEATED,	/* several From fields, or a hidden one */
	AUTHOR_AMBIGUOUS,	/* two readers, two addresses; or no address
				 * that RFC 5322 allows */
	AUTHOR_SEVERAL,		/* several mailboxes */
	AUTHOR_GROUP,		/* group syntax */
	AUTHOR_CONTROL		/* control or bidi characters in it */
};

struct author {
	enum author_state state;
	/* For AUTHOR_ONE; for the others where one could be told (AMBIGUOUS
	 * and CONTROL: ours, for showing only), else NULL: */
	const char *address;	/* local@domain, domain as A-labels, local
				 * part as written */
	const char *local;
	const char *domain;	/* A-labels, lower case */
	const char *name;	/* decoded display name, UTF-8; NULL: none */
	bool name_unreadable;	/* must never be shown: readers differ, nobody
				 * can read it, or it holds an '@' that belongs
				 * to no address */
	bool odd_route;		/* an obsolete route stood before it */
	bool odd_local;		/* a quoted or otherwise unusual local part */
	const char *text;	/* the sentence for people: what is wrong; NULL
				 * for AUTHOR_ONE */
};

/* To be called once in a process that will lose its file system: GMime and
 * iconv load modules. */
void author_prepare(void);

/* 0, or ERR_LIMIT when the arena is full; everything else is a state. */
int author_read(struct arena *arena, const struct message *message,
		struct author *out);

#endif
