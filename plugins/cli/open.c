/* open.c - mailseal open: a sealed message in, its content out */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"
#include "plugins/cli/seal.h"

struct opening {
	const char *file, *part;
	bool json, force, no_verdict;
};

/* Three words that decide the exit status. */
static bool is(const struct mailseal_report *report, const char *key,
	       const char *word)
{
	const char *text = mailseal_report_text(report, key);

	return text != NULL && strcmp(text, word) == 0;
}

/* 0: by its author, whole; 1: something is wrong; 2: nothing is known. */
static int status_of(const struct mailseal_report *report)
{
	static const char *const wrong[] = {
		"bad", "revoked", "weak"
	};
	const char *encryption = mailseal_report_text(report,
						      "encryption.status");
	int status = 2;
	size_t i;

	if (is(report, "security", "verified") ||
	    is(report, "security", "confidential"))
		status = 0;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (is(report, "signature.status", wrong[i]))
			status = 1;
	if (is(report, "signature.from_match", "no") ||
	    is(report, "signature.from_match", "ambiguous") ||
	    (encryption != NULL && strcmp(encryption, "opened") != 0 &&
	     strcmp(encryption, "not-encrypted") != 0))
		status = 1;
	return mailseal_report_has(report, "verdict") ?
	       worse_status(status, verdict_status(
			mailseal_report_text(report, "verdict")) == 1 ?
			1 : status) : status;
}

static void put_entry_of(const char *text)
{
	(void)fputs("  ", stderr);
	put_lines(text, stderr);
	(void)fputc('\n', stderr);
}

static void print_reasons(const struct mailseal_report *report,
			  const char *list)
{
	const char *text;
	unsigned nth;

	for (nth = 0; (text = mailseal_report_member(report, list, nth,
						     "text")) != NULL; nth++)
		put_entry_of(text);
}

static void print_parts(const struct mailseal_report *report)
{
	const char *part, *kind;
	unsigned nth;

	for (nth = 0; (part = mailseal_report_member(report, "parts", nth,
						     "part")) != NULL; nth++) {
		kind = mailseal_report_member(report, "parts", nth, "kind");
		(void)fprintf(stderr, "  Part %s is %s; --part %s opens it "
			      "alone.\n", part, kind == NULL ? "sealed" : kind,
			      part);
	}
}

static void print(const struct mailseal_report *report)
{
	const char *line = mailseal_report_text(report, "line");
	const char *verdict = mailseal_report_text(report, "verdict");
	const char *from = mailseal_report_text(report, "shown_from");

	put_lines(line == NULL ? "" : line, stderr);
	(void)fputc('\n', stderr);
	print_reasons(report, "seal_reasons");
	print_parts(report);
	if (verdict != NULL) {
		(void)fputs("From ", stderr);
		put_lines(from == NULL ? "?" : from, stderr);
		(void)fprintf(stderr, ": %s\n", verdict);
		print_reasons(report, "reasons");
	}
}

static int finish(struct mailseal *mailseal, struct mailseal_pending *pending,
		  const struct opening *opening)
{
	struct mailseal_report *report;
	enum mailseal_status status;
	char why[1024];
	int content, result, copied;

	status = mailseal_content_end(mailseal, pending, &content, &report,
				      why, sizeof(why));
	if (status != MAILSEAL_OK) {
		complain("%s", why);
		return refusal_status(mailseal, status);
	}
	if (opening->json) {
		mailseal_report_json(report, opening->file, stderr);
		(void)fputc('\n', stderr);
	} else {
		print(report);
	}
	result = status_of(report);
	copied = seal_copy(content, mailseal_report_number(report,
							   "content_size", 0));
	if (copied != EX_OK)
		result = copied;
	mailseal_report_free(report);
	return result;
}

static int run(const struct opening *opening)
{
	struct mailseal_option options[SEAL_PLACES + 4];
	struct mailseal_pending *pending;
	struct mailseal *mailseal;
	bool close_it;
	int status, message;

	seal_places(options);
	options[SEAL_PLACES] = (struct mailseal_option){
		"part", opening->part, MAILSEAL_TEXT, 0 };
	options[SEAL_PLACES + 1] = (struct mailseal_option){
		"force", NULL, MAILSEAL_TRUTH, opening->force };
	options[SEAL_PLACES + 2] = (struct mailseal_option){
		"no_verdict", NULL, MAILSEAL_TRUTH, opening->no_verdict };
	options[SEAL_PLACES + 3] = (struct mailseal_option){
		NULL, NULL, MAILSEAL_TEXT, 0 };
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	message = seal_message(opening->file, &close_it);
	status = EX_NOINPUT;
	if (message >= 0) {
		pending = mailseal_unseal_start(mailseal, message, options);
		if (close_it)
			(void)close(message);
		if (pending != NULL)
			seal_wait(mailseal, pending, "Opening");
		status = finish(mailseal, pending, opening);
	}
	mailseal_close(mailseal);
	return status;
}

/* "2", "2.1": as the report names parts. */
static bool is_part(const char *text)
{
	size_t len;

	for (;;) {
		len = strspn(text, "0123456789");
		if (len == 0 || text[0] == '0' ||
		    (text[len] != '.' && text[len] != '\0'))
			return false;
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
}

int open_command(int argc, char **argv)
{
	struct opening opening = { NULL, NULL, false, false, false };
	int at;

	for (at = 0; at < argc && argv[at][0] == '-' && argv[at][1] != 0;
	     at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (strcmp(argv[at], "--json") == 0) {
			opening.json = true;
		} else if (strcmp(argv[at], "--force") == 0) {
			opening.force = true;
		} else if (strcmp(argv[at], "--no-verdict") == 0) {
			opening.no_verdict = true;
		} else if (strcmp(argv[at], "--part") == 0 && at + 1 < argc) {
			opening.part = argv[++at];
		} else {
			complain("unknown or incomplete option \"%s\"; "
				 "mailseal --help lists the options.",
				 argv[at]);
			return EX_USAGE;
		}
	}
	if (opening.part != NULL && !is_part(opening.part)) {
		complain("--part takes the number of a part as open tells it, "
			 "2 or 2.1, not \"%s\".", opening.part);
		return EX_USAGE;
	}
	if (argc - at > 1) {
		complain("open takes one message at a time.");
		return EX_USAGE;
	}
	if (at < argc)
		opening.file = argv[at];
	return run(&opening);
}
