/* peer_excuses.h - why peers may differ from us on a letter, as a table */
#ifndef MAILSEAL_TESTS_PEER_EXCUSES_H
#define MAILSEAL_TESTS_PEER_EXCUSES_H

#include <stdbool.h>

#define LETTER_CODE_MAX	48

enum peer { OPENDKIM = 1, DKIMPY = 2, MAILDKIM = 4, ALL = 7, /* that are lax */
	    MAILAUTH_DKIM = 8, RSPAMD = 16 };

struct letter {
	char *text;
	bool ours;
	char code[LETTER_CODE_MAX];		/* "pass", or our reason */
	int peers;			/* that pass it */
	/* What makes peers differ where we pass: */
	bool from_twice, no_from, stray_line, semicolon;
	bool twice;			/* a field that may stand once */
};

/* Whether the table has a reason; it counts how often. */
bool peer_is_excused(const struct letter *letter, enum peer peer);
void peer_excuses_print(void);

#endif
