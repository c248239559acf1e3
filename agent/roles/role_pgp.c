/* role_pgp.c - gpg, as reader and sender have it */
#include "agent/roles/role_pgp.h"

#include <stddef.h>

#include "agent/crypto/openpgp_client.h"
#include "agent/roles/role.h"

static void need(void *ctx)
{
	(void)ctx;
	role_want(FRAME_PGP);
}

struct openpgp_client *role_pgp_new(void)
{
	return openpgp_client_new(need, NULL);
}

int role_pgp_channel(struct openpgp_client *client, struct frame *frame)
{
	openpgp_client_attach(client, frame_take(frame, 0));
	return 0;
}

int role_pgp_refused(struct openpgp_client *client, struct frame *frame)
{
	if (role_wanted(frame) == FRAME_PGP)
		openpgp_client_attach(client, -1);
	return 0;
}
