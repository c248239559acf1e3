/* check_run.c - judging many: calls of 16 messages, several under way, the
 * answers in the order of the files
 *
 * Memory does not grow with the number of files.  Ctrl-C ends it between two
 * answers and leaves a summary; once more ends it at once. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/check.h"
#include "plugins/cli/progress.h"

#define WINDOW		10	/* calls under way */
#define LOOK_MS		100	/* so often it is seen that Ctrl-C came */
#define INTERRUPTED	130	/* as a shell tells of SIGINT */

struct item {
	char *file;
	int fd;				/* -1: it cannot be asked */
	char problem[256];		/* then: why */
};

struct batch {
	struct item items[MAILSEAL_MANY];
	size_t count;
	struct mailseal_pending *pending;
	bool asked;
};

struct run {
	struct check *check;
	struct progress *progress;
	struct tally tally;
	struct batch batches[WINDOW];
	size_t first, under_way;	/* a ring */
	bool all;			/* the source has no more */
	bool terminal;			/* lines and the bar share one */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static void listen_to_interrupts(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_interrupt;
	action.sa_flags = (int)SA_RESETHAND;
	(void)sigaction(SIGINT, &action, NULL);
}

/* --- asking */

static void item_open(struct item *item, char *file, enum mailseal_file what)
{
	item->file = file;
	item->problem[0] = 0;
	item->fd = mailseal_file_open(file, what, item->problem,
				      sizeof(item->problem));
}

static void item_close(struct item *item)
{
	if (item->fd >= 0 && item->fd != STDIN_FILENO)
		(void)close(item->fd);
	item->fd = -1;
}

static void batch_start(struct run *run, struct batch *batch)
{
	int fds[MAILSEAL_MANY];
	size_t i, count = 0;

	batch->pending = NULL;
	for (i = 0; i < batch->count; i++)
		if (batch->items[i].fd >= 0)
			fds[count++] = batch->items[i].fd;
	batch->asked = count > 0;
	if (batch->asked)
		batch->pending = mailseal_check_many_start(run->check->mailseal,
					fds, count, run->check->options);
}

/* A call has as many messages as there are, but the first one is small, so
 * that a few files are answered soon. */
static void ask_more(struct run *run)
{
	struct batch *batch;
	char *file;

	while (!run->all && run->under_way < WINDOW) {
		batch = &run->batches[(run->first + run->under_way) % WINDOW];
		batch->count = 0;
		while (batch->count < MAILSEAL_MANY) {
			file = source_next(run->check->source);
			run->all = file == NULL;
			if (run->all)
				break;
			item_open(&batch->items[batch->count++], file,
				  source_is_folder(run->check->source) ?
				  MAILSEAL_FILE_REGULAR : MAILSEAL_FILE_ANY);
		}
		if (batch->count == 0)
			return;
		batch_start(run, batch);
		run->under_way++;
	}
}

/* --- answering */

static void say_problem(struct run *run, const char *file, const char *why,
			int status)
{
	progress_hide(run->progress);
	complain("%s: %s", file, why);
	if (run->check->json) {
		(void)fputs("{\"file\": ", stdout);
		mailseal_json_text(file, stdout);
		(void)fputs(", \"error\": ", stdout);
		mailseal_json_text(why, stdout);
		(void)puts(", \"verdict\": \"suspicious\", "
			   "\"display\": \"warning\"}");
	}
	tally_failure(&run->tally, status);
}

static void say_report(struct run *run, const char *file,
		       const struct mailseal_report *report)
{
	const char *failure = mailseal_report_text(report, "failure");
	const char *error = mailseal_report_text(report, "error");

	if (failure != NULL) {
		say_problem(run, file, error == NULL ? failure : error,
			    error_status(failure));
		return;
	}
	tally_verdict(&run->tally, report);
	if (run->check->quiet && verdict_status(mailseal_report_text(
					report, "verdict")) != CHECK_ALARM)
		return;
	if (run->terminal)
		progress_hide(run->progress);
	if (run->check->json) {
		mailseal_report_json(report, file, stdout);
		(void)fputc('\n', stdout);
	} else {
		print_verdict(file, report, run->check->how);
	}
}

/* One after the other, when a call as a whole was refused. */
static void ask_single(struct run *run, struct item *item)
{
	struct mailseal *mailseal = run->check->mailseal;
	struct mailseal_report *report;
	enum mailseal_status status;
	char why[512];

	status = mailseal_check_end(mailseal, mailseal_check_start(mailseal,
					item->fd, run->check->options),
				    &report, why, sizeof(why));
	if (status == MAILSEAL_OK)
		say_report(run, item->file, report);
	else
		say_problem(run, item->file, why,
			    refusal_status(mailseal, status));
	mailseal_report_free(report);
}

static void answer_items(struct run *run, struct batch *batch,
			 struct mailseal_report **reports, size_t count,
			 enum mailseal_status status, const char *why)
{
	struct item *item;
	size_t i, at = 0;

