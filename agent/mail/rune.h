/* rune.h - what one character is, for names and addresses
 *
 * The Unicode Character Database, through ICU. */
#ifndef MAILSEAL_MAIL_RUNE_H
#define MAILSEAL_MAIL_RUNE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

/* Takes one character from the front of *rest, which is not empty, and says
 * where it stood.  -1: no UTF-8; one or more bytes are taken then. */
int32_t rune_take(struct bytes *rest, struct bytes *as_is);

/* Takes room on no screen, or looks like nothing: format characters,
 * variation selectors, fillers. */
bool rune_is_invisible(int32_t rune);

/* White space of any kind. */
bool rune_is_blank(int32_t rune);

/* A letter, digit or mark: what a U-label may hold beside '-'. */
bool rune_is_word(int32_t rune);

/* Nothing that a font could show: control, surrogate, private use,
 * unassigned, or no UTF-8 at all. */
bool rune_is_nothing(int32_t rune);

/* Scripts that are written without blanks between words. */
bool rune_is_unspaced(int32_t rune);

bool rune_is_mark(int32_t rune);	/* stands on the one before it */
bool rune_is_emoji(int32_t rune);

/* '@' and what looks like it: U+FF20, U+FE6B. */
bool rune_is_at(int32_t rune);

/* Columns of a terminal: 0, 1 or 2. */
unsigned rune_columns(int32_t rune);

#endif
