/* check.c - mailseal check: messages in, verdicts out
 *
 * Questions are pipelined: several messages are under way at once, and the
 * answers are printed in the order of the files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "proto/mailseal.h"

#define UNDER_WAY_MAX 64

struct check {
	struct mailseal *mailseal;
	struct mailseal_option options[5];	/* the last one is the end */
	bool json;
	enum print_how how;
	int worst;			/* exit status so far */
	unsigned messages;		/* judged, as messages */
	unsigned not_mail;
};

struct under_way {
	const char *file;
	struct mailseal_pending *pending;
	char problem[256];		/* it could not be asked */
};

int worse_status(int a, int b)
{
	static const int rank[] = { 0, 2, 1 };	/* of 0, 1, 2 */

	if (a >= EX__BASE || b >= EX__BASE)
		return a > b ? a : b;
	return rank[b] > rank[a] ? b : a;
}

int verdict_status(const char *verdict)
{
	if (verdict == NULL)
		return CHECK_ALARM;
	if (strcmp(verdict, "genuine") == 0 ||
	    strcmp(verdict, "authenticated") == 0)
		return CHECK_FINE;
	if (strcmp(verdict, "unverified") == 0)
		return CHECK_UNVERIFIED;
	return CHECK_ALARM;
}

static void problem(struct check *check, const char *file, const char *why,
		    int status)
{
	complain("%s: %s", file, why);
	if (check->json) {
		(void)fputs("{\"file\": ", stdout);
		mailseal_json_text(file, stdout);
		(void)fputs(", \"error\": ", stdout);
		mailseal_json_text(why, stdout);
		(void)puts(", \"verdict\": \"suspicious\", "
			   "\"display\": \"warning\"}");
	}
	if (status > check->worst)
		check->worst = status;
}

static void start(struct check *check, const char *file,
		  struct under_way *slot)
{
	int fd = STDIN_FILENO, message;

	slot->file = file;
	slot->pending = NULL;
	slot->problem[0] = 0;
	if (strcmp(file, "-") != 0)
		fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		(void)snprintf(slot->problem, sizeof(slot->problem), "%s",
			       strerror(errno));
		return;
	}
	message = mailseal_descriptor(fd, slot->problem,
				      sizeof(slot->problem));
	if (message >= 0)
		slot->pending = mailseal_check_start(check->mailseal, message,
						     check->options);
	if (message >= 0 && slot->pending == NULL)
		(void)snprintf(slot->problem, sizeof(slot->problem),
			       "the agent cannot be asked: the bus is gone, or "
			       "an option is no UTF-8");
	if (message >= 0 && message != fd)
		(void)close(message);
	if (fd != STDIN_FILENO)
		(void)close(fd);
}

int failure_status(enum mailseal_status status)
{
	if (status == MAILSEAL_TIMED_OUT)
		return EX_TEMPFAIL;
	return status == MAILSEAL_REFUSED ? EX_SOFTWARE : EX_UNAVAILABLE;
}

static void finish(struct check *check, struct under_way *slot)
{
	struct mailseal_report *report = NULL;
	enum mailseal_status status;
	char why[512];

	if (slot->pending == NULL) {
		problem(check, slot->file, slot->problem, EX_NOINPUT);
		return;
	}
	status = mailseal_check_end(check->mailseal, slot->pending, &report,
				    why, sizeof(why));
	slot->pending = NULL;
	if (status != MAILSEAL_OK) {
		problem(check, slot->file, why, failure_status(status));
		return;
	}
	if (check->json) {
		mailseal_report_json(report, slot->file, stdout);
		(void)fputc('\n', stdout);
	} else {
		print_verdict(slot->file, report, check->how);
	}
	if (mailseal_report_text(report, "error") != NULL)
		check->not_mail++;
	else
		check->messages++;
	check->worst = worse_status(check->worst, verdict_status(
			mailseal_report_text(report, "verdict")));
	mailseal_report_free(report);
}

static void check_all(struct check *check, char **files, int count)
{
	struct under_way *slots = calloc(UNDER_WAY_MAX, sizeof(*slots));
	int asked = 0, done = 0;

	if (slots == NULL) {
		check->worst = EX_OSERR;
		return;
	}
	while (done < count) {
		while (asked < count && asked - done < UNDER_WAY_MAX) {
			start(check, files[asked],
			      &slots[asked % UNDER_WAY_MAX]);
			asked++;
		}
		finish(check, &slots[done % UNDER_WAY_MAX]);
		done++;
	}
	free(slots);
	/* Only if none was a message (design 7). */
	if (check->messages == 0 && check->not_mail == (unsigned)count)
		check->worst = EX_DATAERR;
}

/* True: `argument` is the option `name` and takes the next word. */
static bool option_text(const char *name, int argc, char **argv, int *at,
			const char **into)
{
	if (strcmp(argv[*at], name) != 0 || *at + 1 >= argc)
		return false;
	*into = argv[++*at];
	return true;
}

int check_command(int argc, char **argv)
{
	static char dash[] = "-";
	char *only_stdin[] = { dash };
	struct check check;
	int at, status;

	memset(&check, 0, sizeof(check));
	check.how = PRINT_SHORT;
	check.options[0].key = "client_ip";
	check.options[1].key = "helo";
	check.options[2].key = "mail_from";
	check.options[3].key = "again";
	check.options[3].kind = MAILSEAL_TRUTH;
	for (at = 0; at < argc && argv[at][0] == '-' && argv[at][1] != 0;
	     at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (strcmp(argv[at], "-v") == 0) {
			check.how = PRINT_REASONS;
		} else if (strcmp(argv[at], "--json") == 0) {
			check.json = true;
		} else if (strcmp(argv[at], "--again") == 0) {
			check.options[3].number = 1;
		} else if (!option_text("--client-ip", argc, argv, &at,
					&check.options[0].text) &&
			   !option_text("--helo", argc, argv, &at,
					&check.options[1].text) &&
			   !option_text("--mail-from", argc, argv, &at,
					&check.options[2].text)) {
			complain("unknown or incomplete option \"%s\"; "
				 "mailseal --help lists the options.",
				 argv[at]);
			return EX_USAGE;
		}
	}
	check.mailseal = connect_or_complain(&status);
	if (check.mailseal == NULL)
		return status;
	if (at == argc)
		check_all(&check, only_stdin, 1);
	else
		check_all(&check, argv + at, argc - at);
	mailseal_close(check.mailseal);
	return check.worst;
}
