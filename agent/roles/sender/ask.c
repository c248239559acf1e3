/* ask.c - a person types the account's password into a pinentry */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/keys/pinentry.h"
#include "agent/roles/sender/sender.h"

#define TEXT_MAX 300

/* Until the pinentry, or whoever cancels, has something to say. */
static bool wait_for(struct pinentry *pinentry,
		     const struct sender_question *question)
{
	struct pollfd fds[2] = {
		{ pinentry_fd(pinentry), pinentry_events(pinentry), 0 },
		{ question->cancel_fd, POLLIN, 0 }
	};
	int64_t until = pinentry_deadline(pinentry), left;

	if (question->deadline < until)
		until = question->deadline;
	left = until - clock_now_ms();
	if (poll(fds, 2, left < 0 ? 0 : (int)left) < 0 && errno != EINTR)
		return false;
	return fds[1].revents == 0 && clock_now_ms() < question->deadline;
}

static int outcome_tell(enum pinentry_outcome outcome,
			const struct pinentry *pinentry,
			const struct sender_question *question,
			struct buf *secret, struct buf *why)
{
	switch (outcome) {
	case PINENTRY_ANSWERED:
		buf_add(secret, pinentry_secret(pinentry));
		if (secret->len > 0)
			return 0;
		buf_print(why, "the password of the account %.60s was left "
			  "empty", question->account);
		return ERR_GONE;
	case PINENTRY_CANCELLED:
		buf_print(why, "the question for the password of the account "
			  "%.60s was cancelled", question->account);
		return ERR_REFUSED;
	case PINENTRY_BROKEN:
		buf_print(why, "the password of the account %.60s could not "
			  "be asked for: %s", question->account,
			  pinentry_complaint(pinentry)[0] != 0 ?
			  pinentry_complaint(pinentry) :
			  "there is no pinentry that can");
		return ERR_GONE;
	case PINENTRY_ASKING:
	case PINENTRY_TIMED_OUT:
	default:
		buf_print(why, "nobody answered the question for the password "
			  "of the account %.60s", question->account);
		return ERR_TIMEOUT;
	}
}

int sender_ask(int fd, const struct sender_question *question,
	       struct buf *secret, struct buf *why)
{
	struct pinentry_question what = { .kind = PINENTRY_OLD,
					  .title = "mailseal",
					  .prompt = "Password:" };
	enum pinentry_outcome outcome = PINENTRY_ASKING;
	char description[TEXT_MAX];
	struct pinentry *pinentry;
	int r;

	(void)snprintf(description, sizeof(description), "The password of "
		       "%.100s, to send mail by the account %.60s",
		       question->user, question->account);
	what.description = description;
	what.tty = question->tty[0] == 0 ? NULL : question->tty;
	what.display = question->display[0] == 0 ? NULL : question->display;
	pinentry = pinentry_start(fd, &what, clock_now_ms());
	if (pinentry == NULL) {
		buf_text(why, "out of memory");
		return ERR_MEMORY;
	}
	pinentry_wait(pinentry, clock_now_ms());
	while ((outcome = pinentry_work(pinentry, clock_now_ms())) ==
	       PINENTRY_ASKING && wait_for(pinentry, question))
		;
	r = outcome_tell(outcome, pinentry, question, secret, why);
	pinentry_free(pinentry);
	return r;
}
