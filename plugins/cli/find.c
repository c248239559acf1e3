/* find.c - mailseal find: what is remembered of a Message-ID */
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"

#define FOUND_MAX 64

static int print_all(struct mailseal_report **reports, size_t count,
		     bool json)
{
	int status = CHECK_FINE;
	const char *id;
	size_t i;

	for (i = 0; i < count; i++) {
		id = mailseal_report_text(reports[i], "id");
		if (json) {
			mailseal_report_json(reports[i], NULL, stdout);
			(void)fputc('\n', stdout);
		} else {
			print_verdict(id == NULL ? "" : id, reports[i],
				      PRINT_SHORT);
		}
		status = worse_status(status, verdict_status(
			mailseal_report_text(reports[i], "verdict")));
		mailseal_report_free(reports[i]);
	}
	return status;
}

int find_command(int argc, char **argv)
{
	struct mailseal_report *reports[FOUND_MAX];
	bool json = argc > 0 && strcmp(argv[0], "--json") == 0;
	enum mailseal_status result;
	struct mailseal *mailseal;
	size_t count = 0;
	char why[512];
	int status;

	if (argc != (json ? 2 : 1)) {
		complain("find takes one Message-ID; mailseal --help tells "
			 "more.");
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	result = mailseal_list_end(mailseal, mailseal_find_start(mailseal,
							argv[argc - 1]),
				   reports, FOUND_MAX, &count, why,
				   sizeof(why));
	if (result != MAILSEAL_OK) {
		complain("%s.", why);
		status = refusal_status(mailseal, result);
	} else if (count == 0) {
		complain("nothing is remembered of that Message-ID; mailseal "
			 "check FILE judges the message.");
		status = EX_NOINPUT;
	} else {
		status = print_all(reports, count, json);
	}
	mailseal_close(mailseal);
	return status;
}
