/* front.h - what the files of the front share
 *
 * The front owns the bus name and the other roles.  One thread polls and
 * never waits; it never looks into a message. */
#ifndef MAILSEAL_ROLES_FRONT_H
#define MAILSEAL_ROLES_FRONT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/base/bytes.h"

struct arena;
struct config;
struct frame;
struct front;
struct pending;
struct poison;
struct service;
struct service_call;
struct source;
struct value;

enum child_kind { CHILD_READER, CHILD_RESOLVER, CHILD_KINDS };
extern const char *const child_name[CHILD_KINDS];

#define CHILD_DEATHS_MAX	3	/* in CHILD_DEATHS_MS: stay down */
#define CHILD_DEATHS_MS		60000
#define CHILD_DOWN_MS		30000

/* One role's process, and how it fares. */
struct child {
	pid_t pid;			/* 0: not running */
	int fd;				/* its channel; -1 */
	bool ready;
	int64_t deaths[CHILD_DEATHS_MAX];	/* when; the oldest first */
	int64_t down_until;		/* 0: may run */
	struct arena *arena;		/* of what READY said */
	struct value *cage;		/* NULL: not ready yet */
};

struct front {
	struct config *config;
	struct service *service;
	struct child children[CHILD_KINDS];
	struct pending *pending;	/* checks in hand */
	struct poison *poison;		/* messages in hand at a death */
	uint32_t next_id;
	struct source *sources;		/* address books */
	int network_fd;			/* inotify on resolv.conf; -1 */
	int routes_fd;			/* netlink: addresses change; -1 */
	int64_t network_changed;	/* when to tell the resolver; 0: no */
	struct arena *state_arena;	/* of what the resolver says */
	struct value *state;
	char *home;
	char *anchors;			/* trust anchors as text */
	int lock_fd;
	int signal_fd;
	bool stop;
};

/* child.c */
int child_start(struct front *front, enum child_kind kind);
/* It hung up or broke the rules: gone for good; starts a new one unless too
 * many died. */
void child_lost(struct front *front, enum child_kind kind);
/* Starts what stayed down long enough. */
void child_revive(struct front *front, int64_t now);
bool child_is_up(const struct front *front, enum child_kind kind);
/* Ends every child and waits for it. */
void child_stop_all(struct front *front);

/* front_hello.c: what a new role is told. */
int front_greet(struct front *front, enum child_kind kind);
int front_send_network(struct front *front);

/* front_check.c */
void front_check(void *ctx, struct service_call *call, int message,
		 const struct value *options);
void front_gone(void *ctx, struct service_call *call);
void front_report(struct front *front, struct frame *frame);
void front_failure(struct front *front, struct frame *frame);
/* The reader died: every caller gets an error, messages are remembered. */
void pending_lost(struct front *front);
/* Callers whose time is long over get their error. */
void pending_expire(struct front *front, int64_t now);
int64_t pending_next(const struct front *front);	/* -1: none */
void pending_free(struct front *front);

/* poison.c: a message in hand at two deaths is not tried again. */
#define POISON_DEATHS 2
void poison_note(struct poison **list, int message);
unsigned poison_count(const struct poison *list, int message);
void poison_free(struct poison *list);

/* front_books.c */
int books_load(struct front *front);		/* opens every source */
void books_parsed(struct front *front, struct frame *frame);
void books_failed(struct front *front, uint32_t id, const char *sentence);
void books_send(struct front *front);		/* the map, to the reader */
void books_describe(struct front *front, struct arena *arena,
		    struct value *into);
/* Whether every source that was asked for was answered. */
bool books_settled(const struct front *front);
void books_free(struct front *front);
bool books_changed(struct front *front);	/* a source file is newer */

/* network.c */
int network_watch(struct front *front);
void network_readable(struct front *front, int64_t now);
/* The forwarders of this network as "address@port" texts in `list`. */
void network_forwarders(struct arena *arena, struct value *list);

/* front_status.c */
bool front_property(void *ctx, struct arena *arena, const char *name,
		    struct value *into);

/* state_folder.c: the lock of "one agent a user".  0; or an error with the
 * sentence in `why`. */
int state_folder_lock(char *why, unsigned why_size);

#endif
