/* protect.c - mailseal protect: a message in, the same message sealed out */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/keys.h"
#include "plugins/cli/print_text.h"
#include "plugins/cli/seal.h"

#define WHY_MAX		16384	/* names every recipient */
#define OPTIONS		(SEAL_PLACES + 9)

static const char usage[] =
	"Usage: mailseal protect [OPTION...] [-r ADDRESS...] [[--] FILE]\n\n"
	"Reads a message from FILE or standard input, signs or encrypts it, "
	"and writes it\nto standard output, as it is to be sent.\n\n"
	"  --sign               with your key for the From address\n"
	"  --encrypt            to every recipient, and to yourself\n"
	"  --policy             as the account of the From address says\n"
	"  --opportunistic      encrypt only if every recipient has a key\n"
	"  --smime, --openpgp   else the one that everybody has a key for\n"
	"  --key FINGERPRINT    your key (mailseal keys list, gpg -K)\n"
	"  --sender ADDRESS     whose key, where it is not From's\n"
	"  --split              hidden recipients are left over, and named\n"
	"  --json               the report as one line of JSON, on standard "
	"error\n"
	"  -r ADDRESS...        the recipients, up to the next option or --; "
	"else\n"
	"                       those of To, Cc and Bcc\n"
	"\nExit status: 0 done; 77 a key is missing or it may not be; 75 try "
	"again later;\n64 and up as sysexits(3). See mailseal-protect(1).\n";

struct protecting {
	const char *file, *scheme, *key, *sender;
	const char **recipients;	/* NULL at the end */
	size_t recipient_count;
	bool json, sign, encrypt, policy, opportunistic, split;
};

static void print_list(const struct mailseal_report *report,
		       const char *list, const char *before)
{
	char path[64];
	const char *text;
	unsigned nth;

	for (nth = 0;; nth++) {
		(void)snprintf(path, sizeof(path), "%s.%u", list, nth);
		text = mailseal_report_text(report, path);
		if (text == NULL)
			return;
		(void)fputs(nth == 0 ? before : ", ", stderr);
		put_lines(text, stderr);
	}
}

static void print_signer(const struct mailseal_report *report)
{
	const char *address = mailseal_report_text(report, "signer_address");
	const char *key = mailseal_report_text(report, "signer_key");

	(void)fputs("Signed as ", stderr);
	put_lines(address == NULL ? "?" : address, stderr);
	if (key != NULL)
		(void)fprintf(stderr, " (%.*s)", KEYS_DIGITS, key);
}

static void print(const struct mailseal_report *report)
{
	const char *scheme = mailseal_report_text(report, "scheme");
	bool is_signed = mailseal_report_truth(report, "signed");
	bool encrypted = mailseal_report_truth(report, "encrypted");
	const char *text;
	unsigned nth;

	if (is_signed)
		print_signer(report);
	if (encrypted)
		print_list(report, "recipients", is_signed ?
			   "; encrypted to " : "Encrypted to ");
	if (scheme == NULL)
		(void)fputs("Neither signed nor encrypted.\n", stderr);
	else
		(void)fprintf(stderr, " (%s).\n", strcmp(scheme, "smime") ==
			      0 ? "S/MIME" : "OpenPGP");
	for (nth = 0; (text = mailseal_report_member(report, "reasons", nth,
						     "text")) != NULL; nth++) {
		(void)fputs("  ", stderr);
		put_lines(text, stderr);
		(void)fputc('\n', stderr);
	}
	if (!mailseal_report_has(report, "left_over"))
		return;
	print_list(report, "left_over", "Not for these hidden recipients, who "
		   "each need a copy alone (-r): ");
	(void)fputs("\n", stderr);
}

static int finish(struct mailseal *mailseal, struct mailseal_pending *pending,
		  const struct protecting *protecting)
{
	struct mailseal_report *report;
	enum mailseal_status status;
	char why[WHY_MAX];
	int content, result;

	status = mailseal_content_end(mailseal, pending, &content, &report,
				      why, sizeof(why));
	if (status != MAILSEAL_OK) {
		complain("%s", why);
		return refusal_status(mailseal, status);
	}
	if (protecting->json) {
		mailseal_report_json(report, protecting->file, stderr);
		(void)fputc('\n', stderr);
	} else {
		print(report);
	}
	result = seal_copy(content, mailseal_report_number(report, "size",
							   -1));
	mailseal_report_free(report);
	return result;
}

static void options_make(const struct protecting *protecting,
			 struct mailseal_option options[OPTIONS])
{
	const struct mailseal_option own[] = {
		{ "sign", NULL, MAILSEAL_TRUTH, protecting->sign },
		{ "encrypt", NULL, MAILSEAL_TRUTH, protecting->encrypt },
		{ "policy", NULL, MAILSEAL_TRUTH, protecting->policy },
		{ "opportunistic", NULL, MAILSEAL_TRUTH,
		  protecting->opportunistic },
		{ "split", NULL, MAILSEAL_TRUTH, protecting->split },
		{ "scheme", protecting->scheme, MAILSEAL_TEXT, 0 },
		{ "key", protecting->key, MAILSEAL_TEXT, 0 },
		{ "sender", protecting->sender, MAILSEAL_TEXT, 0 },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};

