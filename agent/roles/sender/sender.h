/* sender.h - what the files of the sender share
 *
 * The role that composes, signs, encrypts and speaks with submission servers.
 * It has the network; it never sees a private key or incoming mail. */
#ifndef MAILSEAL_ROLES_SENDER_SENDER_H
#define MAILSEAL_ROLES_SENDER_SENDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/flow/account.h"

struct arena;
struct dane_trust;
struct dns_request;
struct frame;
struct openpgp_client;
struct resolver;
struct role_keys;
struct value;
struct workers;

struct submit_job;

struct sender {
	struct resolver *resolver;
	struct workers *workers;
	struct dane_trust *trust;	/* its CA store is filled by ROOTS */
	struct role_keys *keys;		/* role_keys.h */
	struct openpgp_client *openpgp;	/* role_pgp.h */
	struct authorities *authorities;	/* crypto/authorities.h */
	/* Set once by HELLO, before any request: */
	struct arena *settings_arena;
	struct value *settings;
	struct accounts accounts;
	/* Under the lock: */
	pthread_mutex_t lock;
	struct sender_job *jobs;	/* in hand */
	struct submit_job *submits;	/* sender/submit.c */
	struct kept_question *kept;	/* sender/kept.c */
	uint32_t next_kept;
};

/* Everything that a library would read later, too.  0; ERR_MEMORY. */
int sender_make(struct sender *sender);
/* Serves the front on ROLE_CHANNEL until it hangs up, ERR_GONE, or breaks the
 * rules, and lets go what sender_make() made. */
int sender_serve(struct sender *sender);
/* Lets go without having served. */
void sender_let_go(struct sender *sender);

/* A request in hand that CANCEL, or the end of the role, can give up. */
struct sender_job {
	struct sender_job *next;	/* sender::jobs */
	uint32_t id;			/* of the frame */
	int cancel_fd;			/* readable: nobody waits any more */
	struct dns_request *request;
	bool cancelled, committed;	/* under the sender's lock */
};

/* Registers it; `dns_deadline` is the request's.  NULL: no memory. */
struct sender_job *sender_job_new(struct sender *sender, uint32_t id,
				  int64_t dns_deadline);
void sender_job_free(struct sender *sender, struct sender_job *job);
void sender_cancel_all(struct sender *sender);
/* From now on it is not cancelled any more. False: it was. */
bool sender_job_commit(struct sender *sender, struct sender_job *job);

/* sender/ask.c: a person types the password into a pinentry. */
struct sender_question {
	const char *account, *user;
	const char *tty, *display;
	int cancel_fd;
	int64_t deadline;
};
struct buf;
/* Takes the descriptor over.  0; ERR_REFUSED, ERR_TIMEOUT, ERR_GONE with the
 * sentence in `why`. */
int sender_ask(int fd, const struct sender_question *question,
	       struct buf *secret, struct buf *why);

/* sender_kept.c: as seal_places::kept (flow/seal_plan.h), with the sender as
 * ctx: the front is asked. */
struct find_kept;
int sender_kept_ask(void *ctx, struct arena *arena, const char *address,
		    struct find_kept *out, size_t room);
/* Whether a mail answers an encrypted one (flow/answers.h), likewise. */
struct memfile;
int sender_answers(struct sender *sender, struct arena *arena,
		   const struct memfile *mail, struct buf *why);

/* protect_report.c: who signed, what the caller has to do beside it, and what
 * was not done. */
struct role_seal;
struct seal_plan;
void sender_protect_report(const struct role_seal *seal, struct arena *arena,
			   const struct seal_plan *plan,
			   struct value *report);

/* For dane_discover(). */
uint32_t sender_random(void);

/* Each serves one frame, with the sender as ctx (role.h). */
int sender_hello(void *ctx, struct frame *frame);
int sender_cancel(void *ctx, struct frame *frame);
int sender_roots(void *ctx, struct frame *frame);
int sender_server(void *ctx, struct frame *frame);
int sender_prepare(void *ctx, struct frame *frame);
int sender_submit(void *ctx, struct frame *frame);
int sender_secret(void *ctx, struct frame *frame);
int sender_find(void *ctx, struct frame *frame);
int sender_publish(void *ctx, struct frame *frame);
int sender_kept(void *ctx, struct frame *frame);
int sender_answered(void *ctx, struct frame *frame);
int sender_protect(void *ctx, struct frame *frame);

#define SENDER_FIND_MS 60000	/* DNS, gpg, and a person at a passphrase */

#endif
