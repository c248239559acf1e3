/* client.h - the asking role's way to the resolver role
 *
 * Any thread asks; the role's polling thread delivers.  TXT answers are kept
 * for their TTL, at most CLIENT_KEEP_MS. */
#ifndef MAILSEAL_DNS_CLIENT_H
#define MAILSEAL_DNS_CLIENT_H

#define CLIENT_KEEP_MS	30000	/* design 15 */

struct resolver;

struct resolver *dns_client_new(void);
void dns_client_free(struct resolver *resolver);	/* NULL is allowed */

/* Takes the channel over.  What is under way is asked again there. */
void dns_client_attach(struct resolver *resolver, int fd);

/* For poll(2); -1: there is no channel now. */
int dns_client_fd(struct resolver *resolver);

/* Delivers what came.  A channel that broke is closed; questions then wait
 * for a new one until their deadline. */
void dns_client_readable(struct resolver *resolver);

#endif
