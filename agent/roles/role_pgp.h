/* role_pgp.h - gpg, as reader and sender have it
 *
 * The front makes the channel when one of them first needs it. */
#ifndef MAILSEAL_ROLES_ROLE_PGP_H
#define MAILSEAL_ROLES_ROLE_PGP_H

struct frame;
struct openpgp_client;

/* NULL: no memory. */
struct openpgp_client *role_pgp_new(void);

/* FRAME_PGP: the channel, and FRAME_WANT: it cannot be had.  0; negative: the
 * front broke the rules. */
int role_pgp_channel(struct openpgp_client *client, struct frame *frame);
int role_pgp_refused(struct openpgp_client *client, struct frame *frame);

#endif
