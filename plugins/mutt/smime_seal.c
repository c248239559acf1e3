/* smime_seal.c - signing and encrypting, as Mutt's S/MIME wants it
 *
 * Any octet on standard output is a success to Mutt, so there is none before
 * all is well; and any on standard error is a failure to look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/crypto_seal.h"
#include "plugins/mutt/smime.h"
#include "plugins/mutt/smime_token.h"

#define LIST_MAX	1023	/* bytes of the list that Mutt hands over */

/* "sha-256" and "sha256" are one word. */
static bool same_digest(const char *a, const char *b)
{
	for (; *a != 0 || *b != 0; a++, b++) {
		a += *a == '-';
		b += *b == '-';
		if (*a != *b)
			return false;
	}
	return true;
}

int smime_sign(struct crypto_call *call)
{
	const char *digest = crypto_value(call, 'd'), *made;
	const struct crypto_wish wish = { "smime", NULL, NULL, false };
	struct mailseal_report *report;
	int content, status;

	if (!crypto_seal(call, &wish, &content, &report))
		return EX_NOPERM;
	/* Mutt writes its own word into the message. */
	made = mailseal_report_text(report, "algorithm");
	if (digest == NULL || made == NULL || !same_digest(digest, made)) {
		crypto_say("this key signs with %s, and Mutt would call it "
			   "%s: set smime_sign_digest_alg=%s.",
			   made == NULL ? "?" : made,
			   digest == NULL ? "?" : digest,
			   made == NULL ? "?" : made);
		(void)close(content);
		status = EX_CONFIG;
	} else {
		status = crypto_give(content);
	}
	mailseal_report_free(report);
	return status;
}

/* Whether one more name could have stood in the list: if not, Mutt may have
 * left one out. */
static bool is_list_whole(const struct crypto_call *call)
{
	size_t i, len, total = 0, longest = 0;

	for (i = 0; i < call->rest_count; i++) {
		len = strlen(call->rest[i]) + 1;
		total += len;
		if (len > longest)
			longest = len;
	}
	return total + longest < LIST_MAX;
}

/* In place: FOLDER/NAME to an address.  How many; -1: said why. */
static int names_resolve(struct crypto_call *call, const char **addresses,
			 char (*room)[SMIME_ADDRESS])
{
	const char *name;
	size_t i;
	int count = 0;

	if (!is_list_whole(call)) {
		crypto_say("not encrypted: this Mutt cuts long lists of "
			   "certificates, and these are so many recipients "
			   "that one could get lost. Write to fewer at once, "
			   "or let mailseal-sendmail encrypt.");
		return -1;
	}
	for (i = 0; i < call->rest_count; i++) {
		name = strrchr(call->rest[i], '/');
		name = name == NULL ? call->rest[i] : name + 1;
		if (strcmp(name, SMIME_OWN) == 0)
			continue;	/* the sender is always one */
		if (!smime_token_find(name, room[count], SMIME_ADDRESS)) {
			crypto_say("not encrypted: \"%s\" is no certificate "
				   "of mailseal's list.", name);
			return -1;
		}
		addresses[count] = room[count];
		count++;
	}
	return count;
}

int smime_encrypt(struct crypto_call *call)
{
	const char **addresses = calloc(call->rest_count + 1,
					sizeof(*addresses));
	char (*room)[SMIME_ADDRESS] = calloc(call->rest_count + 1,
					     sizeof(*room));
	const struct crypto_wish wish = { "smime", NULL, addresses, false };
	struct mailseal_report *report;
	int content, status = EX_NOPERM;

	if (addresses != NULL && room != NULL &&
	    names_resolve(call, addresses, room) >= 0 &&
	    crypto_seal(call, &wish, &content, &report)) {
		status = crypto_give(content);
		mailseal_report_free(report);
	}
	free(addresses);
	free(room);
	return status;
}
