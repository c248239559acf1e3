/* reply.h - a server's answer, read strictly
 *
 * RFC 5321 section 4.2 (one code on all lines, CRLF at every end), RFC 2034
 * and 3463 (the enhanced status code), RFC 4954 section 4 (how long a line
 * may be).  Bytes are pushed in as they come; nothing is kept but the reply.
 * Does not do: judge a code. */
#ifndef MAILSEAL_SMTP_REPLY_H
#define MAILSEAL_SMTP_REPLY_H

#include "agent/base/buf.h"

#define REPLY_LINE_MAX	12294	/* "334 ", 12288 of base64, CRLF */
#define REPLY_LINES_MAX	200
#define REPLY_TEXT_MAX	(64 * 1024)	/* bytes of all lines */
#define REPLY_STATUS_MAX 12	/* "5.999.999" and its NUL */

struct reply {
	int code;		/* 200 to 599 */
	char status[REPLY_STATUS_MAX];	/* "5.1.1"; "" without one */
	/* The lines without codes, "\n" between them.  Good until the next
	 * reply is begun. */
	struct bytes text;
};

struct reply_reader {
	unsigned char line[REPLY_LINE_MAX];
	size_t len;
	struct buf text;
	int code;		/* of the lines so far; 0: none yet */
	unsigned lines;
};

enum reply_state { REPLY_MORE, REPLY_DONE };

void reply_reader_init(struct reply_reader *reader);
void reply_reader_free(struct reply_reader *reader);	/* wipes */

/* Takes bytes from the front of *from, none behind the reply's end.
 * REPLY_MORE: it goes on; REPLY_DONE: *out is filled in; ERR_SYNTAX: no reply
 * of SMTP; ERR_LIMIT: over a limit above. */
int reply_push(struct reply_reader *reader, struct bytes *from,
	       struct reply *out);

/* The text in one line for people: the status code in front left out,
 * control characters and what is no ASCII as "?".  At most `size`, NUL
 * included. */
void reply_print(const struct reply *reply, char *to, size_t size);

#endif