	seal_places(options);
	memcpy(options + SEAL_PLACES, own, sizeof(own));
}

static int run(const struct protecting *protecting)
{
	struct mailseal_option options[OPTIONS];
	struct mailseal_pending *pending;
	struct mailseal *mailseal;
	bool close_it;
	int status, message;

	options_make(protecting, options);
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	message = seal_message(protecting->file, &close_it);
	status = EX_NOINPUT;
	if (message >= 0) {
		pending = mailseal_protect_start(mailseal, message,
						 protecting->recipients,
						 options);
		if (close_it)
			(void)close(message);
		if (pending != NULL)
			seal_wait(mailseal, pending, "Sealing");
		status = finish(mailseal, pending, protecting);
	}
	mailseal_close(mailseal);
	return status;
}

/* --- the command line */

static bool *truth_of(struct protecting *protecting, const char *option)
{
	if (strcmp(option, "--json") == 0)
		return &protecting->json;
	if (strcmp(option, "--sign") == 0)
		return &protecting->sign;
	if (strcmp(option, "--encrypt") == 0)
		return &protecting->encrypt;
	if (strcmp(option, "--policy") == 0)
		return &protecting->policy;
	if (strcmp(option, "--opportunistic") == 0)
		return &protecting->opportunistic;
	return strcmp(option, "--split") == 0 ? &protecting->split : NULL;
}

static const char **text_of(struct protecting *protecting,
			    const char *option)
{
	if (strcmp(option, "--key") == 0)
		return &protecting->key;
	return strcmp(option, "--sender") == 0 ? &protecting->sender : NULL;
}

/* How many words it took; 0: it is no option that is known. */
static int option_read(int left, char **argv, struct protecting *protecting)
{
	bool *truth = truth_of(protecting, argv[0]);
	const char **text = text_of(protecting, argv[0]);
	int took = 1;

	if (truth != NULL) {
		*truth = true;
		return 1;
	}
	if (strcmp(argv[0], "--smime") == 0 ||
	    strcmp(argv[0], "--openpgp") == 0) {
		if (protecting->scheme != NULL &&
		    strcmp(protecting->scheme, argv[0] + 2) != 0)
			return 0;
		protecting->scheme = argv[0] + 2;
		return 1;
	}
	if (text != NULL && left > 1) {
		*text = argv[1];
		return 2;
	}
	if (strcmp(argv[0], "-r") != 0)
		return 0;
	for (; took < left && argv[took][0] != '-'; took++)
		protecting->recipients[protecting->recipient_count++] =
			argv[took];
	return took > 1 ? took : 0;
}

/* EX_OK: go on. */
static int words_read(int argc, char **argv, struct protecting *protecting)
{
	int at = 0, took;
	size_t i;

	while (at < argc && argv[at][0] == '-' && argv[at][1] != 0) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		took = option_read(argc - at, argv + at, protecting);
		if (took == 0) {
			complain("unknown, incomplete or contradictory option "
				 "\"%s\"; mailseal protect --help lists the "
				 "options.", argv[at]);
			return EX_USAGE;
		}
		at += took;
	}
	if (argc - at > 1) {
		complain("protect takes one message at a time.");
		return EX_USAGE;
	}
	if (at < argc)
		protecting->file = argv[at];
	for (i = 0; i < protecting->recipient_count; i++) {
		if (strchr(protecting->recipients[i], '@') != NULL)
			continue;
		complain("\"%s\" behind -r is no mail address; write "
			 "NAME@DOMAIN, and -- before the message's file.",
			 protecting->recipients[i]);
		return EX_USAGE;
	}
	if (!protecting->sign && !protecting->encrypt &&
	    !protecting->policy && !protecting->opportunistic) {
		complain("say what is to be done: --sign, --encrypt, or "
			 "--policy for what the account says.");
		return EX_USAGE;
	}
	return EX_OK;
}

int protect_command(int argc, char **argv)
{
	struct protecting protecting;
	int status;

	if (argc > 0 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(usage, stdout);
		return EX_OK;
	}
	memset(&protecting, 0, sizeof(protecting));
	protecting.recipients = calloc((size_t)argc + 1,
				       sizeof(*protecting.recipients));
	if (protecting.recipients == NULL) {
		complain("out of memory.");
		return EX_OSERR;
	}
	status = words_read(argc, argv, &protecting);
	if (status == EX_OK)
		status = run(&protecting);
	free(protecting.recipients);
	return status;
}
