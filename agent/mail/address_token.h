/* address_token.h - what addresses are made of
 *
 * RFC 5322 section 3.2 (comments, atoms, quoted strings) with RFC 6532: bytes
 * of UTF-8 are atext.  Each takes from the front of *rest. */
#ifndef MAILSEAL_MAIL_ADDRESS_TOKEN_H
#define MAILSEAL_MAIL_ADDRESS_TOKEN_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct buf;

/* 0: there is nothing more. */
unsigned char token_peek(const struct bytes *rest);
void token_step(struct bytes *rest);

bool token_is_atext(unsigned char c);

/* CFWS: blanks, folds and comments.  False: an open or too deep comment. */
bool token_skip_cfws(struct bytes *rest);

bool token_take(struct bytes *rest, unsigned char c);

/* Behind the opening quote; quotes and escapes undone into `to`.  False: no
 * quote closes it. */
bool token_quoted(struct bytes *rest, struct buf *to);

/* Empty: there is none. */
struct bytes token_atom(struct bytes *rest);

/* Empty: there is none, or a dot too many. */
struct bytes token_dot_atom(struct bytes *rest);

#endif
