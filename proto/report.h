/* report.h - inside libmailseal: making a report of a reply */
#ifndef MAILSEAL_PROTO_REPORT_H
#define MAILSEAL_PROTO_REPORT_H

#include <dbus/dbus.h>

struct mailseal_report;

/* Takes the message over.  NULL: it holds no a{sv}. */
struct mailseal_report *report_of(DBusMessage *reply);

#endif
