/* client_certificate.h - what an account shows to a server that asks who it is
 *
 * One of the user's own certificates; its key stays in the keeper, which signs
 * the handshake (RFC 8446 section 4.4.3, RFC 5246 section 7.4.8).  The server
 * is verified before it gets to see anything of it.
 * Does not do: unlock the key. */
#ifndef MAILSEAL_FLOW_CLIENT_CERTIFICATE_H
#define MAILSEAL_FLOW_CLIENT_CERTIFICATE_H

struct dane_identity;
struct keys_link;
struct own;

/* `digits`: the first of the key's name, or of the certificate's fingerprint.
 * *out is good as long as `own` is, and to be given back in any case.  0;
 * ERR_REFUSED: none has it; ERR_UNSUPPORTED; ERR_MEMORY. */
int client_certificate_find(const struct own *own, struct keys_link *link,
			    const char *digits, struct dane_identity *out);
void client_certificate_free(struct dane_identity *identity);

/* After a connection that failed: a sentence if it was for the key's sake;
 * else NULL. */
const char *client_certificate_fault(const struct dane_identity *identity);

#endif
