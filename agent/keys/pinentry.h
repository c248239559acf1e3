/* pinentry.h - asking a person, through the user's pinentry
 *
 * The dialogue of pinentry (its manual, "Protocol"): lines of the Assuan
 * protocol over a connected stream socket whose other end is the program's
 * standard input and output.  Never blocks, so that who asks can go on; what
 * the person types goes from the socket into locked memory (OpenSSL's secure
 * heap) and nowhere else, which is why this is not libassuan's client: that
 * one waits, and keeps lines in ordinary memory.
 * Does not do: start the program. */
#ifndef MAILSEAL_KEYS_PINENTRY_H
#define MAILSEAL_KEYS_PINENTRY_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define PINENTRY_SECRET_MAX	1024	/* bytes */
#define PINENTRY_WAIT_MS	300000	/* for a person */

enum pinentry_kind {
	PINENTRY_OLD,		/* a passphrase that exists */
	PINENTRY_NEW,		/* one to be, typed twice, not empty */
	PINENTRY_CONFIRM	/* yes or no */
};

/* Texts may be NULL or long; they are copied, cut and made harmless. */
struct pinentry_question {
	enum pinentry_kind kind;
	const char *title, *description, *prompt;
	const char *tty, *term, *display;	/* the caller's */
};

enum pinentry_outcome {
	PINENTRY_ASKING,	/* not over yet */
	PINENTRY_ANSWERED,	/* the secret, or yes */
	PINENTRY_CANCELLED,	/* or no */
	PINENTRY_TIMED_OUT,
	PINENTRY_BROKEN		/* no pinentry, or one that cannot ask */
};

struct pinentry;

/* Takes the descriptor over.  `now` as clock_now_ms(). NULL: no memory. */
struct pinentry *pinentry_start(int fd, const struct pinentry_question *what,
				int64_t now);
/* Hangs up and wipes; NULL is allowed. */
void pinentry_free(struct pinentry *pinentry);

/* For poll(): the descriptor, what to wait for, and until when. */
int pinentry_fd(const struct pinentry *pinentry);
short pinentry_events(const struct pinentry *pinentry);
int64_t pinentry_deadline(const struct pinentry *pinentry);

/* The time for a person begins now, not at the start. */
void pinentry_wait(struct pinentry *pinentry, int64_t now);

/* Goes on as far as it can. */
enum pinentry_outcome pinentry_work(struct pinentry *pinentry, int64_t now);

/* After PINENTRY_ANSWERED; good until asked again or freed. */
struct bytes pinentry_secret(const struct pinentry *pinentry);

/* After PINENTRY_ANSWERED: it was wrong, `error` says why; asks again. */
void pinentry_again(struct pinentry *pinentry, const char *error, int64_t now);

/* After PINENTRY_BROKEN: what the program said; "" when nothing. */
const char *pinentry_complaint(const struct pinentry *pinentry);

#endif
