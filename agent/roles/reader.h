/* reader.h - what the files of the reader share */
#ifndef MAILSEAL_ROLES_READER_H
#define MAILSEAL_ROLES_READER_H

#include <pthread.h>

#include "agent/flow/check.h"

struct frame;
struct resolver;
struct workers;
struct check_job;
struct contacts;

/* The contacts in use; a check keeps them while it runs. */
struct book {
	struct contacts *contacts;
	unsigned users;
};

struct reader {
	struct resolver *resolver;
	struct workers *workers;
	/* Set once by HELLO, before any check: */
	struct arena *settings;
	struct verdict_policy policy;
	struct patterns relays, authservs, sealers;
	/* Under the lock: */
	pthread_mutex_t lock;
	struct book *book;
	struct check_job *jobs;		/* in hand */
};

/* Each serves one frame, with the reader as ctx (role.h). */
int reader_hello(void *ctx, struct frame *frame);
int reader_check(void *ctx, struct frame *frame);
int reader_cancel(void *ctx, struct frame *frame);
int reader_parse(void *ctx, struct frame *frame);
int reader_contacts(void *ctx, struct frame *frame);

struct book *book_hold(struct reader *reader);	/* NULL: there is none */
void book_let_go(struct reader *reader, struct book *book);

void reader_cancel_all(struct reader *reader);
void reader_free(struct reader *reader);

#endif
