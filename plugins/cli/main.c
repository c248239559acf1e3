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
	"Mail that came\n"
	"  check [-v] [-q] [--json] [--again] [--destinations]\n"
	"        [FILE... | --maildir DIR]\n"
	"                       is the sender genuine? -v explains every step\n"
	"  open [--json] [--part N] [--force] [FILE]   decrypts and verifies\n"
	"  filter               a message in, the same with its verdict out\n"
	"  find MESSAGE-ID      what was judged of it\n"
	"  forget ADDRESS | ID | --older TIME\n"
	"  suggest FOLDER       which of your servers to believe\n"
	"  contacts list | add ADDRESS [NAME] | remove ADDRESS\n"
	"         | import FILE | query WORD...\n"
	"Mail that goes\n"
	"  protect [--sign] [--encrypt] [-r ADDRESS...] [FILE]\n"
	"  dane HOST[:PORT]     does DNS vouch for that server? --mx, --srv, "
	"--tlsa\n"
	"  queue list | flush | cancel ID\n"
	"  keys COMMAND         your own keys; mailseal keys --help\n"
	"The agent\n"
	"  status [--json]      what it does and how it is locked in\n"
	"  mutt-doctor          what is wrong with Mutt's configuration\n"
	"  mutt-rules           for Mutt's configuration\n\n"
	"check: 0 genuine or authenticated, 2 one is unverified, 1 one is "
	"suspicious or\nspoofed. dane: 0 verified by DANE, 1 by public "
	"authorities only, 2 refused, 75\nnot known now. 64 and up: errors "
	"(sysexits). mailseal(1) has all options.\n";

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "check", check_command },
	{ "contacts", contacts_command },
	{ "dane", dane_command },
	{ "filter", filter_command },
	{ "find", find_command },
	{ "forget", forget_command },
	{ "open", open_command },
	{ "protect", protect_command },
	{ "queue", queue_command },
	{ "keys", keys_command },
	{ "mutt-doctor", mutt_doctor_command },
	{ "mutt-rules", mutt_rules_command },
	{ "status", status_command },
	{ "suggest", suggest_command },
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
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, argv[at]) == 0)
			return commands[i].run(argc - at - 1, argv + at + 1);
	complain("there is no command \"%s\"; mailseal --help lists them.",
		 argv[at]);
	return EX_USAGE;
}
