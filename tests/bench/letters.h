/* letters.h - the messages that are measured: of a size, signed by a key
 *
 * As mail is: a dozen fields of trace and content, lines of words and some
 * blank lines, CRLF; each a little different.  Alice signs From, To, Subject,
 * Date and the like, relaxed/relaxed. */
#ifndef MAILSEAL_TESTS_LETTERS_H
#define MAILSEAL_TESTS_LETTERS_H

#include "agent/base/bytes.h"
#include "tests/lab/dkim_signer.h"

#define LETTERS_MAX	32
#define LETTER_DOMAIN	"example.org"
#define LETTER_SELECTOR	"lab"
#define LETTER_FIELDS	"from:to:cc:subject:date:message-id:mime-version:" \
			"content-type:reply-to:list-unsubscribe"

struct letters {
	char *texts[LETTERS_MAX];
	struct bytes list[LETTERS_MAX];
	size_t count;
};

/* Every line ends with LF alone, as Maildirs keep mail. */
void letters_as_kept(struct letters *letters);

/* `size`: octets of the whole, nearly. */
void letters_write(struct letters *letters, const struct dkim_lab_key *key,
		   size_t size, size_t count);
void letters_free(struct letters *letters);

#endif
