/* server.h - the resolver role's loop: askers, questions, deadlines
 *
 * Every question has a deadline here, because libunbound has none (a black
 * hole takes 17 s, later ones 84 s).  A domain that let one pass is answered
 * SILENT at once for SERVER_SILENT_MS, so that it stops nobody else. */
#ifndef MAILSEAL_DNS_SERVER_H
#define MAILSEAL_DNS_SERVER_H

#define SERVER_CLIENTS_MAX	8
#define SERVER_QUESTIONS_MAX	20000	/* under way */
#define SERVER_SILENT_MS	60000
#define SERVER_PATIENCE_MS	1000	/* given less, nobody is silent */

/* Serves until the front hangs up on `front`.  0, or an error. */
int dns_server_run(int front);

#endif
