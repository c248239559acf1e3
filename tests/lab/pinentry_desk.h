/* pinentry_desk.h - a pinentry in a thread, answering from a list */
#ifndef MAILSEAL_LAB_PINENTRY_DESK_H
#define MAILSEAL_LAB_PINENTRY_DESK_H

struct pinentry_desk;

/* Words: a passphrase for each GETPIN or CONFIRM, one behind the other,
 * separated by '|'; "!cancel", "!timeout", "!die", "!wait" (for ever) are
 * what they say.  The other end of its socket is *fd. */
struct pinentry_desk *pinentry_desk_new(const char *words, int *fd);
/* Waits for its end; the number of questions that it was asked. */
int pinentry_desk_free(struct pinentry_desk *desk);

#endif
