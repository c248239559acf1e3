/* sender.h - what the files of the sender share
 *
 * The role that composes, signs, encrypts and speaks with submission servers.
 * It has the network; it never sees a private key or incoming mail. */
#ifndef MAILSEAL_ROLES_SENDER_H
#define MAILSEAL_ROLES_SENDER_H

#include <pthread.h>
#include <stdint.h>

struct arena;
struct dane_trust;
struct dns_request;
struct frame;
struct resolver;
struct value;
struct workers;

struct sender {
	struct resolver *resolver;
	struct workers *workers;
	struct dane_trust *trust;	/* its CA store is filled by ROOTS */
	/* Set once by HELLO, before any request: */
	struct arena *settings_arena;
	struct value *settings;
	/* Under the lock: */
	pthread_mutex_t lock;
	struct sender_job *jobs;	/* in hand */
};

/* A request in hand that CANCEL, or the end of the role, can give up. */
struct sender_job {
	struct sender_job *next;	/* sender::jobs */
	uint32_t id;			/* of the frame */
	int cancel_fd;			/* readable: nobody waits any more */
	struct dns_request *request;
};

/* Registers it; `dns_deadline` is the request's.  NULL: no memory. */
struct sender_job *sender_job_new(struct sender *sender, uint32_t id,
				  int64_t dns_deadline);
void sender_job_free(struct sender *sender, struct sender_job *job);
void sender_cancel_all(struct sender *sender);

/* Each serves one frame, with the sender as ctx (role.h). */
int sender_hello(void *ctx, struct frame *frame);
int sender_cancel(void *ctx, struct frame *frame);
int sender_roots(void *ctx, struct frame *frame);
int sender_server(void *ctx, struct frame *frame);

#endif
