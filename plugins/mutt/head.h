/* head.h - the header block as Mutt's pager is about to show it
 *
 * What a display filter gets: fields decoded and weeded by Mutt, then a blank
 * line and the text.  A sender cannot put a line in here: what stands in an
 * encoded word or a folded field stays in its field (RFC 5322 section 2.2).
 * Does not do: read mail as it is sent. */
#ifndef MAILSEAL_MUTT_HEAD_H
#define MAILSEAL_MUTT_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define HEAD_MAX	(256 * 1024)	/* bytes of the block */
#define HEAD_VALUE_MAX	4096		/* bytes of one value, unfolded */
#define HEAD_FIELD	"Mailseal"	/* our own, in what is shown */
#define HEAD_FILTER	"X-Mailseal-"	/* the delivery filter's begins so */
#define HEAD_OLD	"X-Old-Mailseal-"	/* what it renamed likewise */

/* How long the block is, without the blank line; `len`: there is none. */
size_t head_length(const char *text, size_t len);

/* How many fields of that name there are; the first one's value, unfolded,
 * white space one blank, into `out` (HEAD_VALUE_MAX bytes; "" when it is
 * longer, or there is none). */
unsigned head_find(const char *head, size_t len, const char *name, char *out);

/* The next one of that name from *at on, which moves behind it; its value into
 * `out`, likewise.  False: there is none. */
bool head_next(const char *head, size_t len, size_t *at, const char *name,
	       char *out);

/* The address in a From value: what stands in the last <>, at its end, else
 * the value itself when it is one word with an '@'; "": none.  `out` holds
 * HEAD_VALUE_MAX bytes. */
void head_address(const char *from, char *out);
/* The same where it is the only one: in front of it stands no other, which
 * may be the author's name in a code, or another author. */
void head_author(const char *from, char *out);

/* What the pager is to show in place of what the sender wrote. */
struct head_shown {
	const char *verdict;	/* behind "Mailseal: " */
	const char *from;	/* behind "From: "; "": (hidden) */
};

/* Whether two values read alike where Mutt shows '?' or a blank for what it
 * cannot show. */
bool head_alike(const char *a, const char *b);

/* Prints the verdict, then the block: other fields "Mailseal", all of the
 * filter's and Message-ID are left out, every From is replaced. */
void head_print(const char *head, size_t len, const struct head_shown *shown,
		FILE *to);

#endif
