/* keys_publish.c - mailseal keys publish: the DNS records of one's own keys */
#include "plugins/cli/keys_find.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/keys.h"

#define RECORDS_MAX	16
#define WHY_MAX		1024

static const char usage[] =
	"Usage: mailseal keys publish [--smimea | --openpgpkey] [--generic] "
	"[--json]\n                             ADDRESS\n"
	"The records by which others find the keys of your ADDRESS, to put "
	"into the zone\nof its domain, which must be signed (DNSSEC). "
	"--generic writes them so that any\nname server takes them (RFC "
	"3597).\n";

struct publish_words {
	const char *address, *scheme;
	bool generic, json;
};

/* False: said what is wrong. */
static bool words_read(int argc, char **argv, struct publish_words *words)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--smimea") == 0 && words->scheme == NULL)
			words->scheme = "smime";
		else if (strcmp(argv[i], "--openpgpkey") == 0 &&
			 words->scheme == NULL)
			words->scheme = "openpgp";
		else if (strcmp(argv[i], "--generic") == 0)
			words->generic = true;
		else if (strcmp(argv[i], "--json") == 0)
			words->json = true;
		else if (argv[i][0] != '-' && words->address == NULL)
			words->address = argv[i];
		else
			break;
	}
	if (i < argc)
		complain("keys publish: unknown or superfluous \"%s\".",
			 argv[i]);
	else if (words->address == NULL)
		complain("keys publish: which of your addresses?");
	return i == argc && words->address != NULL;
}

static void print_record(const struct mailseal_report *record,
			 const struct publish_words *words)
{
	if (words->json) {
		mailseal_report_json(record, NULL, stdout);
		(void)putchar('\n');
		return;
	}
	/* A zone file's comment, so that the whole may be pasted. */
	(void)printf("; %s of %s, key %s\n%s\n",
		     mailseal_report_text(record, "type"), words->address,
		     mailseal_report_text(record, "fingerprint"),
		     mailseal_report_text(record, words->generic ?
					  "generic" : "record"));
}

/* Those of one scheme.  How many, and in *failed whether it could not be
 * told, with a sentence in `why`. */
static size_t publish(struct mailseal *mailseal,
		      const struct publish_words *words, const char *scheme,
		      enum mailseal_status *failed, char why[WHY_MAX])
{
	const struct mailseal_option options[] = {
		{ "scheme", scheme, MAILSEAL_TEXT, 0 },
		{ "tty", ttyname(STDIN_FILENO), MAILSEAL_TEXT, 0 },
		{ "display", getenv("DISPLAY"), MAILSEAL_TEXT, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	struct mailseal_report *records[RECORDS_MAX];
	size_t count = 0, i;

	*failed = mailseal_list_end(mailseal,
				    mailseal_publish_start(mailseal,
							   words->address,
							   options),
				    records, RECORDS_MAX, &count, why,
				    WHY_MAX);
	for (i = 0; i < count; i++) {
		print_record(records[i], words);
		mailseal_report_free(records[i]);
	}
	return count;
}

/* Whoever has keys of one scheme needs nothing of the other. */
static int publish_all(struct mailseal *mailseal,
		       const struct publish_words *words)
{
	static const char *const schemes[] = { "smime", "openpgp" };
	enum mailseal_status result;
	size_t count = 0, i;
	char why[WHY_MAX] = "";
	int failed = EX_OK;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (words->scheme != NULL &&
		    strcmp(words->scheme, schemes[i]) != 0)
			continue;
		count += publish(mailseal, words, schemes[i], &result, why);
		if (result == MAILSEAL_OK)
			continue;
		failed = keys_failed(mailseal, result, why);
		if (failed == EX_USAGE)
			break;		/* and would be with the other */
	}
	if (count > 0 || failed != EX_OK)
		return count > 0 ? EX_OK : failed;
	complain("there is no %skey of yours for %s that is valid; mailseal "
		 "keys list and gpg --list-secret-keys show those that there "
		 "are.",
		 words->scheme == NULL ? "" :
		 strcmp(words->scheme, "smime") == 0 ? "S/MIME " : "OpenPGP ",
		 words->address);
	return EX_NOINPUT;
}

int keys_publish_command(int argc, char **argv)
{
	struct publish_words words = { NULL, NULL, false, false };
	struct mailseal *mailseal;
	int status;

	if (argc > 0 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(usage, stdout);
		return EX_OK;
	}
	if (!words_read(argc, argv, &words))
		return EX_USAGE;
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	status = publish_all(mailseal, &words);
	mailseal_close(mailseal);
	return status;
}
