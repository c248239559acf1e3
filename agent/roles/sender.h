/* sender.h - what the files of the sender share
 *
 * The role that composes, signs, encrypts and speaks with submission servers.
 * It has the network; it never sees a private key or incoming mail. */
#ifndef MAILSEAL_ROLES_SENDER_H
#define MAILSEAL_ROLES_SENDER_H

struct arena;
struct frame;
struct resolver;
struct value;
struct workers;

struct sender {
	struct resolver *resolver;
	struct workers *workers;
	/* Set once by HELLO, before any request: */
	struct arena *settings_arena;
	struct value *settings;
};

/* Each serves one frame, with the sender as ctx (role.h). */
int sender_hello(void *ctx, struct frame *frame);

#endif
