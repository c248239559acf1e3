/* login.h - what logind says: the machine will sleep, a session is locked
 *
 * org.freedesktop.login1(5), on the system bus: PrepareForSleep, Lock, and the
 * property LockedHint that desktops set when they lock by themselves.  While
 * it is held, a delay inhibitor makes the machine wait for us before it
 * sleeps.  Without a system bus nothing is heard, and nothing breaks.
 * Does not do: tell sessions apart. */
#ifndef MAILSEAL_BUS_LOGIN_H
#define MAILSEAL_BUS_LOGIN_H

struct login;

enum login_event {
	LOGIN_SLEEPS,		/* soon: login_go_to_sleep() lets it */
	LOGIN_WAKES,
	LOGIN_LOCKED		/* a session's screen */
};

/* NULL: there is no system bus. */
struct login *login_new(void (*heard)(void *ctx, enum login_event event),
			void *ctx);
void login_free(struct login *login);	/* NULL is allowed */

/* For poll(), and when there is something to read.  Negative: the bus is
 * gone. */
int login_fd(const struct login *login);
int login_work(struct login *login);

/* What had to be done before sleeping is done. */
void login_go_to_sleep(struct login *login);

#endif
