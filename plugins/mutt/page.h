/* page.h - the text below the header block, on its way into Mutt's pager
 *
 * It passes as it is, but for two lines.  Mutt believes a signature whose check
 * begins with PAGE_BELIEVED, and compares the signer with From in its last line
 * on the screen only; mailseal-smime says behind it whom the signature counts
 * for, and here From is known.  mailseal-pgp says so too: Mutt told it of the
 * first author alone.  And the line that says that a command of this Mutt
 * decrypted something (opened.h) is for us alone.
 * Does not do: judge a signature. */
#ifndef MAILSEAL_MUTT_PAGE_H
#define MAILSEAL_MUTT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "plugins/mutt/opened.h"

#define PAGE_LINE	2048	/* bytes; longer ones are none of ours */
#define PAGE_BELIEVED	"Verification successful"
/* and addresses, with ", " between, and a full stop */
#define PAGE_SIGNER	"mailseal: The signature counts for mail from "

struct page {
	FILE *to;
	const char *from;		/* the address; "": none */
	const char *name;		/* of the Mutt; NULL: not known */
	char line[PAGE_LINE];		/* that has not ended yet */
	size_t used;
	bool passing;			/* in a line that is too long */
	bool believed;			/* PAGE_BELIEVED is held back */
	enum opened_note opened;	/* OPENED_FIRST if one line said so */
};

/* All zero but `to`, `from` and `name` at first. */
void page_put(struct page *page, const char *text, size_t len);
/* What was held back. */
void page_end(struct page *page);

#endif
