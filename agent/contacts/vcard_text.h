/* vcard_text.h - what a vCard property's value says, as UTF-8
 *
 * Quoted-printable and character sets are vCard 2.1's; backslashes are RFC
 * 2426 section 5 and RFC 6350 section 3.4.  Western character sets are known
 * by tables here, because a locked-in process loads no converters. */
#ifndef MAILSEAL_CONTACTS_VCARD_TEXT_H
#define MAILSEAL_CONTACTS_VCARD_TEXT_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

struct vcard_coding {
	bool quoted_printable;
	struct bytes charset;	/* empty: none named */
};

/* Without the transfer encoding, in UTF-8.  False: a character set that is
 * not known, or a value that is not in its own. */
bool vcard_decode(struct arena *arena, struct bytes value,
		  const struct vcard_coding *coding, struct bytes *out);

/* The `number`th part (from 0) between semicolons without a backslash. */
struct bytes vcard_component(struct bytes value, unsigned number);

/* Backslashes undone, line ends and controls as blanks.  False: no memory. */
bool vcard_unescape(struct arena *arena, struct bytes value,
		    struct bytes *out);

#endif
