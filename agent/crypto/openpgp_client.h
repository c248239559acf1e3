/* openpgp_client.h - an asker's way to the role that drives gpg
 *
 * docs/channel.md, "Askers to pgp".  A request goes out on the channel, by any
 * number of threads at once; all else of it has pipes of its own
 * (openpgp_talk.h).
 * Does not do: know what the requests mean. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_CLIENT_H
#define MAILSEAL_CRYPTO_OPENPGP_CLIENT_H

#include <stdint.h>

#include "agent/base/channel.h"

#define OPENPGP_START_MS 15000	/* until the role has to be there */

struct openpgp_client;

/* `need` is called, by any thread, when a request comes and there is no
 * channel: somebody starts the role and attaches one.  NULL: nobody does. */
struct openpgp_client *openpgp_client_new(void (*need)(void *ctx),
					  void *ctx);
/* NULL is allowed.  Nobody may be asking any more. */
void openpgp_client_free(struct openpgp_client *client);

/* Takes the channel over, in the place of the one before. */
void openpgp_client_attach(struct openpgp_client *client, int fd);

/* 0: sent; ERR_GONE: there is no channel, within `until`. */
int openpgp_client_send(struct openpgp_client *client,
			const struct frame *frame, int64_t until);

#endif
