/* call.h - inside libmailseal: making calls, and ending them */
#ifndef MAILSEAL_PROTO_CALL_H
#define MAILSEAL_PROTO_CALL_H

#include <dbus/dbus.h>

#include "proto/mailseal.h"

#define CALL_NAME	"org.mailseal.Agent1"
#define CALL_PATH	"/org/mailseal/Agent1"
#define CALL_SHORT_MS	20000	/* what needs no mail and no network; the agent
				 * may have to be started first */

struct mailseal {
	DBusConnection *bus;
	DBusPendingCall *hello;	/* the bus lets us in when it is answered */
	bool late;		/* the last call was never sent */
	char error[64];		/* the last one's name; see mailseal_error */
	int64_t until;		/* 0, or when every call has ended */
};

/* The clock of `until`. */
int64_t call_now_ms(void);

/* A call of the agent; NULL: no memory. */
DBusMessage *call_new(const char *interface, const char *method);

/* Adds the a{sv} at the end.  False: no memory, or a text is no UTF-8. */
bool call_options(DBusMessageIter *iter,
		  const struct mailseal_option *options);

/* A call with its arguments as the interface definition has them, one for
 * each member of `signature`: s const char *; h int; u, q, b unsigned;
 * "as" const char *const *, NULL at its end; "a{sv}" const struct
 * mailseal_option * (NULL: none).  NULL: no memory, or a text is no UTF-8. */
DBusMessage *call_make(const char *interface, const char *method,
		       const char *signature, ...);

/* Sends and lets `message` go (NULL is allowed).  NULL: no memory, or the bus
 * is gone. */
struct mailseal_pending *call_start(struct mailseal *mailseal,
				    DBusMessage *message, int ms);

/* Waits for the answer and lets the question go.  On MAILSEAL_OK *reply is
 * the caller's; else `why` has the sentence.  pending NULL: NO_MEMORY. */
enum mailseal_status call_end(struct mailseal *mailseal,
			      struct mailseal_pending *pending,
			      DBusMessage **reply, char *why,
			      size_t why_size);

#endif
