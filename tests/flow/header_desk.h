/* header_desk.h - a genuine message, and more put into its header */
#ifndef MAILSEAL_TEST_HEADER_DESK_H
#define MAILSEAL_TEST_HEADER_DESK_H

#include <stdio.h>
#include <string.h>

#include "tests/flow/desk.h"

enum end { END_CRLF, END_LF, END_COUNT };
static const char *const ends[] = { "\r\n", "\n" };

/* Signed by example.org: the fields that `fields` names. */
static inline const char *genuine(struct desk *desk, enum end end,
				  const char *fields)
{
	struct dkim_sign_options options;
	const char *e = ends[end];

	memset(&options, 0, sizeof(options));
	options.domain = "example.org";
	options.fields = fields;
	return desk_sign_as(desk, &options, desk_print(desk,
		"From: Alice Harper <alice@example.org>%sTo: bo@example.net%s"
		"Cc: me@user.example%sReply-To: alice@example.org%s"
		"Subject: Lunch%sDate: " DESK_DATE "%sMIME-Version: 1.0%s"
		"Content-Type: text/plain%s%sShall we?%s", e, e, e, e, e, e, e,
		e, e, e));
}

static const char all_signed[] =
	"from:to:cc:reply-to:subject:date:content-type:mime-version";
static const char gmail_like[] = "from:to:cc:subject:date:reply-to";

/* `line` in front of the nth line of the header that begins a field. */
static inline const char *insert(struct desk *desk, const char *message,
				 unsigned nth, const char *line)
{
	const char *at = message;

	for (; nth > 0; nth--)
		do {
			at = strchr(at, '\n') + 1;
		} while (*at == ' ' || *at == '\t');
	return desk_print(desk, "%.*s%s%s", (int)(at - message), message, line,
			  at);
}

static inline void refuse(const struct desk_answer *answer,
			  const char *what, size_t *wrong)
{
	bool alarmed = strcmp(answer->verdict, "suspicious") == 0 ||
		       strcmp(answer->verdict, "spoofed") == 0;

	if (alarmed && strcmp(answer->display, "warning") == 0 &&
	    desk_hides_name(answer))
		return;
	++*wrong;
	print_message("%s: %s, %s, %s\n", what, answer->verdict,
		      answer->display, answer->code);
}

#endif
