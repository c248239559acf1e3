/* keys.h - org.mailseal.Keys1: keys, who may use them, and who is asked
 *
 * Whatever needs a person or the keeper's attention is a task; one at a time
 * has its turn.  The front never sees a passphrase or a key: it opens files,
 * starts programs, and hands descriptors on. */
#ifndef MAILSEAL_ROLES_FRONT_KEYS_KEYS_H
#define MAILSEAL_ROLES_FRONT_KEYS_KEYS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/base/channel.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keyring.h"

struct arena;
struct front_keys;
struct helper;
struct login;
struct service_args;
struct service_call;
struct service_method;
struct value;

extern const struct service_method front_keys_methods[];

int front_keys_open(struct front *front);
void front_keys_free(struct front *front);

/* A role was started: what it has to know of keys. */
void front_keys_greet_keeper(struct front *front);
void front_keys_send_own(struct front *front);

/* Nobody waits for that call any more: a question for it is taken back. */
void front_keys_call_gone(struct front *front, struct service_call *call);

/* Locks every key, if there is a keeper. */
void front_keys_lock(struct front *front);

/* --- For a request that a role could not fulfil, because a key is locked or
 * its use has to be confirmed: sees to it, then it is tried again. */

struct keys_wish {
	const char *key;		/* its name, 64 hex digits */
	unsigned usage;			/* KEYS_FOR_SIGNING or _OPENING */
	const char *purpose;		/* "sign this message" */
	const char *tty, *term, *display;	/* the caller's; NULL */
};

/* Calls done() once, perhaps at once: `name` NULL: the key may be used now,
 * once; else the error's name and sentence.  `call`: when that caller goes,
 * the person is not asked any longer; it stays the asker's to answer. */
void front_keys_permit(struct front *front, const struct keys_wish *wish,
		       struct service_call *call,
		       void (*done)(struct front *front, void *ctx,
				    const char *name, const char *sentence),
		       void *ctx);

/* --- Between the files of this kind. */

#define TASK_TEXT 320

struct key_task {
	struct key_task *next;		/* front_keys::tasks */
	struct service_call *call;	/* NULL: it left, or there is none */
	bool answers;			/* the call is this task's to answer */
	bool begun, ended;
	void (*begin)(struct front *front, struct key_task *task);
	/* Of whom the keeper's answer is; set before each question. */
	void (*told)(struct front *front, struct key_task *task,
		     const struct value *report);
	void (*refused)(struct front *front, struct key_task *task,
			const char *name, const char *sentence);
	void (*permitted)(struct front *front, struct key_task *task);
	void (*done)(struct front *front, void *ctx, const char *name,
		     const char *sentence);
	void *ctx;
	char key[KEYRING_NAME];
	unsigned usage;
	char *public;			/* hex, of the key in hand */
	char purpose[TASK_TEXT], address[TASK_TEXT], name[TASK_TEXT];
	char tty[TASK_TEXT], term[TASK_TEXT], display[TASK_TEXT];
	char algorithm[16];
	long long days;
	struct helper *asker, *clerk_asker;	/* pinentries */
	struct clerk *clerk;
	int file;			/* the new key's; -1 */
	char path[PATH_MAX];
	int source;			/* what is imported; -1 */
	long long nth;			/* which key of it; from 1 */
	/* Import: what keeper and clerk said, "" when it was fine. */
	bool keeper_done, clerk_done;
	char keeper_error[64], keeper_sentence[512];
	char clerk_error[64], clerk_sentence[512];
	struct arena *arena;		/* of the clerk's report */
	const struct value *facts;
	int certificate;		/* memfd of PEM; -1 */
};

/* keys/meant.c */
/* The key that a word means: digits, an address; "": the only one.  False:
 * there is none, or several, and the call was answered. */
bool keys_meant(struct front *front, struct service_call *call,
		const char *word, char key[KEYRING_NAME]);

/* keys/wishes.c */
/* The options address, name and days.  False: one cannot be; the call was
 * answered, and the task is no more. */
bool keys_wishes_take(struct front *front, struct key_task *task,
		      const struct service_args *args);

