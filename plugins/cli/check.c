/* check.c - mailseal check: its command line */
#include <arpa/inet.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/check.h"

/* True: `argv[*at]` is the option `name` and takes the next word. */
static bool option_text(const char *name, int argc, char **argv, int *at,
			const char **into)
{
	if (strcmp(argv[*at], name) != 0 || *at + 1 >= argc)
		return false;
	*into = argv[++*at];
	return true;
}

enum {
	OPTION_IP, OPTION_HELO, OPTION_FROM, OPTION_AGAIN, OPTION_EXPLAIN,
	OPTION_DESTINATIONS
};

static const struct mailseal_option options[CHECK_OPTIONS] = {
	[OPTION_IP] = { "client_ip", NULL, MAILSEAL_TEXT, 0 },
	[OPTION_HELO] = { "helo", NULL, MAILSEAL_TEXT, 0 },
	[OPTION_FROM] = { "mail_from", NULL, MAILSEAL_TEXT, 0 },
	[OPTION_AGAIN] = { "again", NULL, MAILSEAL_TRUTH, 0 },
	[OPTION_EXPLAIN] = { "explain", NULL, MAILSEAL_TEXT, 0 },
	[OPTION_DESTINATIONS] = { "destinations", NULL, MAILSEAL_TEXT, 0 },
};

/* False: `word` is no option of check. */
static bool option_flag(struct check *check, const char *word)
{
	if (strcmp(word, "-v") == 0) {
		check->how = PRINT_EXPLAINED;
		check->options[OPTION_EXPLAIN].text = "yes";
	} else if (strcmp(word, "--destinations") == 0) {
		check->how = PRINT_EXPLAINED;
		check->options[OPTION_EXPLAIN].text = "yes";
		check->options[OPTION_DESTINATIONS].text = "yes";
		/* What was judged before is answered without DNS. */
		check->options[OPTION_AGAIN].number = 1;
	} else if (strcmp(word, "-q") == 0) {
		check->quiet = true;
	} else if (strcmp(word, "--json") == 0) {
		check->json = true;
	} else if (strcmp(word, "--again") == 0) {
		check->options[OPTION_AGAIN].number = 1;
	} else {
		return false;
	}
	return true;
}

static bool is_address(const char *text)
{
	unsigned char room[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, room) == 1 ||
	       inet_pton(AF_INET6, text, room) == 1;
}

int check_command(int argc, char **argv)
{
	const char *maildir = NULL, *ip;
	struct check check;
	int at, status;

	memset(&check, 0, sizeof(check));
	memcpy(check.options, options, sizeof(options));
	check.how = PRINT_SHORT;
	for (at = 0; at < argc && argv[at][0] == '-' && argv[at][1] != 0;
	     at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (option_flag(&check, argv[at]) ||
		    option_text("--maildir", argc, argv, &at, &maildir) ||
		    option_text("--client-ip", argc, argv, &at,
				&check.options[OPTION_IP].text) ||
		    option_text("--helo", argc, argv, &at,
				&check.options[OPTION_HELO].text) ||
		    option_text("--mail-from", argc, argv, &at,
				&check.options[OPTION_FROM].text))
			continue;
		complain("unknown or incomplete option \"%s\"; mailseal --help "
			 "lists the options.", argv[at]);
		return EX_USAGE;
	}
	ip = check.options[OPTION_IP].text;
	if (ip != NULL && !is_address(ip)) {
		complain("--client-ip takes the IP address of the server that "
			 "sent the mail, not \"%s\".", ip);
		return EX_USAGE;
	}
	if (maildir != NULL && at < argc) {
		complain("check takes files or --maildir, not both.");
		return EX_USAGE;
	}
	check.source = maildir != NULL ? source_maildir(maildir) :
					 source_files(argv + at, argc - at);
	if (check.source == NULL)
		return EX_NOINPUT;	/* it complained */
	check.mailseal = connect_or_complain(&status);
	if (check.mailseal != NULL)
		status = check_run(&check);
	mailseal_close(check.mailseal);
	source_free(check.source);
	return status;
}
