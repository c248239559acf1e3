/* smime_read.c - opening and verifying, as Mutt's S/MIME wants to be told
 *
 * Mutt believes a signature when the first line on standard error is
 * "Verification successful" (and, beside its text, the exit status is 0); with
 * that of From it compares the signer later, in its last line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/head.h"
#include "plugins/mutt/page.h"
#include "plugins/mutt/smime.h"

#define ADDRESSES_MAX	64
#define NO_ADDRESS	"several"	/* a word that is nobody's */
/* The type of a blob that Mutt took out of its part. */
#define HEADER(TYPE)	"Content-Type: application/pkcs7-mime; smime-type=" \
			TYPE "; name=smime.p7m\r\n" \
			"Content-Transfer-Encoding: binary\r\n\r\n"

/* Of the `nth` address that the certificate is for; NULL: there is none. */
static const char *address_of(const struct mailseal_report *report,
			      unsigned nth)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "signature.addresses.%u", nth);
	return nth < ADDRESSES_MAX ? mailseal_report_text(report, path) : NULL;
}

/* For mailseal-display, which knows From: Mutt does not say it here. */
static void signers_tell(const struct mailseal_report *report)
{
	const char *address;
	unsigned nth, told = 0;

	(void)fputs(PAGE_SIGNER, stderr);
	for (nth = 0; (address = address_of(report, nth)) != NULL; nth++) {
		if (address[strcspn(address, " ,\t\r\n")] != 0)
			continue;
		(void)fputs(told++ > 0 ? ", " : "", stderr);
		mailseal_text_put(address, stderr);
	}
	(void)fputs(told == 0 ? "nobody.\n" : ".\n", stderr);
}

/* Exit status. */
static int verdict(const struct mailseal_report *report)
{
	bool good = crypto_is(report, "signature.status", "good");

	if (good) {
		(void)fputs(PAGE_BELIEVED "\n", stderr);
		signers_tell(report);
	}
	crypto_tell(report);
	return good ? EX_OK : 1;
}

int smime_verify(struct crypto_call *call)
{
	struct mailseal_report *report = crypto_verify(call, "smime");
	int status;

	if (report == NULL)
		return EX_TEMPFAIL;
	status = verdict(report);
	mailseal_report_free(report);
	return status;
}

/* An entity in one file; its content comes out once it was checked. */
static int open_blob(struct crypto_call *call, char letter,
		     const char *header,
		     int (*judge)(const struct mailseal_report *report))
{
	int blob = crypto_file(call, letter), content, status, given;
	struct mailseal_report *report;
	size_t size;

	if (blob < 0)
		return EX_NOINPUT;
	content = crypto_wrap(header, blob, "");
	(void)close(blob);
	if (!crypto_decrypt(call, content, &content, &size, &report))
		return EX_TEMPFAIL;
	status = judge(report);
	crypto_opened(call);
	given = size > 0 ? crypto_give(content) : 1;
	if (size == 0)
		(void)close(content);
	mailseal_report_free(report);
	return given != EX_OK ? given : status;
}

int smime_opaque(struct crypto_call *call)
{
	return open_blob(call, 's', HEADER("signed-data"), verdict);
}

static int opened(const struct mailseal_report *report)
{
	crypto_tell(report);
	return crypto_is(report, "encryption.status", "opened") ? EX_OK : 1;
}

int smime_decrypt(struct crypto_call *call)
{
	return open_blob(call, 'f', HEADER("enveloped-data"), opened);
}

/* --- who signed a message.  Mutt thinks that a certificate goes from one
 * command to the next; it is the addresses that the agent verified. */

static void addresses_write(const struct mailseal_report *report, FILE *to)
{
	const char *address;
	unsigned nth;

	for (nth = 0; (address = address_of(report, nth)) != NULL; nth++)
		(void)fprintf(to, "%s\n", address);
}

/* Incoming1.Open of the whole message "f="; what is inside is not asked for
 * here.  NULL: said why. */
static struct mailseal_report *message_open(struct crypto_call *call)
{
	struct mailseal_option options[CRYPTO_PLACES + 2];
	struct mailseal_report *report = NULL;
	struct mailseal_pending *pending;
	int message = crypto_file(call, 'f'), content;
	size_t size;

	if (message < 0)
		return NULL;
	crypto_places(options);
	options[CRYPTO_PLACES] = (struct mailseal_option){
		"no_verdict", NULL, MAILSEAL_TRUTH, 1 };
	options[CRYPTO_PLACES + 1] = (struct mailseal_option){
		NULL, NULL, MAILSEAL_TEXT, 0 };
	if (crypto_agent(call) != NULL) {
		pending = mailseal_unseal_start(call->mailseal, message,
						options);
		if (crypto_content(call, pending, &content, &size, &report))
			(void)close(content);
		else
			report = NULL;
	}
	(void)close(message);
	return report;
}

/* Mutt compares the first author alone with the signer: where there are more,
 * it is given no address.  It leaves the header out of what was encrypted. */
static bool has_several_authors(struct crypto_call *call)
{
	char *head = malloc(HEAD_MAX), value[HEAD_VALUE_MAX];
	int message = crypto_file(call, 'f');
	ssize_t got = message < 0 || head == NULL ? -1 :
		      pread(message, head, HEAD_MAX, 0);
	bool several = true;
	unsigned count;
	const char *at;

	if (got >= 0) {
		count = head_find(head, head_length(head, (size_t)got), "From",
				  value);
		at = strchr(value, '@');
		several = count > 1 ||
			  (at != NULL && strchr(at, ',') != NULL);
	}
	if (message >= 0)
		(void)close(message);
	free(head);
	return several;
}

int smime_signer(struct crypto_call *call)
{
	struct mailseal_report *report = message_open(call);
	const char *path = crypto_value(call, 'c');
	FILE *to = NULL;
	int status = 1;

	if (report == NULL)
		return EX_TEMPFAIL;
	if (path != NULL && crypto_is(report, "signature.status", "good") &&
	    crypto_is(report, "signature.scheme", "smime"))
		to = fopen(path, "we");
	if (to != NULL) {
		if (has_several_authors(call))
			(void)fputs(NO_ADDRESS "\n", to);
		else
			addresses_write(report, to);
		status = fclose(to) == 0 ? EX_OK : EX_IOERR;
	}
	mailseal_report_free(report);
	return status;
}

/* Mutt's key to keep the certificate that came with a message: opening it is
 * what makes the agent keep it, and the sentence is what goes from one command
 * to the next. */
int smime_keep(struct crypto_call *call)
{
	struct mailseal_report *report = message_open(call);
	const char *line;
	int status = 1;

	if (report == NULL)
		return EX_TEMPFAIL;
	line = mailseal_report_text(report, "line");
	(void)printf("mailseal: %s\n", line == NULL ? "" : line);
	if (crypto_is(report, "signature.status", "good") &&
	    crypto_is(report, "signature.scheme", "smime")) {
		(void)puts("mailseal: The certificate is kept.");
		status = EX_OK;
	} else {
		(void)puts("mailseal: No certificate was kept.");
	}
	mailseal_report_free(report);
	return status;
}

int smime_pass(struct crypto_call *call)
{
	int file = crypto_file(call, 'f');

	return file < 0 ? EX_NOINPUT : crypto_give(file);
}
