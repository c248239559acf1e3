/* suggest.h - which trusted-relay and trusted-authserv lines a folder asks for
 *
 * What the user's own servers wrote stands on top of every message of a
 * folder; what senders wrote differs from message to message.  From many
 * messages a guess comes out, with how many messages bear it.  Proposals
 * alone: nothing here is believed by anybody, and nothing is concluded from
 * few messages or few senders.
 * Does not do: open files, change a configuration. */
#ifndef MAILSEAL_MAIL_SUGGEST_H
#define MAILSEAL_MAIL_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct message;
struct suggest;

#define SUGGEST_MESSAGES_MAX	5000	/* messages that are looked at */
#define SUGGEST_MESSAGES_MIN	5	/* that bear a proposal, at least */
#define SUGGEST_SENDERS_MIN	3	/* author domains among them */
#define SUGGEST_SHARE		10	/* per cent of all messages */
#define SUGGEST_LINES_MAX	32

/* NULL: no memory. */
struct suggest *suggest_new(void);
void suggest_free(struct suggest *suggest);	/* NULL is allowed */

/* Remembers what the message's trace says.  0; ERR_LIMIT: there were enough
 * messages, or too many names. */
int suggest_add(struct suggest *suggest, const struct message *message);

enum suggest_kind { SUGGEST_RELAY, SUGGEST_AUTHSERV };

struct suggest_line {
	enum suggest_kind kind;
	const char *value;	/* "mx.example.net", "*.example.net",
				 * "none:outlook.com" */
	size_t messages;	/* that bear it */
	const char *doubt;	/* why it should not be taken over as it is,
				 * a sentence; NULL: none */
};

struct suggest_lines {
	struct suggest_line list[SUGGEST_LINES_MAX];
	size_t count;
	size_t messages;	/* looked at */
};

/* The proposals, relays first; strings live in `arena`.  0 or ERR_LIMIT. */
int suggest_conclude(const struct suggest *suggest, struct arena *arena,
		     struct suggest_lines *out);

#endif
