/* encoded_word.h - RFC 2047 in a phrase
 *
 * RFC 2047 section 2 (the form), section 4 (B and Q), section 5 (3) and 6.2
 * (where it may stand, white space between two of them); a language behind
 * '*' (RFC 2231 section 5) is left out.
 * One leniency: octets of neighbours of the same charset and encoding are put
 * together before they are converted, because many senders cut characters in
 * two.
 * Does not do: judge what comes out. */
#ifndef MAILSEAL_MAIL_ENCODED_WORD_H
#define MAILSEAL_MAIL_ENCODED_WORD_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct buf;

#define ENCODED_WORD_MAX	4096	/* octets of one, and of a run's text */

/* Adds `phrase` with its encoded words decoded.  A word that is none by the
 * grammar is left as it stands.  False: one of them cannot be read (unknown
 * charset, broken code). */
bool encoded_words_decode(struct buf *to, struct bytes phrase);

#endif
