/* notice.h - what the desktop is told, gathered into few popups
 *
 * One live popup a kind: what comes while it is shown changes it ("3 spoofed
 * messages"), and no kind changes more often than every NOTICE_PACE_MS, so
 * that a flood of forged mail is one line on the desk.
 * Does not do: talk to a notification daemon (notify.h), know a clock. */
#ifndef MAILSEAL_DESK_NOTICE_H
#define MAILSEAL_DESK_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTICE_PACE_MS		5000	/* between changes of one popup */
#define NOTICE_TEXT_MAX		240	/* bytes of one part of a notice */
#define NOTICE_ID_MAX		80	/* bytes, NUL included */
#define NOTICE_NAMED		3	/* senders named in one popup */

enum notice_kind { NOTICE_SPOOFED, NOTICE_SUSPICIOUS, NOTICE_MAIL_HELD,
		   NOTICE_MAIL_FAILED, NOTICE_AGENT, NOTICE_KINDS };

/* One thing to tell.  Texts are copied, cut, and lose control characters. */
struct notice {
	enum notice_kind kind;
	const char *id;		/* what "Explain" is about; NULL: nothing */
	const char *who;	/* the address concerned; NULL: none */
	const char *subject;	/* NULL: none */
	const char *sentence;	/* what was found and what to do */
};

/* What stands in a popup: plain text, escape it where markup is read. */
struct notice_popup {
	char summary[2 * NOTICE_TEXT_MAX];
	char body[6 * NOTICE_TEXT_MAX];
	char id[NOTICE_ID_MAX];		/* "": several, or nothing */
	char who[NOTICE_TEXT_MAX];
	unsigned count;
	bool urgent;			/* stays until it is closed */
	bool can_explain, can_trust;
};

struct notice_board;

struct notice_board *notice_board_new(void);	/* NULL: no memory */
void notice_board_free(struct notice_board *board);	/* NULL is allowed */

void notice_board_add(struct notice_board *board, const struct notice *notice);

/* What to show now of that kind; false: nothing new, or too early. */
bool notice_board_take(struct notice_board *board, enum notice_kind kind,
		       int64_t now, struct notice_popup *out);

/* It was not shown (the daemon is away or full): try again later. */
void notice_board_back(struct notice_board *board, enum notice_kind kind);

/* The user closed the popup: what comes next is counted anew. */
void notice_board_closed(struct notice_board *board, enum notice_kind kind);

/* When a take() is worth its while; -1: not before something is added. */
int64_t notice_board_next(const struct notice_board *board, int64_t now);

#endif
