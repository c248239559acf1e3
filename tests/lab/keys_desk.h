/* keys_desk.h - a keeper in a thread: the real vault behind a real socket
 *
 * For tests of both sides of the wall without a process.  Keys are handed in
 * unlocked. */
#ifndef MAILSEAL_LAB_KEYS_DESK_H
#define MAILSEAL_LAB_KEYS_DESK_H

#include <openssl/types.h>

#include "agent/keys/link.h"
#include "agent/keys/vault.h"

struct keys_desk;

struct keys_desk *keys_desk_new(void);
void keys_desk_free(struct keys_desk *desk);
struct keys_link *keys_desk_link(struct keys_desk *desk);

/* The vault, for this thread alone until keys_desk_let_go(). */
struct vault *keys_desk_hold(struct keys_desk *desk);
void keys_desk_let_go(struct keys_desk *desk);

/* What time the vault thinks it is; it stands still. */
void keys_desk_clock(struct keys_desk *desk, int64_t now);

/* Puts a copy of the key in, unlocked, and gives what stands for it here. */
EVP_PKEY *keys_desk_add(struct keys_desk *desk, EVP_PKEY *key, unsigned usage);

/* Ends the keeper's thread as if it had been killed. */
void keys_desk_kill(struct keys_desk *desk);
/* A new one in its place, with an empty vault, attached to the link. */
void keys_desk_restart(struct keys_desk *desk);

#endif
