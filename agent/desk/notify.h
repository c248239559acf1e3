/* notify.h - desktop notifications, in a thread of their own
 *
 * libnotify's calls wait for the notification daemon, 25 s each when it is
 * stopped; so everything of it happens in one thread, with a main context of
 * its own, started by the first notice.  Telling never waits.  A daemon that
 * is away, stopped or full changes nothing but that nothing is shown.
 * https://specifications.freedesktop.org/notification-spec */
#ifndef MAILSEAL_DESK_NOTIFY_H
#define MAILSEAL_DESK_NOTIFY_H

#include "agent/desk/notice.h"

struct notify;

enum notify_act { NOTIFY_EXPLAIN, NOTIFY_TRUST };

/* What the user chose. */
struct notify_choice {
	enum notify_act act;
	enum notice_kind kind;
	char id[NOTICE_ID_MAX];		/* "": several messages */
	char who[NOTICE_TEXT_MAX];
};

struct notify *notify_new(void);		/* NULL: no memory */
void notify_free(struct notify *notify);	/* NULL is allowed */

/* From one thread. */
void notify_tell(struct notify *notify, const struct notice *notice);

/* For poll(2): readable when there is a choice to take. */
int notify_fd(const struct notify *notify);
/* False: there is none (any more). */
bool notify_take(struct notify *notify, struct notify_choice *out);

#endif
