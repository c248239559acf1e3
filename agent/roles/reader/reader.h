/* reader.h - what the files of the reader share */
#ifndef MAILSEAL_ROLES_READER_READER_H
#define MAILSEAL_ROLES_READER_READER_H

#include <pthread.h>

#include "agent/flow/check.h"

struct frame;
struct resolver;
struct workers;
struct authorities;
struct check_job;
struct contacts;
struct lookup;
struct open_job;
struct role_keys;
struct openpgp_client;

#define FRONT_CALLER	0	/* the front's own work, for fairness */

/* When DNS may be asked (design 6, lookup). */
enum reader_lookup { READER_LOOKUP_ARRIVAL, READER_LOOKUP_VIEW,
		     READER_LOOKUP_NEVER };

/* The contacts in use; a check keeps them while it runs. */
struct book {
	struct contacts *contacts;
	unsigned users;
};

struct reader {
	struct resolver *resolver;
	struct workers *workers;
	struct role_keys *keys;		/* role_keys.h */
	struct openpgp_client *openpgp;	/* role_pgp.h */
	struct authorities *authorities;	/* authorities.h */
	/* Set once by HELLO, before any check: */
	struct arena *settings;
	struct verdict_policy policy;
	struct patterns relays, authservs, sealers, own;
	enum reader_lookup lookup;
	struct seen *seen;		/* what the store may have */
	/* Under the lock: */
	pthread_mutex_t lock;
	struct book *book;
	struct check_job *jobs;		/* in hand */
	struct open_job *opens;		/* reader/open.c */
	struct lookup *lookups;		/* reader/memory.c */
};

/* Everything that a library would read later, too.  0; ERR_MEMORY. */
int reader_make(struct reader *reader);
/* Serves the front on ROLE_CHANNEL until it hangs up, ERR_GONE, or breaks the
 * rules, and lets go what reader_make() made. */
int reader_serve(struct reader *reader);
/* Lets go without having served. */
void reader_let_go(struct reader *reader);

/* Gives up those of that id; 0: all. */
void reader_open_cancel(struct reader *reader, uint32_t id);

/* Each serves one frame, with the reader as ctx (role.h). */
int reader_hello(void *ctx, struct frame *frame);
int reader_check(void *ctx, struct frame *frame);
int reader_cancel(void *ctx, struct frame *frame);
int reader_parse(void *ctx, struct frame *frame);
int reader_contacts(void *ctx, struct frame *frame);
int reader_known(void *ctx, struct frame *frame);
int reader_people(void *ctx, struct frame *frame);
int reader_open(void *ctx, struct frame *frame);	/* and VERIFY */

int reader_suggest(void *ctx, struct frame *frame);
int reader_recall(void *ctx, struct frame *frame);

/* The settings, the contacts of `book` (NULL: none), and now. */
void reader_world(const struct reader *reader, const struct book *book,
		  struct world *world);

struct book *book_hold(struct reader *reader);	/* NULL: there is none */
void book_let_go(struct reader *reader, struct book *book);

void reader_cancel_all(struct reader *reader);
void reader_free(struct reader *reader);

#endif
