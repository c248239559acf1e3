/* keys_find.c - mailseal keys find: the keys of a correspondent
 *
 * Exit status: 0 a key is chosen, 1 there is none that can be used; 64 and up
 * as sysexits. */
#include "plugins/cli/keys_find.h"
#include "plugins/cli/print_text.h"

#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/keys.h"

#define FOUND_MAX	64
#define FIND_NOTHING	1

static const char usage[] =
	"Usage: mailseal keys find [--json] [--no-dns] ADDRESS\n"
	"What is known to encrypt to ADDRESS with, where it comes from, and "
	"how far it\nis trusted. A question to DNS tells the domain that "
	"somebody writes to ADDRESS;\n--no-dns asks none.\n";

/* A remark or reason, broken at blanks before column 76. */
static void print_text(const char *text)
{
	size_t column = 0, word;

	while (*text != 0) {
		word = strcspn(text, " ");
		if (column == 0 || column + word > 70) {
			(void)printf("%s     ", column == 0 ? "" : "\n");
			column = 0;
		}
		(void)printf(" %.*s", (int)word, text);
		column += word + 1;
		text += word;
		text += strspn(text, " ");
	}
	(void)putchar('\n');
}

static void print_date(const char *before, int64_t when)
{
	time_t seconds = (time_t)when;
	char date[32];
	struct tm day;

	if (when > 0 && gmtime_r(&seconds, &day) != NULL &&
	    strftime(date, sizeof(date), "%Y-%m-%d", &day) > 0)
		(void)printf("%s%s", before, date);
}

/* What whoever made the key wrote. */
static void print_name(const char *name)
{
	(void)printf("      ");
	put_text(name);
	(void)putchar('\n');
}

static void print_found(const struct mailseal_report *found)
{
	const char *fingerprint = mailseal_report_text(found, "fingerprint");
	const char *name = mailseal_report_text(found, "name");
	const char *algorithm = mailseal_report_text(found, "algorithm");
	const char *dnssec = mailseal_report_text(found, "dnssec");
	const char *reason = mailseal_report_text(found, "reason");

	(void)printf("%c %s %s\n", mailseal_report_truth(found, "chosen") ?
		     '*' : mailseal_report_truth(found, "usable") ? '-' : 'x',
		     mailseal_report_text(found, "scheme"),
		     fingerprint == NULL ? "(no key)" : fingerprint);
	if (name != NULL)
		print_name(name);
	(void)printf("      from %s", mailseal_report_text(found, "source"));
	if (dnssec != NULL)
		(void)printf(" (%s)", dnssec);
	(void)printf(", trust %s", mailseal_report_text(found, "trust"));
	if (algorithm != NULL)
		(void)printf(", %s", algorithm);
	if (mailseal_report_number(found, "bits", 0) > 0)
		(void)printf(" %lld", (long long)
			     mailseal_report_number(found, "bits", 0));
	print_date(", known since ",
		   mailseal_report_number(found, "first_seen", 0));
	print_date(", expires ", mailseal_report_number(found, "expires", 0));
	(void)putchar('\n');
	if (reason != NULL)
		print_text(reason);
}

/* Of a scheme that has no row: where was looked. */
static void print_nothing(struct mailseal_report *const *found, size_t count,
			  const char *scheme, const char *where,
			  const struct mailseal_option *no_dns)
{
	const char *is;
	char text[256];
	size_t i;

	for (i = 0; i < count; i++) {
		is = mailseal_report_text(found[i], "scheme");
		if (is != NULL && strcmp(is, scheme) == 0)
			return;
	}
	(void)snprintf(text, sizeof(text), "%s; DNS %s.", where,
		       no_dns->number != 0 ? "was not asked" : "has none");
	(void)printf("x %s (no key)\n", scheme);
	print_text(text);
}

static int print_all(struct mailseal_report *const *found, size_t count,
		     const struct mailseal_option *no_dns, bool json)
{
	int status = FIND_NOTHING;
	size_t i;

	for (i = 0; i < count; i++) {
		if (mailseal_report_truth(found[i], "chosen"))
			status = EX_OK;
		if (json) {
			mailseal_report_json(found[i], NULL, stdout);
			(void)putchar('\n');
		} else {
			print_found(found[i]);
		}
	}
	if (json)
		return status;
	print_nothing(found, count, "smime",
		      "No certificate came with mail from there, and none is "
		      "in your address book", no_dns);
	print_nothing(found, count, "openpgp",
		      "gpg has no key, none came with mail from there, and "
		      "none is in your address book", no_dns);
	(void)printf("\n* encrypted is to this one   - not chosen   "
		     "x not usable\n");
	return status;
}

int keys_find_command(int argc, char **argv)
{
	struct mailseal_report *found[FOUND_MAX];
	const char *address = NULL;
	struct mailseal_option options[] = {
		{ "no_dns", NULL, MAILSEAL_TRUTH, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	bool json = false;
	struct mailseal *mailseal;
	enum mailseal_status result;
	size_t count = 0, j;
	char why[1024] = "";
	int i, status = EX_USAGE;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			(void)fputs(usage, stdout);
			return EX_OK;
		}
		if (strcmp(argv[i], "--json") == 0) {
			json = true;
		} else if (strcmp(argv[i], "--no-dns") == 0) {
			options[0].number = 1;
		} else if (argv[i][0] != '-' && address == NULL) {
			address = argv[i];
		} else {
			complain("keys find: unknown or superfluous \"%s\".",
				 argv[i]);
			return EX_USAGE;
		}
	}
	if (address == NULL) {
		complain("keys find: whose keys? Give an address.");
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	result = mailseal_list_end(mailseal,
				   mailseal_correspondent_start(mailseal,
								address,
								options),
				   found, FOUND_MAX, &count, why, sizeof(why));
	if (result == MAILSEAL_OK) {
		status = print_all(found, count, &options[0], json);
	} else {
		status = keys_failed(mailseal, result, why);
	}
	for (j = 0; j < count; j++)
		mailseal_report_free(found[j]);
	mailseal_close(mailseal);
	return status;
}