/* keys/task.c */
struct key_task *task_new(struct front *front, struct service_call *call,
			  const struct service_args *args);
/* Puts it in the queue; it begins when its turn comes, perhaps at once. */
void task_queue(struct front *front, struct key_task *task);
/* Each ends the task: with an error, or an answer of the bus. */
void task_fail(struct front *front, struct key_task *task, const char *name,
	       const char *sentence);
void task_answer(struct front *front, struct key_task *task,
		 const struct value *report);
void task_reply(struct front *front, struct key_task *task,
		const struct value *values, const int *fds, size_t fd_count);
/* Asks the keeper something that needs a person: starts a pinentry, and sends
 * its end first, then `fds`.  `description` for the person. */
void task_ask(struct front *front, struct key_task *task,
	      enum channel_type type, struct arena *arena,
	      struct value *payload, const char *description, const int *fds,
	      size_t fd_count);
/* The same without a person. */
void task_tell(struct front *front, struct key_task *task,
	       enum channel_type type, const struct value *payload);
/* Unlocks, and confirms if the configuration says so; then permitted(). */
void task_permit(struct front *front, struct key_task *task);
/* The next has its turn. */
void front_keys_turn(struct front *front, void *ctx);
/* "the key of alice@example.org (1a2b3c4d)" */
void task_label(struct front *front, const char *key, char *room, size_t size);

/* keys/sync.c */
struct front_keys {
	struct keyring ring;
	struct key_task *tasks;		/* the first one has its turn */
	struct known_key *known;	/* what the keeper was told of */
	struct timer turn;		/* the next task has its turn */
	struct login *login;		/* bus/login.h; NULL: not heard */
};
/* Brings the keeper, which runs, up to the folder's state. */
void keys_sync(struct front *front);
/* That key is in the keeper already, as its file is now. */
void keys_note(struct front *front, const char *key);
void keys_forget(struct front *front);
/* What is wrong with a key; NULL: nothing. */
const char *keys_fault(struct front *front, const char *key,
		       const char **sentence);

/* keys/make.c */
void keys_on_generate(void *ctx, struct service_call *call,
		      struct service_args *args);
void keys_on_request(void *ctx, struct service_call *call,
		     struct service_args *args);

/* The sealed key's file gets its name; false: it could not. */
bool keys_keep(struct front *front, struct key_task *task);
/* Takes the descriptor over. */
bool keys_certify(struct front *front, struct key_task *task,
		  const struct value *facts, int fd);
/* A certificate by the key itself, then the answer. */
void keys_self_sign(struct front *front, struct key_task *task);
void keys_answer_made(struct front *front, struct key_task *task);
#define KEYS_NOT_WRITTEN						\
	"The file could not be written beside the other keys: is the disk "\
	"full, or the folder not yours?"

/* keys/known.c */
void keys_on_known(void *ctx, struct service_call *call,
		   struct service_args *args);
#define KEYS_UNREADABLE							\
	"What is kept of others' certificates cannot be read."

/* keys/import.c */
void keys_on_import(void *ctx, struct service_call *call,
		    struct service_args *args);

/* front/login.c */
void front_login_open(struct front *front);
void front_login_close(struct front *front);

/* front/pinentry.c: a descriptor of the keeper's or clerk's end; negative:
 * `why` has the sentence.  *helper is NULL again when it ended. */
int pinentry_spawn(struct front *front, const struct key_task *task,
		   struct helper **helper, char *why, size_t size);

/* keys/clerk.c: a process for one job. */
struct clerk;
/* `said` hears its one answer: *report NULL and an error when it failed or
 * died.  Descriptors of `frame` that it wants it takes. */
struct clerk *clerk_start(struct front *front, enum channel_type type,
			  const struct value *payload, const int *fds,
			  size_t fd_count,
			  void (*said)(struct front *front, void *ctx,
				       const struct value *report,
				       struct frame *frame, const char *name,
				       const char *sentence),
			  void *ctx);
void clerk_stop(struct front *front, struct clerk *clerk);

#endif
