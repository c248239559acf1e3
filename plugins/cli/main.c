/* main.c - mailseal: picks the command */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"
#include "proto/mailseal.h"

static const char usage[] =
	"Usage: mailseal [--config FILE] COMMAND ...\n\n"
	"  check [-v] [-q] [--json] [FILE... | --maildir DIR]\n"
	"                                  judge messages: is the sender "
	"genuine?\n"
	"      -v explains every step, -q tells alarms only,\n"
	"      --again judges anew what was judged before,\n"
	"      --client-ip IP, --helo NAME, --mail-from ADDR: the envelope, "
	"for SPF\n"
	"  dane [--json] [--starttls none|smtp|imap|pop3] [--require] "
	"[--watch]\n       HOST[:PORT]          does DNS vouch for that "
	"server?\n"
	"      --srv DOMAIN     its submission servers, --mx DOMAIN who takes "
	"its mail,\n"
	"      --tlsa CERT [HOST] the records to publish\n"
	"  filter                          a message in, the same with its "
	"verdict on top out\n"
	"  find [--json] MESSAGE-ID        what was judged of that "
	"Message-ID\n"
	"  forget ADDRESS | ID | --older TIME\n"
	"                                  forgets what is remembered of it\n"
	"  contacts list [--json] | add ADDRESS [NAME] | remove ADDRESS | "
	"import FILE\n"
	"  open [--json] [--part N] [--force] [FILE]\n"
	"                                  decrypts and verifies: content out, "
	"report on\n"
	"                                  standard error\n"
	"  queue list [--json] | flush | cancel ID\n"
	"                                  the mail that waits to be sent\n"
	"  keys list|generate|import|request|remove|unlock|lock\n"
	"                                  your own keys for S/MIME; "
	"mailseal keys --help\n"
	"  status [--json]                 what the agent does and how it is "
	"locked in\n"
	"  suggest FOLDER                  proposes trusted-relay and "
	"trusted-authserv\n"
	"                                  lines from a folder's mail\n"
	"  --version, --help\n\n"
	"check reads standard input without a FILE. Its exit status is 0 when "
	"every\nsender is genuine or authenticated, 2 with an unverified one, "
	"1 with a\nsuspicious or spoofed one, 64 and up for errors "
	"(sysexits).\n"
	"dane's is 0 when DANE verifies the server, 1 when only the public "
	"authorities\ndo, 2 when it is refused, 75 when it cannot be told "
	"now.\n"
	"See mailseal(1).\n";

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
	{ "queue", queue_command },
	{ "keys", keys_command },
	{ "mutt-rules", mutt_rules_command },
	{ "status", status_command },
	{ "suggest", suggest_command },
};

void complain(const char *format, ...)
{
	va_list args;

	(void)fputs("mailseal: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

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
