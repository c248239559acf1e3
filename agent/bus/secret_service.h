/* secret_service.h - a password out of the desktop's Secret Service
 *
 * https://specifications.freedesktop.org/secret-service-spec (GNOME Keyring,
 * KWallet, KeePassXC).  Runs in a process of its own, started by the front,
 * whose standard output is a pipe to the sender: the one place of the agent
 * where libdbus holds a secret, and it ends at once. */
#ifndef MAILSEAL_BUS_SECRET_SERVICE_H
#define MAILSEAL_BUS_SECRET_SERVICE_H

/* The secret of the item with the attributes service=smtp, host (left out
 * where it is "") and user, and a line end, to standard output.  A person may
 * be asked to unlock the collection.  The exit status (sysexits). */
int secret_service_main(const char *host, const char *user);

#endif
