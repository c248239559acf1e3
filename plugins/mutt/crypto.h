/* crypto.h - what the commands behind Mutt's crypto menus share
 *
 * Mutt calls mailseal-smime and mailseal-pgp by its configuration, with words
 * "x=VALUE" (a file, a key) and others behind them.  Everything is done by the
 * agent's Entity1.  The terminal belongs to Mutt: nothing is read from it.
 * Standard output gets a whole answer or nothing, since Mutt does not look at
 * the exit status everywhere. */
#ifndef MAILSEAL_MUTT_CRYPTO_H
#define MAILSEAL_MUTT_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "plugins/mutt/opened.h"
#include "proto/mailseal.h"

#define CRYPTO_WHY_MAX	16384	/* names every recipient */
#define CRYPTO_PLACES	3
#define CRYPTO_FOLDER	"mailseal-mutt"	/* of the runtime folder */

struct crypto_call {
	const char *program;
	const char *values[26];		/* of "a=" to "z=", NULL: not given */
	const char **rest;		/* the other words, NULL at the end */
	size_t rest_count;
	struct mailseal *mailseal;
	enum opened_note opened;	/* what was decrypted */
};

/* One thing that Mutt asks for.  Exit status. */
struct crypto_verb {
	const char *name;
	int (*serve)(struct crypto_call *call);
};

/* Everything but the verbs: options, words, the connection.  `verbs` ends with
 * a name NULL.  Exit status. */
int crypto_main(int argc, char **argv, const char *program,
		const char *usage, const struct crypto_verb *verbs);

const char *crypto_value(const struct crypto_call *call, char letter);

/* A sentence on standard error, which Mutt shows and looks for words of its own
 * in: always one line. */
void crypto_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The connection; NULL: said why. */
struct mailseal *crypto_bus(struct crypto_call *call);
/* The same to an agent that does not hang, for a call that may take long. */
struct mailseal *crypto_agent(struct crypto_call *call);

/* The file that "x=" names, or -1: said why. */
int crypto_file(const struct crypto_call *call, char letter);

/* A sealed descriptor: that text, the whole of `fd` (-1: nothing), the text
 * behind.  -1: said why. */
int crypto_wrap(const char *before, int fd, const char *behind);

/* Where the person is, for pinentry. */
void crypto_places(struct mailseal_option options[CRYPTO_PLACES]);

/* Ends a call that gives content: the whole of it in *content (to be closed),
 * *size octets.  False: said why. */
bool crypto_content(struct crypto_call *call, struct mailseal_pending *pending,
		    int *content, size_t *size,
		    struct mailseal_report **report);

/* Entity1.Decrypt of `entity`, which is closed.  What was encrypted is noted
 * before any of it can be given to Mutt; crypto_opened() says so. */
bool crypto_decrypt(struct crypto_call *call, int entity, int *content,
		    size_t *size, struct mailseal_report **report);

/* Behind what else there is to say: for the display filter. */
void crypto_opened(const struct crypto_call *call);

/* Entity1.Verify of the files "f=" and "s="; NULL: said why. */
struct mailseal_report *crypto_verify(struct crypto_call *call,
				      const char *scheme);

/* To standard output, whole; closes it.  Exit status. */
int crypto_give(int content);

/* The agent's sentences on what it found. */
void crypto_tell(const struct mailseal_report *report);

/* Whether a text of the report is that word. */
bool crypto_is(const struct mailseal_report *report, const char *key,
	       const char *word);

/* The verb for an encrypted part that is not the message: says so. */
int crypto_closed(struct crypto_call *call);

#endif
