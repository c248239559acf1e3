/* roles.h - the roles that there are, and how each starts
 *
 * `mailseald --role=NAME` with its channel to the front on ROLE_CHANNEL: the
 * front starts them so, nobody else does. */
#ifndef MAILSEAL_ROLES_ROLES_H
#define MAILSEAL_ROLES_ROLES_H

#include <stdbool.h>

#define ROLE_CHANNEL 3		/* the descriptor */

struct config;
struct sandbox_state;
struct value;
struct arena;

/* Each runs until the front hangs up; the exit status. */
int reader_main(void);
int resolver_main(void);
int sender_main(void);
int keeper_main(void);

/* No role, but started like one: serves one request of the front and ends. */
int clerk_main(void);
int pgp_main(void);

/* Runs until told to stop; the exit status (sysexits). `config` is taken
 * over. */
int front_main(struct config *config);

/* READY: what is in force, as the property Sandbox shows it. */
int role_ready(const struct sandbox_state *state);

#endif
