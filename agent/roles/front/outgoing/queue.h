/* queue.h - the front's queue: what its files share
 *
 * Every mail is a file (desk/queue_file.h) and one `struct queued` here.  Mail
 * of one account goes out one by one, in the order in which it was submitted;
 * what waits for its own sake is passed by the others, what keeps the server
 * from being used keeps all.  A mail is in hand with one of: a disk thread,
 * the sender; nobody else touches it then. */
#ifndef MAILSEAL_ROLES_FRONT_OUTGOING_QUEUE_H
#define MAILSEAL_ROLES_FRONT_OUTGOING_QUEUE_H

#include "agent/desk/queue_folder.h"
#include "agent/desk/queue_job.h"
#include "agent/desk/queue_plan.h"
#include "agent/roles/front/disk.h"
#include "agent/roles/front/front.h"

struct arena;
struct buf;
struct config_account;
struct ending;
struct queue_state;
struct service_call;
struct value;

#define QUEUE_ANSWER_MS		60000	/* then "queued" is the answer */
#define QUEUE_HELD_MAX		24	/* of the word why it is held */
#define QUEUE_PLACE_MAX		128	/* of a terminal's or display's name */
#define QUEUE_MAILS_MAX		10000	/* waiting at once */

/* One account's turn. */
struct queue_line {
	const struct config_account *account;
	struct queued *in_hand;
	unsigned failures;	/* in a row that were no mail's matter */
	int64_t until;		/* clock_now_ms(): a pause; 0: none */
	bool denied;		/* the login failed: until the user acts */
};

enum queue_wish { QUEUE_WISH_SEND, QUEUE_WISH_CANCEL };

/* A call that waits for an answer about a mail. */
struct queue_waiting {
	struct queue_waiting *next;	/* queued::waiting */
	struct service_call *call;
	enum queue_wish wish;
	int64_t until;			/* clock_now_ms() */
};

struct queued {
	struct queued *next;		/* queue::mails, by order */
	char id[QUEUE_ID_MAX + 1];
	bool chosen;			/* the id is the client's */
	struct queue_line *line;	/* NULL: its account is gone */
	uint64_t order;
	int64_t created;
	enum queue_phase phase;
	int64_t due;			/* clock_now_ms(); 0: at once */
	bool busy;			/* in hand, see above */
	bool stale;			/* in hand when the last life ended */
	bool cancelled;
	bool freed;			/* to be recorded with the next attempt
				 * that it is no longer held */
	bool unrecorded;		/* taken, but the file does not say so:
				 * never again in this life */
	bool stuck;			/* taken, but its receipt cannot be
					 * written so far */
	uint32_t errand;		/* with the sender; 0: none */
	struct queue_waiting *waiting;
	char tty[QUEUE_PLACE_MAX], display[QUEUE_PLACE_MAX];	/* of who
				 * submitted it, for the password */
	char held_for[QUEUE_HELD_MAX];
	struct ending *ending;		/* outgoing/ending.c; NULL: not yet */
	/* What Queue says of it, and the receipt: as of the last look. */
	struct arena *arena;
	struct value *facts;
};

struct queue {
	struct front *front;
	struct disk *disk;
	struct queue_folder folder;
	struct queue_line *lines;	/* one for each account */
	size_t line_count;
	struct queued *mails;
	struct submission *submissions;	/* not yet queued: outgoing/submit.c */
	size_t count;
	uint64_t next_order;
	struct timer timer;		/* what is due next */
	struct timer signal_timer;	/* QueueChanged, gathered */
	struct timer sweep_timer;	/* old receipts */
	struct helper *asker;		/* the pinentry that runs; NULL */
	bool stopping;
};

/* --- outgoing/queue.c: the list, and whose turn it is */
int queue_open(struct front *front);	/* negative: logged, there is none */
void queue_stop(struct front *front);	/* no new attempts, no answers */
void queue_free(struct front *front);
struct queued *queue_find(struct queue *queue, const char *id);
struct queued *queue_of_errand(struct queue *queue, uint32_t errand);
struct queue_line *queue_line_of(struct queue *queue, const char *account);
/* NULL: no memory. */
struct queued *queue_add(struct queue *queue, const char *id,
			 const char *account, uint64_t order);
