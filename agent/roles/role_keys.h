/* role_keys.h - the user's own keys, as reader and sender have them
 *
 * A link to the keeper, and the certificates of its keys, which the front
 * sends anew whenever they change.  A job holds the certificates that there
 * are when it begins.  Threads may do so at once. */
#ifndef MAILSEAL_ROLES_ROLE_KEYS_H
#define MAILSEAL_ROLES_ROLE_KEYS_H

struct certificate;
struct frame;
struct keys_link;
struct own;
struct role_keys;

/* Before the cage closes.  NULL: OpenSSL cannot, or no memory. */
struct role_keys *role_keys_new(void);
void role_keys_free(struct role_keys *keys);	/* NULL is allowed */

struct keys_link *role_keys_link(struct role_keys *keys);

/* Never NULL but without memory; without keys it is empty. */
struct own *role_keys_hold(struct role_keys *keys);
/* What certificate_read() says of each of its certificates, as long as it is
 * held; NULL: it cannot be told. */
const struct certificate *role_keys_facts(struct role_keys *keys,
					  const struct own *own);
void role_keys_let_go(struct role_keys *keys, struct own *own);

/* FRAME_KEYS, FRAME_WANT (a keeper cannot be had) and FRAME_KEY_OWN.
 * Negative: the front broke the rules. */
int role_keys_channel(struct role_keys *keys, struct frame *frame);
int role_keys_refused(struct role_keys *keys, struct frame *frame);
int role_keys_own(struct role_keys *keys, struct frame *frame);

#endif
