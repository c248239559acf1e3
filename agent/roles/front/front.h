/* front.h - what the files of the front share
 *
 * The front owns the bus name and the other roles.  One thread polls and
 * never waits; it never looks into a message. */
#ifndef MAILSEAL_ROLES_FRONT_FRONT_H
#define MAILSEAL_ROLES_FRONT_FRONT_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/bus/service.h"
#include "agent/roles/front/child.h"

struct arrivals;
struct books;
struct config;
struct errands;
struct frame;
struct notices;
struct front_keys;
struct helper;
struct poison;
struct seal_call;
struct queue;
struct seen;
struct store;
struct watch;

/* When something is due.  Embedded by its owner, linked once. */
struct timer {
	int64_t at;			/* as clock_now_ms(); 0: never */
	void (*due)(struct front *front, void *ctx);	/* `at` is 0 then */
	void *ctx;
	struct timer *next;		/* front::timers */
};

struct front {
	struct config *config;
	struct service *service;
	struct child children[CHILD_KINDS];
	struct errands *errands;	/* requests in hand */
	struct poison *poison;		/* messages in hand at a death */
	uint32_t next_id;
	struct watch *watches;		/* front/loop.c */
	struct timer *timers;
	struct books *books;		/* contacts/books.h; NULL: none */
	int network_fd;			/* inotify on resolv.conf; -1 */
	int routes_fd;			/* netlink: addresses change; -1 */
	struct timer network_timer;	/* when to tell the resolver */
	struct arena *state_arena;	/* of what the resolver says */
	struct value *state;
	struct front_keys *keys;	/* keys/keys.h */
	struct seal_call *seals;	/* front/seal.h */
	struct helper *helpers;		/* helper.h */
	char *anchors;			/* trust anchors as text */
	char *authorities_problem;	/* a sentence; NULL: all were read */
	int lock_fd;
	struct notices *notices;	/* incoming/notices.h; NULL: none */
	struct arrivals *arrivals;	/* incoming/arrivals.c; NULL: none */
	struct queue *queue;		/* queue.h; NULL: there is none */
	struct store *store;		/* front/memory.c */
	struct timer store_write, store_expire, store_seen;
	struct seen *seen;		/* ids that the store has */
	int64_t seen_after;		/* how far they are in it */
	uint64_t changes;		/* of judgements and contacts */
	int fresh_fd;			/* fresh.c; -1 */
	bool stop;
};

/* --- front/loop.c: what the loop looks at. */

/* Calls `ready` whenever `fd` (the caller's) has one of `events` or hung up.
 * 0; ERR_MEMORY. */
int front_watch(struct front *front, int fd, short events,
		void (*ready)(struct front *front, void *ctx, short events),
		void *ctx);
/* Before `fd` is closed; a ready() that is running may do so. */
void front_unwatch(struct front *front, int fd);
/* Links a timer, whose `due` and `ctx` are set; set `at` any time later. */
void front_timer(struct front *front, struct timer *timer);
void front_timer_drop(struct front *front, struct timer *timer);
/* Runs until `stop` is set or the bus is gone; the exit status. */
int front_loop(struct front *front);
void front_loop_free(struct front *front);

/* --- front/hear.c: one frame of a role.  False: the role may not say that,
 * and is to be hung up on. */
bool front_hear(struct front *front, enum child_kind kind,
		struct frame *frame);

/* --- front/hello.c: what a new role is told, before and after it got its
 * channels to others. */
int front_greet(struct front *front, enum child_kind kind);
void front_greeted(struct front *front, enum child_kind kind);
int front_send_network(struct front *front);

/* --- incoming/incoming.c: org.mailseal.Incoming1 */
extern const struct service_method front_incoming_methods[];

/* --- outgoing/protect.c: of Outgoing1 and Entity1 */
extern const struct service_method front_protect_methods[];
/* Every table of methods, NULL at the end. */
extern const struct service_method *const front_methods[];

/* --- keys/kept.c: the store's certificates of that address as a file; -1:
 * they cannot be read, which is not the same as that there is none. */
int front_kept_file(struct front *front, struct arena *arena,
		    const char *address);
/* The sender asks for such a file; false: it may not say that. */
bool front_kept(struct front *front, const struct frame *question);
/* keys/answers.c: likewise, whether a mail answers an encrypted one. */
bool front_answers(struct front *front, const struct frame *question);

/* --- front/lines.c: a list of texts as a file, a line each; -1: one has a
 * line end in it, or all together are too long. */
int front_lines(const struct value *list);

/* --- keys/correspondent.c: of org.mailseal.Keys1 */
extern const struct service_method front_correspondent_methods[];

