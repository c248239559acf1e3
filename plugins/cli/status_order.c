/* status_order.c - each thing that may be amiss, looked at once */
#include "plugins/cli/status_order.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/mailseal.h"

static void say(unsigned *count, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(unsigned *count, const char *format, ...)
{
	va_list args;

	if ((*count)++ == 0)
		(void)printf("\nNot in order:\n");
	(void)printf("- ");
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	(void)putchar('\n');
}

static void roles_look(const struct mailseal_report *report, unsigned *count)
{
	const char *role, *state;
	char key[128];
	unsigned i;

	for (i = 0; (role = mailseal_report_key(report, "Roles", i)) != NULL;
	     i++) {
		(void)snprintf(key, sizeof(key), "Roles.%s", role);
		state = mailseal_report_text(report, key);
		if (state != NULL && strcmp(state, "down") == 0)
			say(count, "The %s ended several times; it is tried "
			    "again within half a minute, and the log of "
			    "mailseald says why.", role);
		(void)snprintf(key, sizeof(key), "Sandbox.%s.seccomp", role);
		if (mailseal_report_has(report, key) &&
		    !mailseal_report_truth(report, key))
			say(count, "The %s is not locked in (no seccomp).",
			    role);
	}
}

static void resolver_look(const struct mailseal_report *report,
			  unsigned *count)
{
	const char *text = mailseal_report_text(report, "Resolver.sentence");

	if (mailseal_report_has(report, "Resolver.works") &&
	    !mailseal_report_truth(report, "Resolver.works"))
		say(count, "DNS does not validate here, so nothing can be "
		    "proved: %s", text == NULL ? "no reason is known." :
		    text);
}

static void books_look(const struct mailseal_report *report, unsigned *count)
{
	const char *path, *problem;
	unsigned i;

	for (i = 0; (path = mailseal_report_member(report, "Contacts.sources",
						   i, "path")) != NULL; i++) {
		problem = mailseal_report_member(report, "Contacts.sources", i,
						 "problem");
		if (problem != NULL)
			say(count, "Address book %s: %s. What can be "
			    "read of it, or else could before, is in use.",
			    path, problem);
	}
	if (i == 0 && mailseal_report_number(report, "Contacts.addresses", 0)
		      == 0)
		say(count, "No address book is named, so no sender's name is "
		    "shown: set source in [contacts] of "
		    "~/.config/mailseal/config, or use mailseal contacts "
		    "add.");
}

static void store_look(const struct mailseal_report *report, unsigned *count)
{
	const char *problem = mailseal_report_text(report, "Store.problem");

	if (problem != NULL)
		say(count, "What is remembered: %s", problem);
}

static void authorities_look(const struct mailseal_report *report,
			     unsigned *count)
{
	const char *problem = mailseal_report_text(report,
						   "Authorities.problem");

	if (problem != NULL)
		say(count, "Signed mail: %s. They are read when the agent "
		    "starts: set authority in [keys] right, and start it "
		    "anew.", problem);
}

void status_order_print(const struct mailseal_report *report)
{
	unsigned count = 0;

	roles_look(report, &count);
	resolver_look(report, &count);
	books_look(report, &count);
	authorities_look(report, &count);
	store_look(report, &count);
	if (count == 0)
		(void)printf("\nAll is in order.\n");
}
