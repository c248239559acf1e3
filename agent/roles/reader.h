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
	struct patterns relays, authservs;
	/* Under the lock: */
	pthread_mutex_t lock;
	struct book *book;
	struct check_job *jobs;		/* in hand */
};

/* Each serves one frame; negative: the front broke the rules. */
int reader_hello(struct reader *reader, struct frame *frame);
int reader_dns(struct reader *reader, struct frame *frame);
int reader_check(struct reader *reader, struct frame *frame);
int reader_cancel(struct reader *reader, struct frame *frame);
int reader_parse(struct reader *reader, struct frame *frame);
int reader_contacts(struct reader *reader, struct frame *frame);

struct book *book_hold(struct reader *reader);	/* NULL: there is none */
void book_let_go(struct reader *reader, struct book *book);

void reader_cancel_all(struct reader *reader);
void reader_free(struct reader *reader);

/* A frame to the front that says what went wrong. */
void reader_fail(uint32_t id, const char *name, const char *sentence);

#endif