/* --- contacts/contacts.c, contacts/list.c: org.mailseal.Contacts1 */
extern const struct service_method front_contacts_methods[];
/* Makes known whom the user wrote to, soon: not where learn-recipients is off,
 * nor when `beside`, what stands beside the address in the mail, is another
 * contact's name. */
void contacts_learn(struct front *front, const char *address,
		    const char *beside);
void contacts_list(void *ctx, struct service_call *call,
		   struct service_args *args);
/* Makes an address known that the user named, say in a notification. */
void contacts_trust(struct front *front, const char *address);

/* --- incoming/arrivals.c: the folders of `watch` */
void arrivals_open(struct front *front);
void arrivals_close(struct front *front);
void arrivals_describe(struct front *front, struct arena *arena,
		       struct value *into);

/* --- outgoing/server.c: Outgoing1.CheckServer */
extern const struct service_method front_server_methods[];
/* The CA certificates, to a new sender. */
void server_greeted(struct front *front);
/* The system's CA certificates as one file; NULL, -1: there is none. */
const char *server_bundle(void);
int server_bundle_open(void);

/* --- incoming/open.c: of Incoming1 and Entity1 */
extern const struct service_method front_open_methods[];

/* --- front/authorities.c: those for mail, to reader or sender: PEM, all files
 * one behind the other. */
void front_send_authorities(struct front *front, enum child_kind kind);
/* The files, and what was wrong with one when it was read. */
void authorities_describe(struct front *front, struct arena *arena,
			  struct value *into);

/* --- poison.c: a message in hand at two deaths is not tried again.  `death`
 * tells one death from another: several requests may have the same message in
 * hand. */
#define POISON_DEATHS 2
void poison_note(struct front *front, int message, unsigned death);
unsigned poison_count(const struct front *front, int message);
/* Those of the store: a message stays what it is when the agent ends. */
void poison_load(struct front *front);
void poison_free(struct poison *list);

/* --- contacts/books.c */
int books_load(struct front *front);		/* opens every source */
void books_send(struct front *front);		/* the map, to the reader */
bool books_unsent(const struct front *front);	/* it has an older one */
void books_describe(struct front *front, struct arena *arena,
		    struct value *into);
/* Each address book: its path, and the map of its entries (contacts.h). */
void books_each(struct front *front,
		void (*take)(void *ctx, const char *path, struct bytes map),
		void *ctx);
/* Whether every source that was asked for was answered, or was waited for
 * long enough: before, nobody is judged. */
bool books_settled(const struct front *front);
void books_free(struct front *front);


/* --- network.c */
int network_watch(struct front *front);
/* The forwarders of this network as "address@port" texts in `list`. */
void network_forwarders(struct arena *arena, struct value *list);

/* --- front/status.c */
bool front_property(void *ctx, struct arena *arena, const char *name,
		    struct value *into);

/* --- front/fresh.c */
void fresh_open(struct front *front);
/* Judgements or contacts did: front::changes is another number now. */
void fresh_changed(struct front *front);
void fresh_close(struct front *front);

/* --- front/memory.c; incoming/lookup.c and keep.c: the store, and who asks
 * it */
void memory_open(struct front *front);
void memory_close(struct front *front);
/* What a new reader needs of it. */
void memory_greet(struct front *front);
/* False: the reader may not ask that. */
bool memory_lookup(struct front *front, const struct frame *frame);
/* A report and what the check leaves; false: it may not be. */
bool memory_judged(struct front *front, const struct frame *frame);
/* --- incoming/learn.c: certificates and keys that came with mail.  What may be
 * NULL: there is none. */
/* `learn` of an opening (flow/open_known.h), with what the check said. */
void memory_learn(struct front *front, const struct value *learn,
		  const struct value *verdict);
/* The sum (flow/answers.h) of the Message-ID of an encrypted mail.  False: it
 * cannot be kept. */
bool memory_opened(struct front *front, const unsigned char *sum);
/* `autocrypt` of a check (flow/memory.h). */
void memory_learn_key(struct front *front, const char *address,
		      const char *key);
/* `proven` of a search (FRAME_FIND_KEY). */
void memory_learn_proven(struct front *front, const char *address,
			 const struct value *list);
/* Something was written: it goes into the file soon, or now. */
void memory_wrote(struct front *front);
void memory_write_now(struct front *front);
void memory_describe(struct front *front, struct arena *arena,
		     struct value *into);

/* --- state_folder.c: $XDG_STATE_HOME/mailseal, made with its parents */
int state_folder_path(char *path, unsigned size);
/* The lock of "one agent a user".  0; or an error with the
 * sentence in `why`. */
int state_folder_lock(char *why, unsigned why_size);
/* Whoever wants it now waits a little. */
void state_folder_ending(int fd);

#endif