/* Out of the list and freed; whoever waits was answered before. */
void queue_drop(struct queue *queue, struct queued *mail);
/* Begins what may begin now, sets the timer for the rest. */
void queue_run(struct queue *queue);
/* The network is another one, or the user wants it: nothing waits any more.
 * `held`: what is held as well. */
enum queue_wake { QUEUE_WAKE_WAITING, QUEUE_WAKE_HELD };
void queue_wake(struct queue *queue, enum queue_wake wake);
/* QueueChanged, soon. */
void queue_changed(struct queue *queue);

/* outgoing/queue_load.c: what is on the disk, at the start. */
void queue_load(struct queue *queue);
/* The user did something about the account, or submits by it: no pause. */
void queue_line_kick(struct queue_line *line);
/* The mail is in nobody's hand any more. */
void queue_let_go(struct queued *mail);

/* --- outgoing/attempt.c: one mail's next attempt */
void attempt_start(struct queue *queue, struct queued *mail);

/* --- outgoing/settle.c: what an attempt, or a look at the file, came to */
enum settle_pause {
	SETTLE_USUAL,
	SETTLE_AT_ONCE		/* it broke off on our side before the end of
				 * the message: no pause */
};
void queue_settle(struct queue *queue, struct queued *mail,
		  const struct queue_state *state, enum queue_cause cause,
		  const char *why, enum settle_pause pause);

/* --- outgoing/ending.c: what is done with */
enum ending_place { ENDING_GONE, ENDING_KEPT /* with the failed ones */ };
/* Its receipt is kept, where the id is a client's; its file goes to `place`,
 * and whoever waits is answered: "sent" at once, else when nothing can bring
 * the mail back.  In the list until then. `status` as in receipt_answer(),
 * but "queued". */
void ending_start(struct queue *queue, struct queued *mail,
		  const char *status, const char *why,
		  enum ending_place place);
/* The disk said no, and may have changed its mind. */
void ending_again(struct queued *mail);
void ending_free(struct ending *ending);	/* NULL is allowed */

/* --- outgoing/receipt.c: what is told about a mail */
struct queue_file;
/* Facts out of the file, for Queue and receipts; `reached`: what the sender
 * reported; NULL. */
struct value *receipt_make(struct arena *arena, const struct queue_file *file,
			   const struct value *reached);
/* Answers everybody who waits for this mail's first result.  `status`: "sent",
 * "queued", "partly", "refused", "cancelled"; `why` NULL: no reason. */
void receipt_answer(struct queued *mail, const char *status, const char *why);
/* Fails everybody who waits. */
void receipt_fail(struct queued *mail, const char *name, const char *sentence);
/* What a repeat with this id is answered; empty: no memory. */
void receipt_print(const struct queued *mail, const char *status,
		   const char *why, struct buf *to);
/* "sent", "partly" or "refused", of a mail that has come to its end. */
const char *receipt_status(const struct queued *mail);
/* The call waits for this mail, at most so long.  False: no memory, and it was
 * failed. */
bool receipt_await(struct queued *mail, struct service_call *call,
		   enum queue_wish wish, int64_t ms);
/* The caller is gone. */
void receipt_forget(struct queued *mail, const struct service_call *call);
/* The facts with status and reason, for a list or an answer. */
struct value *receipt_value(struct arena *arena, const struct queued *mail,
			    const char *status, const char *why);
/* The log; the desk. */
void queue_tell(struct front *front, const struct queued *mail,
		const char *what, const char *why);

/* --- submit.c: Outgoing1.Submit; outbox.c: Queue, Flush, Cancel */
extern const struct service_method front_submit_methods[];
extern const struct service_method front_outbox_methods[];
/* The caller is gone: forget the call. */
void queue_call_gone(struct front *front, const struct service_call *call);

/* --- outgoing/secret.c: the account's password, on its way past the front */
void secret_needed(struct front *front, struct frame *frame);

#endif
