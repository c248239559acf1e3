/* suggest.c - mailseal suggest: lines for the configuration, to be read first
 *
 * Prints what the agent proposes, and changes nothing. */
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/suggest_folder.h"

static const char *member(const struct mailseal_report *report, unsigned nth,
			  const char *key)
{
	return mailseal_report_member(report, "lines", nth, key);
}

static long long number(const struct mailseal_report *report, unsigned nth)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "lines.%u.messages", nth);
	return mailseal_report_number(report, path, 0);
}

/* What is doubtful is a comment. */
static void print_lines(const struct mailseal_report *report)
{
	long long all = mailseal_report_number(report, "messages", 0);
	const char *doubt, *hide;
	unsigned i;

	if (member(report, 0, "key") == NULL) {
		complain("%lld messages tell of no server that took in many "
			 "of them; a folder with more mail of different "
			 "senders may.", all);
		return;
	}
	(void)printf("# Proposed from %lld messages; read before you take "
		     "them over.\n[incoming]\n", all);
	for (i = 0; member(report, i, "key") != NULL; i++) {
		doubt = member(report, i, "doubt");
		hide = doubt == NULL ? "" : "# ";
		if (doubt != NULL)
			(void)printf("# %s\n", doubt);
		(void)printf("%s%s = %s\t# %lld messages\n", hide,
			     member(report, i, "key"),
			     member(report, i, "value"), number(report, i));
	}
}

int suggest_command(int argc, char **argv)
{
	struct mailseal_report *report = NULL;
	enum mailseal_status result;
	struct mailseal *mailseal;
	char why[512];
	int status, headers;

	if (argc != 1 || argv[0][0] == '-') {
		complain("suggest takes one folder: a Maildir, a directory of "
			 "messages, or a mailbox file.");
		return EX_USAGE;
	}
	headers = suggest_folder_read(argv[0], why, sizeof(why));
	if (headers < 0) {
		complain("%s: %s", argv[0], why);
		return EX_NOINPUT;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		goto out;
	result = mailseal_check_end(mailseal, mailseal_suggest_start(mailseal,
							headers),
				    &report, why, sizeof(why));
	if (result == MAILSEAL_OK) {
		print_lines(report);
	} else {
		complain("%s.", why);
		status = refusal_status(mailseal, result);
	}
	mailseal_report_free(report);
	mailseal_close(mailseal);
out:
	(void)close(headers);
	return status;
}
