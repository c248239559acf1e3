/* canon_lf.h - lines that end with LF, copied with CRLF
 *
 * Maildirs keep messages so, and every octet behind the first line then moves.
 * Does not do: lines that have anything else about them. */
#ifndef MAILSEAL_MAIL_CANON_LF_H
#define MAILSEAL_MAIL_CANON_LF_H

#include "agent/mail/canon.h"

/* Copies `text` from *at on, which moves, into `to`, and answers how many
 * octets stand there.  It stops in front of what needs a look: CRLF, an empty
 * line's LF, and in the relaxed form a TAB or a blank with a blank or a line
 * end behind it; and near the end of the text or the room.  *in_line: whether
 * it stopped within a line; as it was where nothing was copied. */
size_t canon_lf_copy(struct bytes text, size_t *at, enum canon form,
		     unsigned char *to, size_t room, bool *in_line);

/* Whether the first line of `text` ends so. */
bool canon_lf_is(struct bytes text);

#endif
