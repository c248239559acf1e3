/* pgp_read.c - opening and verifying, as Mutt's PGP wants to be told
 *
 * Mutt looks for lines as gpg's --status-fd gives them, on standard error:
 * GOODSIG; and around what was decrypted BEGIN_DECRYPTION, DECRYPTION_OKAY,
 * END_DECRYPTION.  Without them nothing counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/page.h"
#include "plugins/mutt/pgp.h"

#define STATUS		"[GNUPG:] "
#define ADDRESSES_MAX	64
#define MARK_BYTES	16
#define WRAP_MAX	512

/* Whether an address of the signer is that one. */
static bool is_signer(const struct mailseal_report *report, const char *from)
{
	const char *address;
	char path[64];
	unsigned nth;

	for (nth = 0; nth < ADDRESSES_MAX; nth++) {
		(void)snprintf(path, sizeof(path), "signature.addresses.%u",
			       nth);
		address = mailseal_report_text(report, path);
		if (address == NULL)
			return false;
		if (strcasecmp(address, from) == 0)
			return true;
	}
	return false;
}

/* Says what there is to say; whether the signature is the author's. */
static bool signature_tell(const struct mailseal_report *report)
{
	const char *print = mailseal_report_text(report,
						 "signature.fingerprint");
	bool good = crypto_is(report, "signature.status", "good");
	const char *authors = getenv("MAILSEAL_AUTHORS");
	char from[PGP_FROM_MAX];

	crypto_tell(report);
	if (!good)
		return false;
	pgp_from_get(from, sizeof(from));
	if (from[0] == 0) {
		crypto_say("This does not count as the sender's signature: "
			   "Mutt did not tell whom the message is from.");
		return false;
	}
	if (!is_signer(report, from)) {
		crypto_say("This does not count: the signer is not the one "
			   "that the message says to be from.");
		return false;
	}
	if (authors != NULL && strcmp(authors, "several") == 0) {
		crypto_say("This does not count as the sender's signature: "
			   "the message says to be from several.");
		return false;
	}
	(void)fputs(PAGE_SIGNER, stderr);
	mailseal_text_put(from, stderr);
	(void)fputs(".\n", stderr);
	(void)fprintf(stderr, STATUS "GOODSIG %s %s\n", print == NULL ? "0" :
		      print, from);
	return true;
}

int pgp_verify(struct crypto_call *call)
{
	struct mailseal_report *report = crypto_verify(call, "openpgp");
	bool good;

	if (report == NULL)
		return EX_TEMPFAIL;
	good = signature_tell(report);
	mailseal_report_free(report);
	return good ? EX_OK : 1;
}

/* The parts of a multipart/encrypted around what Mutt took out of it; the
 * boundary is nothing that a sender could have written. */
static int entity_make(int blob)
{
	unsigned char random[MARK_BYTES];
	char mark[2 * MARK_BYTES + 1], before[WRAP_MAX], behind[WRAP_MAX];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
		crypto_say("there is no randomness.");
		return -1;
	}
	for (i = 0; i < sizeof(random); i++)
		(void)snprintf(mark + 2 * i, 3, "%02x", random[i]);
	(void)snprintf(before, sizeof(before), "Content-Type: multipart/"
		       "encrypted; boundary=\"%s\";\r\n"
		       " protocol=\"application/pgp-encrypted\"\r\n\r\n"
		       "--%s\r\nContent-Type: application/pgp-encrypted\r\n"
		       "\r\nVersion: 1\r\n\r\n--%s\r\n"
		       "Content-Type: application/octet-stream\r\n\r\n", mark,
		       mark, mark);
	(void)snprintf(behind, sizeof(behind), "\r\n--%s--\r\n", mark);
	return crypto_wrap(before, blob, behind);
}

int pgp_decrypt(struct crypto_call *call)
{
	int blob = crypto_file(call, 'f'), content, status = 1;
	struct mailseal_report *report;
	size_t size;

	if (blob < 0)
		return EX_NOINPUT;
	content = entity_make(blob);
	(void)close(blob);
	if (!crypto_decrypt(call, content, &content, &size, &report))
		return EX_TEMPFAIL;
	if (size > 0 && crypto_is(report, "encryption.status", "opened")) {
		(void)fputs(STATUS "BEGIN_DECRYPTION\n", stderr);
		status = crypto_give(content);
		(void)fputs(status == EX_OK ? STATUS "DECRYPTION_OKAY\n" :
			    STATUS "DECRYPTION_FAILED\n", stderr);
		(void)fputs(STATUS "END_DECRYPTION\n", stderr);
	} else {
		(void)fputs(STATUS "DECRYPTION_FAILED\n", stderr);
		(void)close(content);
	}
	(void)signature_tell(report);
	crypto_opened(call);
	mailseal_report_free(report);
	return status;
}

/* Text with armor in it is no MIME: nothing says how far signature and
 * encryption reach. */
int pgp_decode(struct crypto_call *call)
{
	(void)call;
	crypto_say("Text with OpenPGP lines in it (inline PGP) is not opened "
		   "here; only PGP/MIME is. To look at it all the same: pipe "
		   "it to gpg.");
	return EX_UNAVAILABLE;
}

/* Before a message is shown, and before mail is encrypted; Mutt leaves its
 * terminal to us, which nothing is printed on. */
int pgp_getkeys(struct crypto_call *call)
{
	(void)pgp_from_put(call->rest_count == 1 ? call->rest[0] : "");
	return EX_OK;
}

int pgp_import(struct crypto_call *call)
{
	(void)call;
	crypto_say("OpenPGP keys are gpg's: save the key and give it to gpg "
		   "--import. Keys in Autocrypt fields of verified mail are "
		   "kept by the agent.");
	return EX_UNAVAILABLE;
}
