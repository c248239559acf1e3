/* name_codes.h - one name, written in all the ways that mail knows
 *
 * RFC 5322 phrases, RFC 2047 encoded words, and what is broken in usual ways
 * but read by mail clients all the same. */
#ifndef MAILSEAL_TESTS_NAME_CODES_H
#define MAILSEAL_TESTS_NAME_CODES_H

struct desk;

#define NAME_CODES	13
#define NAME_CODES_SOUND 12	/* the first ones: all programs agree */

/* `name` (UTF-8) as a phrase; NULL: this code cannot write it. */
const char *name_in_code(struct desk *desk, const char *name, unsigned code);

/* What the code is, for people. */
const char *name_code_word(unsigned code);

#endif
