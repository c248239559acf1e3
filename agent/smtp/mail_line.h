/* mail_line.h - the commands of a transaction, as lines
 *
 * RFC 5321 section 4.1.2, 1870 section 6, 6152, 6531, 3461 section 4, 8689.
 * A parameter stands there only when the server offered its extension. */
#ifndef MAILSEAL_SMTP_MAIL_LINE_H
#define MAILSEAL_SMTP_MAIL_LINE_H

#include <stdbool.h>

struct buf;
struct ehlo;
struct smtp_mail;

#define MAIL_LINE_MAX	1500	/* bytes of one command */

/* Whether it can stand between < and > without breaking the line. */
bool mail_is_one_line(const char *address);

void mail_line(const struct smtp_mail *mail, const struct ehlo *ehlo,
	       struct buf *to);
void recipient_line(const struct smtp_mail *mail, const char *address,
		    const struct ehlo *ehlo, struct buf *to);

#endif
