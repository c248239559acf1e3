/* parse.h - address books of other programs
 *
 * mutt alias files, abook, Claws Mail's, vCard 2.1 (RFC 2426's elder), 3.0
 * (RFC 2426) and 4.0 (RFC 6350) with one card or many.  Bytes in, entries out.
 * One broken entry is counted and skipped; a file that is none of these is an
 * error. */
#ifndef MAILSEAL_CONTACTS_PARSE_H
#define MAILSEAL_CONTACTS_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct contact;

#define CONTACTS_FILE_MAX (16 * 1024 * 1024)	/* bytes of one source file */

struct contacts_parsed {
	size_t entries;		/* handed out */
	size_t broken;		/* skipped */
	size_t first_broken;	/* its line, from 1; 0: none */
	const char *format;	/* "mutt", "vcard", "abook", "claws" */
};

/* Told of every entry; the strings live as long as the call. */
typedef void contact_take(void *ctx, const struct contact *contact);

/* Finds out the format by content.  An empty file is an empty book.
 * 0; ERR_SYNTAX: none of the formats; ERR_LIMIT. */
int contacts_parse(struct bytes file, contact_take *take, void *ctx,
		   struct contacts_parsed *out);

#endif
