/* address.h - one mailbox list, strictly by the grammar
 *
 * RFC 5322 section 3.4 (with obs-route recognised, never used), RFC 6531/6532
 * for UTF-8.  Used for From by author.c, and for address lists elsewhere. */
#ifndef MAILSEAL_MAIL_ADDRESS_H
#define MAILSEAL_MAIL_ADDRESS_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

#define ADDRESS_MAX	320	/* octets of an addr-spec: 64 + 1 + 255 */
#define ADDRESS_LIST_MAX	1000	/* mailboxes in one list */

struct mailbox {
	struct bytes name;	/* the phrase, quotes and escapes undone, not
				 * decoded; empty: none */
	bool name_quoted;	/* all of it stood in quotes: no encoded word
				 * may be decoded (RFC 2047 section 5) */
	bool name_mixed;	/* quoted and bare parts, and "=?" in a quoted
				 * one: what is to be decoded is lost */
	struct bytes local;	/* quotes and escapes undone */
	struct bytes domain;	/* as written; a literal keeps its brackets */
	bool local_quoted;
	bool has_route;
	bool in_group;
};

struct mailbox_list {
	struct mailbox *mailboxes;
	size_t count;
	size_t groups;		/* how many groups there were */
};

/* 0; ERR_SYNTAX: no parse by the grammar; ERR_LIMIT. */
int address_list_parse(struct arena *arena, struct bytes text,
		       struct mailbox_list *out);

/* One addr-spec and nothing else (an envelope address, a contact's). */
int address_parse(struct arena *arena, struct bytes text,
		  struct mailbox *out);

/* local@domain with the domain as A-labels in lower case, the local part in
 * quotes where it needs them; NULL: not an address that mail can be sent to,
 * or one with characters that nobody sees or that pass for '@'. */
const char *address_normal(struct arena *arena, const struct mailbox *mailbox);

/* Whether two normal addresses name the same mailbox for this project:
 * domains as A-labels, local parts without case. */
bool address_same(const char *a, const char *b);

#endif
