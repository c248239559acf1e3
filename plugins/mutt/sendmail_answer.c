/* sendmail_answer.c - receipts and errors as sentences and exit statuses */
#include "plugins/mutt/sendmail_answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "proto/mailseal.h"

#define LINE_MAX_BYTES	1200
#define TOLD_MAX	100	/* recipients */

void sendmail_say(const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	(void)fputs("mailseal-sendmail: ", stderr);
	mailseal_text_put(line, stderr);
	(void)fputc('\n', stderr);
}

static const char *text_of(const struct mailseal_report *report,
			   const char *key)
{
	const char *text = mailseal_report_text(report, key);

	return text == NULL ? "" : text;
}

/* Each recipient that did not get it, behind the first line. */
static void tell_recipients(const struct mailseal_report *receipt,
			    const char *result)
{
	const char *address, *is, *text;
	unsigned i;

	for (i = 0; i < TOLD_MAX; i++) {
		address = mailseal_report_member(receipt, "recipients", i,
						 "address");
		if (address == NULL)
			return;
		is = mailseal_report_member(receipt, "recipients", i,
					    "result");
		text = mailseal_report_member(receipt, "recipients", i,
					      "text");
		if (is != NULL && strcmp(is, result) == 0)
			sendmail_say("%s: %s", address,
				     text == NULL ? result : text);
	}
}

/* The status for what the server said of a recipient, or of all. */
static int status_of_code(const char *stage, const char *code,
			  const char *status)
{
	if (strncmp(status, "5.1.", 4) == 0 ||
	    (strcmp(stage, "rcpt") == 0 && status[0] == 0 &&
	     strncmp(code, "55", 2) == 0))
		return EX_NOUSER;
	if (strncmp(status, "5.7.", 4) == 0)
		return EX_NOPERM;
	if (strcmp(status, "5.3.4") == 0 || strcmp(status, "5.2.3") == 0 ||
	    strcmp(code, "552") == 0 || code[0] == 0)
		return EX_DATAERR;
	return EX_UNAVAILABLE;
}

static int refused(const struct mailseal_report *receipt)
{
	if (strcmp(text_of(receipt, "fate"), "denied") == 0)
		return EX_NOPERM;
	return status_of_code(text_of(receipt, "stage"),
			      text_of(receipt, "code"),
			      text_of(receipt, "status_code"));
}

/* "signed and encrypted (smime), " */
static const char *how_it_left(const struct mailseal_report *receipt,
			       char *room, size_t size)
{
	bool is_signed = mailseal_report_truth(receipt, "signed");
	bool encrypted = mailseal_report_truth(receipt, "encrypted");
	const char *scheme = text_of(receipt, "scheme");

	room[0] = 0;
	if (is_signed || encrypted)
		(void)snprintf(room, size, "%s%s%s%s%s%s, ",
			       is_signed ? "signed" : "",
			       is_signed && encrypted ? " and " : "",
			       encrypted ? "encrypted" : "",
			       scheme[0] != 0 ? " (" : "", scheme,
			       scheme[0] != 0 ? ")" : "");
	return room;
}

static void tell_reasons(const struct mailseal_report *receipt)
{
	const char *code;
	unsigned i;

	for (i = 0; (code = mailseal_report_member(receipt, "reasons", i,
						   "code")) != NULL; i++)
		sendmail_say("%s: %s", code,
			     mailseal_report_member(receipt, "reasons", i,
						    "text"));
}

int sendmail_receipt(const struct mailseal_report *receipt,
		     enum sendmail_talk talk)
{
	const char *status = text_of(receipt, "status");
	const char *reason = text_of(receipt, "reason");
	int64_t all = mailseal_report_number(receipt, "recipient_count", 0);
	int64_t taken = mailseal_report_number(receipt, "taken", 0);
	char how[64];

	if (strcmp(status, "sent") == 0) {
		if (talk == SENDMAIL_TALKS) {
			sendmail_say("sent by %s (%s), %s%s",
				     text_of(receipt, "server"),
				     text_of(receipt, "verified"),
				     how_it_left(receipt, how, sizeof(how)),
				     text_of(receipt, "message_id"));
			tell_reasons(receipt);
		}
		return EX_OK;
	}
	if (strcmp(status, "queued") == 0) {
		if (taken > 0)
			sendmail_say("sent to %lld of %lld recipients, queued "
				     "for the others: %s", (long long)taken,
				     (long long)all, reason);
		else
			sendmail_say("queued, not sent yet: %s", reason);
		if (talk == SENDMAIL_TALKS)
			tell_reasons(receipt);
		return EX_OK;
	}
	if (strcmp(status, "cancelled") == 0) {
		sendmail_say("cancelled by \"mailseal queue cancel\"");
		return EX_UNAVAILABLE;
	}
	if (strcmp(status, "partly") == 0)
		sendmail_say("sent to %lld of %lld recipients; not sent to "
			     "the others: %s", (long long)taken,
			     (long long)all, reason);
	else
		sendmail_say("not sent: %s", reason);
	if (all > 1)
		tell_recipients(receipt, "refused");
	return refused(receipt);
}

int sendmail_error(const char *name)
{
	static const struct { const char *name; int status; } table[] = {
		{ "NoRecipients", EX_USAGE }, { "InvalidOption", EX_USAGE },
		{ "UnknownOption", EX_SOFTWARE },
		{ "InvalidArgument", EX_USAGE },
		{ "InvalidAddress", EX_DATAERR },
		{ "InvalidMessage", EX_DATAERR },
		{ "NoAccount", EX_CONFIG }, { "CannotProtect", EX_NOPERM },
		{ "NoKey", EX_NOPERM }, { "Refused", EX_NOPERM },
		{ "TooManyRecipients", EX_NOPERM },
		{ "HiddenRecipients", EX_NOPERM },
		{ "Cancelled", EX_NOPERM }, { "WrongPassphrase", EX_NOPERM },
		{ "Locked", EX_NOPERM },
		{ "Storage", EX_TEMPFAIL }, { "Busy", EX_TEMPFAIL },
		{ "CannotTell", EX_TEMPFAIL },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].status;
	return EX_TEMPFAIL;		/* nobody has it */
}

static void put_between(const char *before, const char *text,
			const char *behind)
{
	(void)fputs(before, stdout);
	mailseal_text_put(text, stdout);
	(void)fputs(behind, stdout);
}

/* The server's words, and addresses, are what others wrote. */
void sendmail_list_one(const struct mailseal_report *mail)
{
	const char *address;
	unsigned nth;

	(void)printf("%-20s %8lld %s", text_of(mail, "id"),
		     (long long)mailseal_report_number(mail, "size", 0),
		     text_of(mail, "status"));
	put_between(" ", text_of(mail, "sender"), "\n");
	if (text_of(mail, "reason")[0] != 0)
		put_between("\t(", text_of(mail, "reason"), ")\n");
	for (nth = 0; nth < TOLD_MAX; nth++) {
		address = mailseal_report_member(mail, "recipients", nth,
						 "address");
		if (address == NULL)
			break;
		put_between("\t\t", address, "\n");
	}
}
