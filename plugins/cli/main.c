/* main.c - mailseal: picks the command */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"
#include "proto/mailseal.h"

static const char usage[] =
	"Usage: mailseal [--config FILE] COMMAND ...\n\n"
	"  check [-vq] [--json] [--again] [--destinations] [FILE... | "
	"--maildir DIR]\n"
	"                       is the sender genuine? -v explains every step\n"
	"  open [--json] [--part N] [--force] [FILE]   decrypts and verifies\n"
	"  filter               a message in, the same with its verdict out\n"
	"  find MESSAGE-ID      what was judged of it\n"
	"  forget ADDRESS | ID | --older TIME\n"
	"  suggest FOLDER       which of your servers to believe\n"
	"  contacts list | add ADDRESS [NAME] | remove ADDRESS | import FILE | "
	"query WORD\n"
	"  protect [--sign] [--encrypt] [-r ADDRESS... --] [FILE]\n"
	"  dane HOST[:PORT]     does DNS vouch for that server? --mx, --srv, "
	"--tlsa\n"
	"  queue list | flush | cancel ID\n"
	"  keys COMMAND         your own keys; mailseal keys --help\n"
	"  status [--json]      what it does and how it is locked in\n"
	"  mutt-doctor          what is wrong with Mutt's configuration\n"
	"  mutt-rules           for Mutt's configuration\n\n"
	"check: 0 genuine or authenticated, 2 one is unverified, 1 one is "
	"suspicious or\nspoofed. dane: 0 verified by DANE, 1 by public "
	"authorities only, 2 refused, 75\nnot known now. 64 and up: errors "
	"(sysexits). mailseal(1) has all options.\n";

/* Those that tell of themselves, and filter, whose output is somebody's mail:
 * these are handed "--help". */
enum command_help { HELP_HERE, HELP_THERE };

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	enum command_help help;
} commands[] = {
	{ "check", check_command, HELP_HERE },
	{ "contacts", contacts_command, HELP_HERE },
	{ "dane", dane_command, HELP_HERE },
	{ "filter", filter_command, HELP_THERE },
	{ "find", find_command, HELP_HERE },
	{ "forget", forget_command, HELP_HERE },
	{ "open", open_command, HELP_HERE },
	{ "protect", protect_command, HELP_THERE },
	{ "queue", queue_command, HELP_HERE },
	{ "keys", keys_command, HELP_THERE },
	{ "mutt-doctor", mutt_doctor_command, HELP_HERE },
	{ "mutt-rules", mutt_rules_command, HELP_HERE },
	{ "status", status_command, HELP_HERE },
	{ "suggest", suggest_command, HELP_HERE },
};

struct mailseal *connect_or_complain(int *status)
{
	enum mailseal_status why_not;
	struct mailseal *mailseal;
	char why[512];

	mailseal = mailseal_open(&why_not, why, sizeof(why));
	if (mailseal == NULL)
		complain("%s.", why);
	*status = mailseal == NULL ? EX_UNAVAILABLE : EX_OK;
	return mailseal;
}

int main(int argc, char **argv)
{
	size_t i;
	int at = 1;

	/* How wide characters are; texts are UTF-8 whatever it says. */
	if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	while (at < argc && argv[at][0] == '-') {
		if (strcmp(argv[at], "--help") == 0) {
			(void)fputs(usage, stdout);
			return EX_OK;
		}
		if (strcmp(argv[at], "--version") == 0) {
			(void)puts("mailseal " MAILSEAL_VERSION);
			return EX_OK;
		}
		if (strcmp(argv[at], "--config") != 0 || at + 1 >= argc) {
			complain("unknown or incomplete option \"%s\"; "
				 "mailseal --help lists the options.",
				 argv[at]);
			return EX_USAGE;
		}
		/* For an agent that the bus starts on our behalf. */
		if (setenv("MAILSEAL_CONFIG", argv[at + 1], 1) != 0)
			return EX_OSERR;
		at += 2;
	}
	if (at >= argc) {
		(void)fputs(usage, stderr);
		return EX_USAGE;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, argv[at]) != 0)
			continue;
		if (commands[i].help == HELP_HERE && at + 1 < argc &&
		    strcmp(argv[at + 1], "--help") == 0) {
			(void)fputs(usage, stdout);
			return EX_OK;
		}
		return commands[i].run(argc - at - 1, argv + at + 1);
	}
	complain("there is no command \"%s\"; mailseal --help lists them.",
		 argv[at]);
	return EX_USAGE;
}
