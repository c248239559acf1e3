/* contacts.c - mailseal contacts: whom the user knows */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"
#include "plugins/cli/contacts_query.h"

#define CONTACTS_MAX 100000

static int finish(struct mailseal *mailseal, enum mailseal_status result,
		  const char *why)
{
	int status;

	if (result != MAILSEAL_OK)
		complain("%s%s", why, result == MAILSEAL_REFUSED ? "" : ".");
	status = refusal_status(mailseal, result);
	mailseal_close(mailseal);
	return status;
}

/* The texts of a list, with `between` between them. */
static void print_texts(const struct mailseal_report *report, const char *list,
			const char *between)
{
	char key[64];
	const char *text;
	unsigned i;

	for (i = 0; ; i++) {
		(void)snprintf(key, sizeof(key), "%s.%u", list, i);
		text = mailseal_report_text(report, key);
		if (text == NULL)
			return;
		(void)fputs(i == 0 ? "" : between, stdout);
		put_text(text);
	}
}

static void print_person(const struct mailseal_report *person, bool json)
{
	const char *name = mailseal_report_text(person, "name");

	if (json) {
		mailseal_report_json(person, NULL, stdout);
		(void)fputc('\n', stdout);
		return;
	}
	/* Tabs, for scripts; no text of the agent holds one. */
	print_texts(person, "addresses", ", ");
	(void)putchar('\t');
	put_text(name == NULL ? "" : name);
	(void)putchar('\t');
	print_texts(person, "sources", "; ");
	(void)fputc('\n', stdout);
}

/* Who is missing, and why. */
static void complain_of_sources(struct mailseal *mailseal)
{
	struct mailseal_report *report = NULL;
	const char *path, *problem;
	char why[512];
	unsigned i;

	if (mailseal_properties(mailseal, &report, why, sizeof(why)) !=
	    MAILSEAL_OK)
		return;
	for (i = 0; (path = mailseal_report_member(report, "Contacts.sources",
						   i, "path")) != NULL; i++) {
		problem = mailseal_report_member(report, "Contacts.sources", i,
						 "problem");
		if (problem != NULL)
			complain("address book %s: %s.", path, problem);
	}
	mailseal_report_free(report);
}

static int list_all(struct mailseal *mailseal, bool json)
{
	struct mailseal_report **list = calloc(CONTACTS_MAX, sizeof(*list));
	enum mailseal_status result = MAILSEAL_NO_MEMORY;
	char why[512] = "out of memory";
	size_t count = 0, i;

	if (list != NULL)
		result = mailseal_list_end(mailseal,
					   mailseal_contacts_start(mailseal),
					   list, CONTACTS_MAX, &count, why,
					   sizeof(why));
	for (i = 0; i < count; i++) {
		print_person(list[i], json);
		mailseal_report_free(list[i]);
	}
	free(list);
	if (result == MAILSEAL_OK)
		complain_of_sources(mailseal);
	return finish(mailseal, result, why);
}

static int import_file(struct mailseal *mailseal, const char *path)
{
	enum mailseal_status result;
	unsigned count = 0;
	char why[512];
	int taken = mailseal_file_open(path, MAILSEAL_FILE_ANY, why,
				       sizeof(why));
	int status;

	if (taken < 0) {
		complain("%s: %s.", path, why);
		mailseal_close(mailseal);
		status = EX_NOINPUT;
	} else {
		result = mailseal_contacts_import(mailseal, taken, "", &count,
						  why, sizeof(why));
		if (result == MAILSEAL_OK)
			(void)printf("imported: %u\n", count);
		status = finish(mailseal, result, why);
	}
	if (taken > STDIN_FILENO)
		(void)close(taken);
	return status;
}

int contacts_command(int argc, char **argv)
{
	bool json = argc == 2 && strcmp(argv[0], "list") == 0 &&
		    strcmp(argv[1], "--json") == 0;
	struct mailseal *mailseal;
	char why[512] = "";
	int status;
	enum { LIST, ADD, REMOVE, IMPORT } what;

	if (argc > 1 && strcmp(argv[0], "query") == 0)
		return contacts_query_command(argc - 1, argv + 1);
	if ((argc == 1 && strcmp(argv[0], "list") == 0) || json)
		what = LIST;
	else if ((argc == 2 || argc == 3) && strcmp(argv[0], "add") == 0)
		what = ADD;
	else if (argc == 2 && strcmp(argv[0], "remove") == 0)
		what = REMOVE;
	else if (argc == 2 && strcmp(argv[0], "import") == 0)
		what = IMPORT;
	else {
		complain("contacts takes list [--json], add ADDRESS [NAME], "
			 "remove ADDRESS, import FILE or query WORD...");
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	switch (what) {
	case LIST:
		return list_all(mailseal, json);
	case IMPORT:
		return import_file(mailseal, argv[1]);
	case ADD:
		return finish(mailseal, mailseal_contact_add(mailseal, argv[1],
				argc == 3 ? argv[2] : "", why, sizeof(why)),
			      why);
	case REMOVE:
	default:
		return finish(mailseal, mailseal_contact_remove(mailseal,
				argv[1], why, sizeof(why)), why);
	}
}
