/* queue.c - mailseal queue: the mail that waits to be sent */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"

#define NAMED_MAX	3	/* recipients on one line */

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

static void print_time(int64_t seconds)
{
	if (seconds < 120)
		(void)printf("%lld s", (long long)seconds);
	else if (seconds < 7200)
		(void)printf("%lld min", (long long)(seconds / 60));
	else
		(void)printf("%lld h", (long long)(seconds / 3600));
}

static void print_size(int64_t size)
{
	if (size < 10000)
		(void)printf("%lld bytes", (long long)size);
	else if (size < 10000000)
		(void)printf("%lld kB", (long long)(size / 1000));
	else
		(void)printf("%lld MB", (long long)(size / 1000000));
}

static void print_recipients(const struct mailseal_report *mail)
{
	int64_t count = mailseal_report_number(mail, "recipient_count", 0);
	const char *address;
	unsigned i;

	(void)fputs("\tto ", stdout);
	for (i = 0; i < NAMED_MAX; i++) {
		address = mailseal_report_member(mail, "recipients", i,
						 "address");
		if (address == NULL)
			break;
		if (i > 0)
			(void)fputs(", ", stdout);
		put_text(address);
	}
	if (count > i)
		(void)printf(" and %lld more", (long long)count - i);
	(void)fputc('\n', stdout);
}

/* How it will leave, and why not as wished. */
static void print_sealing(const struct mailseal_report *mail)
{
	bool is_signed = mailseal_report_truth(mail, "signed");
	bool encrypted = mailseal_report_truth(mail, "encrypted");
	const char *scheme = mailseal_report_text(mail, "scheme"), *text;
	unsigned i;

	if (is_signed || encrypted) {
		(void)printf("\t%s%s%s", is_signed ? "signed" : "",
			     is_signed && encrypted ? ", " : "",
			     encrypted ? "encrypted" : "");
		if (scheme != NULL)
			(void)printf(" (%s)", scheme);
		(void)fputc('\n', stdout);
	}
	for (i = 0; (text = mailseal_report_member(mail, "reasons", i,
						   "text")) != NULL; i++) {
		(void)printf("\t%s: ", mailseal_report_member(mail, "reasons",
							     i, "code"));
		put_text(text);
		(void)fputc('\n', stdout);
	}
}

static void print_mail(const struct mailseal_report *mail)
{
	int64_t created = mailseal_report_number(mail, "created", 0);
	int64_t next = mailseal_report_number(mail, "next_attempt", -1);
	const char *reason = mailseal_report_text(mail, "reason");
	const char *held = mailseal_report_text(mail, "held_for");

	put_text(mailseal_report_text(mail, "id"));
	(void)fputc('\t', stdout);
	put_text(mailseal_report_text(mail, "status"));
	if (held != NULL)
		(void)printf(" (%s)", held);
	(void)fputs(", ", stdout);
	print_size(mailseal_report_number(mail, "size", 0));
	(void)fputs(", since ", stdout);
	print_time((int64_t)time(NULL) - created);
	if (next >= 0) {
		(void)fputs(", next in ", stdout);
		print_time(next);
	}
	(void)fputc('\n', stdout);
	print_recipients(mail);
	print_sealing(mail);
	if (reason == NULL)
		return;
	(void)fputc('\t', stdout);
	put_text(reason);
	(void)fputc('\n', stdout);
}

struct listing {
	bool json;
	size_t count;
};

static void list_one(void *ctx, const struct mailseal_report *mail)
{
	struct listing *listing = ctx;

	listing->count++;
	if (!listing->json) {
		print_mail(mail);
		return;
	}
	mailseal_report_json(mail, NULL, stdout);
	(void)fputc('\n', stdout);
}

static int list_all(struct mailseal *mailseal, bool json)
{
	struct listing listing = { json, 0 };
	enum mailseal_status result;
	char why[512] = "";

	result = mailseal_queue_each(mailseal, list_one, &listing, why,
				     sizeof(why));
	if (result == MAILSEAL_OK && listing.count == 0 && !json)
		(void)puts("The queue is empty.");
	return finish(mailseal, result, why);
}

int queue_command(int argc, char **argv)
{
	bool json = argc == 2 && strcmp(argv[0], "list") == 0 &&
		    strcmp(argv[1], "--json") == 0;
	bool list = json || argc == 0 ||
		    (argc == 1 && strcmp(argv[0], "list") == 0);
	bool flush = argc == 1 && strcmp(argv[0], "flush") == 0;
	bool cancel = argc == 2 && strcmp(argv[0], "cancel") == 0;
	struct mailseal *mailseal;
	char why[512] = "";
	int status;

	if (!list && !flush && !cancel) {
		complain("queue takes list [--json], flush or cancel ID.");
		return EX_USAGE;
	}
	mailseal = connect_or_complain(&status);
	if (mailseal == NULL)
		return status;
	if (list)
		return list_all(mailseal, json);
	if (flush)
		return finish(mailseal, mailseal_queue_flush(mailseal, why,
							     sizeof(why)),
			      why);
	return finish(mailseal, mailseal_queue_cancel(mailseal, argv[1], why,
						      sizeof(why)), why);
}
