/* cert.h - the certificates that Claws Mail asks about
 *
 * Claws Mail asks its user whether a certificate is right when it has not seen
 * it before.  In front of that question: what the agent verified (server.h) is
 * accepted without asking, by DANE also where no authority vouches for it, and
 * a server that the agent refuses gets no mail, whatever sends it: a window, a
 * flush of the queue, a receipt.  A certificate of a server that mail is sent
 * to is asked about at every connection: Claws Mail's copy is deleted.
 *
 * The second best: the session that the agent verified is another one than
 * that which carries the mail; they are known to end at the same certificate.
 * mailseal-sendmail as mail command has one session for both. */
#ifndef PLUGINS_CLAWS_CERT_H
#define PLUGINS_CLAWS_CERT_H

struct certs;
struct servers;
struct settings;

/* Both must outlive it. */
struct certs *certs_new(const struct settings *settings,
			struct servers *servers);

/* Claws Mail asks its user again.  NULL is allowed. */
void certs_free(struct certs *certs);

/* Asks for the accounts' servers before they are needed. */
void certs_warm(struct certs *certs);

#endif