	for (i = 0; i < batch->count; i++) {
		item = &batch->items[i];
		if (item->fd < 0)
			say_problem(run, item->file, item->problem,
				    EX_NOINPUT);
		else if (status == MAILSEAL_OK && at < count)
			say_report(run, item->file, reports[at++]);
		else if (status == MAILSEAL_REFUSED && !interrupted)
			ask_single(run, item);
		else
			say_problem(run, item->file, why,
				    failure_status(status));
	}
}

static void batch_finish(struct run *run, struct batch *batch)
{
	struct mailseal_report *reports[MAILSEAL_MANY];
	enum mailseal_status status = MAILSEAL_OK;
	char why[512] = "";
	size_t count = 0, i;

	if (batch->asked)
		status = mailseal_list_end(run->check->mailseal,
					   batch->pending, reports,
					   MAILSEAL_MANY, &count, why,
					   sizeof(why));
	answer_items(run, batch, reports, count, status, why);
	for (i = 0; i < count; i++)
		mailseal_report_free(reports[i]);
}

static void batch_clear(struct batch *batch)
{
	size_t i;

	for (i = 0; i < batch->count; i++) {
		item_close(&batch->items[i]);
		free(batch->items[i].file);
	}
	batch->count = 0;
}

/* False: Ctrl-C came first. */
static bool batch_wait(struct run *run, struct batch *batch)
{
	while (!interrupted && batch->pending != NULL &&
	       !mailseal_wait(run->check->mailseal, batch->pending, LOOK_MS))
		progress_show(run->progress, tally_all(&run->tally));
	return !interrupted;
}

static void run_all(struct run *run)
{
	struct batch *batch;

	ask_more(run);
	while (run->under_way > 0) {
		batch = &run->batches[run->first];
		if (!batch_wait(run, batch))
			return;
		batch_finish(run, batch);
		batch_clear(batch);
		run->first = (run->first + 1) % WINDOW;
		run->under_way--;
		ask_more(run);
		progress_show(run->progress, tally_all(&run->tally));
	}
}

static void drop_rest(struct run *run)
{
	struct batch *batch;

	for (; run->under_way > 0; run->under_way--) {
		batch = &run->batches[run->first];
		mailseal_drop(batch->pending);
		batch_clear(batch);
		run->first = (run->first + 1) % WINDOW;
	}
}

int check_run(struct check *check)
{
	struct run *run = calloc(1, sizeof(*run));
	long count = source_count(check->source);
	int status;

	if (run == NULL) {
		complain("out of memory.");
		return EX_OSERR;
	}
	run->check = check;
	run->terminal = isatty(STDOUT_FILENO) != 0;
	run->progress = progress_new(count);
	listen_to_interrupts();
	run_all(run);
	drop_rest(run);
	progress_free(run->progress);
	status = interrupted ? INTERRUPTED : tally_status(&run->tally);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("the output cannot be written: %s.",
			 strerror(errno));
		status = EX_IOERR;
	}
	if (interrupted || (source_is_folder(check->source) &&
			    isatty(STDERR_FILENO)))
		tally_print(&run->tally, count, interrupted != 0);
	free(run);
	return status;
}
