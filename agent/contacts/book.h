/* book.h - one address book while it is read: what the formats share */
#ifndef MAILSEAL_CONTACTS_BOOK_H
#define MAILSEAL_CONTACTS_BOOK_H

#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/contacts/parse.h"

struct arena;
struct mailbox;

#define BOOK_SCRATCH	(1024 * 1024)	/* bytes for one line or card */

struct book {
	contact_take *take;
	void *ctx;
	struct contacts_parsed *out;
	struct arena *scratch;	/* of this line or card */
	struct bytes rest;	/* lines not yet read */
	size_t line;		/* of the last one read, from 1 */
	uint32_t persons;	/* how many there were */
};

/* The next line without its end (LF or CRLF).  False: there is none. */
bool book_line(struct book *book, struct bytes *out);

/* A new scratch arena for the next line or card.  0, ERR_MEMORY. */
int book_turn(struct book *book);

uint32_t book_person(struct book *book);
void book_broken(struct book *book, size_t line);

/* Hands one out, or counts it as broken at `line`: `address` is no addr-spec,
 * the name is no UTF-8 or too long.  0, ERR_LIMIT: too many entries. */
int book_add(struct book *book, struct bytes name, struct bytes address,
	     uint32_t person, size_t line);
/* The same for an address that is parsed already; its name is not used. */
int book_add_mailbox(struct book *book, struct bytes name,
		     const struct mailbox *mailbox, uint32_t person,
		     size_t line);

/* The formats; each reads book->rest to its end.  0, ERR_LIMIT, ERR_MEMORY. */
int book_read_mutt(struct book *book);
int book_read_vcard(struct book *book);
int book_read_abook(struct book *book);
/* ERR_SYNTAX too: some other XML. */
int book_read_claws(struct book *book);

#endif
