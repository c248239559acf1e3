/* clerk_ask.c - the passphrase of a file from elsewhere */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_inside.h"

#define TRIES_MAX 3

/* A person may take his time; nothing else waits in this process. */
static enum pinentry_outcome wait_for_answer(struct pinentry *pinentry)
{
	enum pinentry_outcome outcome;
	struct pollfd wait;
	int64_t left;

	for (;;) {
		outcome = pinentry_work(pinentry, clock_now_ms());
		if (outcome != PINENTRY_ASKING)
			return outcome;
		left = pinentry_deadline(pinentry) - clock_now_ms();
		wait.fd = pinentry_fd(pinentry);
		wait.events = pinentry_events(pinentry);
		if (left > 0 && poll(&wait, 1, (int)left) < 0 &&
		    errno != EINTR)
			return PINENTRY_BROKEN;
	}
}

static bool begin(struct clerk_job *job)
{
	struct pinentry_question question = {
		PINENTRY_OLD, "mailseal",
		"The file to import is protected by a passphrase: the one "
		"that was chosen when the file was made.",
		"Passphrase:", value_text(job->args, "tty"),
		value_text(job->args, "term"), value_text(job->args, "display")
	};

	job->pinentry = pinentry_start(job->pinentry_fd, &question,
				       clock_now_ms());
	job->pinentry_fd = -1;
	return job->pinentry != NULL;
}

bool clerk_ask(struct clerk_job *job, enum clerk_turn turn,
	       struct bytes *secret)
{
	if (turn == CLERK_AGAIN && ++job->tries >= TRIES_MAX)
		return clerk_fail(job, "WrongPassphrase", "Three times the "
				  "file's passphrase was wrong; nothing was "
				  "imported.");
	if (job->pinentry == NULL) {
		if (!begin(job))
			return clerk_fail(job, "Failed", "out of memory");
	} else {
		pinentry_again(job->pinentry, turn == CLERK_AGAIN ?
			       "That is not the file's passphrase." : "",
			       clock_now_ms());
	}
	switch (wait_for_answer(job->pinentry)) {
	case PINENTRY_ANSWERED:
		*secret = pinentry_secret(job->pinentry);
		return true;
	case PINENTRY_CANCELLED:
		return clerk_fail(job, "Cancelled", "The question was "
				  "cancelled; nothing was imported.");
	case PINENTRY_TIMED_OUT:
		return clerk_fail(job, "TimedOut", "Nobody answered the "
				  "question in time; nothing was imported.");
	case PINENTRY_BROKEN:
	case PINENTRY_ASKING:
	default:
		return clerk_fail(job, "NoPinentry", "The pinentry program "
				  "ended without an answer; see \"pinentry\" "
				  "in mailseal-config(5).");
	}
}
