/* sendmail_options.h - what programs write behind "sendmail"
 *
 * Forty years of options: all are taken, few mean something here.  Values
 * stand in the same word or in the next one.
 * Does not do: read the message. */
#ifndef MAILSEAL_MUTT_SENDMAIL_OPTIONS_H
#define MAILSEAL_MUTT_SENDMAIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum sendmail_mode {
	SENDMAIL_SEND,		/* -bm, and without a -b */
	SENDMAIL_LIST,		/* -bp, mailq */
	SENDMAIL_FLUSH,		/* -q */
	SENDMAIL_NOTHING,	/* -bi, newaliases, -bv */
	SENDMAIL_HELP, SENDMAIL_VERSION
};

struct sendmail_options {
	enum sendmail_mode mode;
	bool read_recipients;		/* -t */
	bool verbose;			/* -v */
	bool in_background;		/* -odb, -odq */
	const char *sender;		/* -f, -r; NULL: as the message says */
	const char *full_name;		/* -F */
	const char *notify, *ret, *envelope_id;	/* -N, -R, -V */
	const char *account;		/* --account */
	const char *require;		/* --require */
	char **recipients;		/* the rest; ends with NULL */
};

/* False: *why (constant) and *word say what cannot be taken. */
bool sendmail_options_read(int argc, char **argv,
			   struct sendmail_options *out, const char **why,
			   const char **word);

#endif
