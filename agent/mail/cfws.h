/* cfws.h - comments and blanks between tokens (RFC 5322 section 3.2.2) */
#ifndef MAILSEAL_MAIL_CFWS_H
#define MAILSEAL_MAIL_CFWS_H

#include <stdbool.h>

#include "agent/base/bytes.h"

#define CFWS_DEPTH_MAX 16	/* comments within comments */

/* *text begins with "(": takes the comment off its front; *inside is what
 * stands between the parentheses.  False: it is open, or too deep. */
bool cfws_comment(struct bytes *text, struct bytes *inside);

/* Takes blanks, line ends and comments off the front of *text. */
bool cfws_skip(struct bytes *text);

/* *text begins with a quote: takes the quoted string off its front; *inside
 * still has its backslashes.  False: it is open. */
bool cfws_quoted(struct bytes *text, struct bytes *inside);

#endif
