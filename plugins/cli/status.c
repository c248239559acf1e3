/* status.c - mailseal status: what the agent does and how it is locked in */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/status_order.h"
#include "proto/mailseal.h"

static const char *yes_no(const struct mailseal_report *report,
			  const char *role, const char *what)
{
	char key[128];

	(void)snprintf(key, sizeof(key), "Sandbox.%s.%s", role, what);
	return mailseal_report_truth(report, key) ? "yes" : "no";
}

static void print_roles(const struct mailseal_report *report)
{
	const char *role, *state;
	char key[128];
	unsigned i;

	for (i = 0; (role = mailseal_report_key(report, "Roles", i)) != NULL;
	     i++) {
		(void)snprintf(key, sizeof(key), "Roles.%s", role);
		state = mailseal_report_text(report, key);
		(void)printf("%-10s %s", role, state == NULL ? "?" : state);
		(void)snprintf(key, sizeof(key), "Sandbox.%s", role);
		if (mailseal_report_key(report, key, 0) != NULL)
			(void)printf("; seccomp %s, landlock %s, no new "
				     "privileges %s, not dumpable %s",
				     yes_no(report, role, "seccomp"),
				     yes_no(report, role, "landlock"),
				     yes_no(report, role, "no_new_privileges"),
				     yes_no(report, role, "undumpable"));
		(void)putchar('\n');
	}
}

static void print_resolver(const struct mailseal_report *report)
{
	const char *mode = mailseal_report_text(report, "Resolver.mode");
	const char *text = mailseal_report_text(report, "Resolver.sentence");

	(void)printf("dns        %s; %s\n", mode == NULL ? "starting" : mode,
		     text == NULL ? "no word yet from the resolver" : text);
}

/* "~/.contacts: 12 addresses in 11 files" */
static void print_source(const struct mailseal_report *report, unsigned i)
{
	const char *path = mailseal_report_member(report, "Contacts.sources",
						  i, "path");
	char key[64];
	int64_t files;

	(void)snprintf(key, sizeof(key), "Contacts.sources.%u.addresses", i);
	(void)printf("           %s: %lld addresses", path, (long long)
		     mailseal_report_number(report, key, 0));
	(void)snprintf(key, sizeof(key), "Contacts.sources.%u.files", i);
	files = mailseal_report_number(report, key, -1);
	if (files >= 0)
		(void)printf(" in %lld files", (long long)files);
	(void)printf("\n");
}

static void print_contacts(const struct mailseal_report *report)
{
	unsigned i;

	(void)printf("contacts   %lld addresses\n", (long long)
		     mailseal_report_number(report, "Contacts.addresses", 0));
	for (i = 0; mailseal_report_member(report, "Contacts.sources", i,
					   "path") != NULL; i++)
		print_source(report, i);
}

int status_command(int argc, char **argv)
{
	struct mailseal_report *report = NULL;
	struct mailseal *mailseal;
	enum mailseal_status result;
	const char *version;
	bool json = argc > 0 && strcmp(argv[0], "--json") == 0;
	char why[512];
	int status;

	if (argc > (json ? 1 : 0)) {
		complain("unknown option \"%s\"; mailseal --help lists the "
			 "options.", argv[json ? 1 : 0]);
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	result = mailseal_properties(mailseal, &report, why, sizeof(why));
	if (result != MAILSEAL_OK) {
		complain("%s.", why);
		status = EX_UNAVAILABLE;
	} else if (json) {
		mailseal_report_json(report, NULL, stdout);
		(void)putchar('\n');
	} else {
		version = mailseal_report_text(report, "Version");
		(void)printf("mailseald  %s\n", version == NULL ? "?" :
			     version);
		print_roles(report);
		print_resolver(report);
		print_contacts(report);
		status_order_print(report);
	}
	mailseal_report_free(report);
	mailseal_close(mailseal);
	return status;
}
