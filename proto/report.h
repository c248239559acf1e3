/* report.h - inside libmailseal: making a report of a reply */
#ifndef MAILSEAL_PROTO_REPORT_H
#define MAILSEAL_PROTO_REPORT_H

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>

struct mailseal_report {
	DBusMessage *message;
	DBusMessageIter at;		/* at its a{sv} */
};

/* Takes the message over.  NULL: it holds no a{sv} (or a variant of one). */
struct mailseal_report *report_of(DBusMessage *reply);

/* The same where one other value stands in front. */
struct mailseal_report *report_behind(DBusMessage *reply);

/* The members of an aa{sv}, each with a reference of its own.  False: it
 * holds none, or there is no memory; then there are none. */
bool reports_of(DBusMessage *reply, struct mailseal_report **reports,
		size_t room, size_t *count);

/* `iter` at a variant: afterwards at what is in it. */
void report_unwrap(DBusMessageIter *iter);

/* The character at `at` if it turns the direction of writing, or ends a line;
 * else 0. */
unsigned text_turning(const unsigned char *at);

#endif
