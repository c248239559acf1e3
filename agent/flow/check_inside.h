/* check_inside.h - what the files of a check share: one journey's state */
#ifndef MAILSEAL_FLOW_CHECK_INSIDE_H
#define MAILSEAL_FLOW_CHECK_INSIDE_H

#include "agent/auth/arc.h"
#include "agent/auth/dkim.h"
#include "agent/auth/dmarc.h"
#include "agent/auth/spf.h"
#include "agent/flow/check.h"
#include "agent/flow/identity.h"
#include "agent/mail/author.h"

struct message;

/* Everything one check works with; lives in its arena. */
struct check {
	struct arena *arena;
	const struct memfile *file;
	const struct check_options *options;
	const struct world *world;
	struct dns_request *request;
	unsigned char *room;		/* PIECE_ROOM, for large files */
	uint64_t body_start;		/* in the file */
	struct message *message;
	struct author author;
	struct trace trace;
	struct authres_believed believed;
	struct facts facts;
	char id[IDENTITY_TEXT];
	int64_t arrived;
	bool memory_silent;		/* the store could not be asked: what
					 * is found is not left there */
	struct dkim_check *dkim;
	struct arc_check *arc;		/* NULL: nobody is trusted */
	struct spf_check *spf;
	struct dmarc_check *dmarc;
	struct dmarc_check *foreign[FOREIGN_MAX];
	struct dmarc_finding foreign_finding[FOREIGN_MAX];
};

/* check_await.c: every finding, and what was believed in their place. */
void check_await(struct check *check);

/* check_believe.c: Authentication-Results and ARC of those whom the user
 * trusts stand in where DMARC(From) failed. */
void check_believe_server(struct check *check);
void check_believe_sealer(struct check *check);
/* Asks early whether the domains that they name are aligned. */
void check_believe_expect(struct check *check, struct dmarc_check *dmarc);

/* check_memory.c: sets `arrived`, before anything is asked; takes what a
 * store knows to be a replay for no altered message. */
void check_arrived(struct check *check);
void check_replayed(struct check *check);
/* Whether what proves the sender was signed long before it came. */
void check_signed_before(struct check *check);

/* check_explain.c: NULL: the arena is full. */
struct value *check_report(struct check *check,
			   const struct judgement *judgement);

#endif
