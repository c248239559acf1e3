/* smime_rc.c - Mutt's list of certificates, and the settings that go with it
 *
 * The list has the correspondents whose certificates the agent keeps, and the
 * user, by address: Mutt encrypts to who stands in it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/crypto_seal.h"
#include "plugins/mutt/smime.h"
#include "plugins/mutt/smime_token.h"

#define FOLDER_LEN	256
#define PATH_LEN	512
#define LISTED_MAX	10000
#define KEYS_MAX	256
#define ADDRESSES_MAX	64
#define ASK_MS		2000	/* Mutt starts, or a person writes */

/* What stands in the list or in Mutt's configuration without doing anything
 * there. */
static bool is_plain(const char *address)
{
	return address != NULL && strlen(address) < SMIME_ADDRESS &&
	       strchr(address, '@') != NULL &&
	       address[strspn(address, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			      ".@_+=-")] == 0;
}

/* --- the list */

static bool list_write(struct mailseal_report **all, size_t count,
		       const char *folder)
{
	char path[PATH_LEN], fresh[PATH_LEN + 16], token[SMIME_TOKEN + 1];
	const char *address;
	FILE *to;
	size_t i;

	(void)snprintf(path, sizeof(path), "%s/.index", folder);
	(void)snprintf(fresh, sizeof(fresh), "%s.%ld", path, (long)getpid());
	to = fopen(fresh, "we");
	if (to == NULL)
		return false;
	for (i = 0; i < count; i++) {
		address = mailseal_report_text(all[i], "address");
		if (!is_plain(address) ||
		    !crypto_is(all[i], "scheme", "smime"))
			continue;
		smime_token(address, token);
		(void)fprintf(to, "%s %s %s ? t e\n", address, token, address);
	}
	if (fclose(to) == 0 && rename(fresh, path) == 0)
		return true;
	(void)unlink(fresh);
	return false;
}

/* Mutt's screen is no place for it that there is no agent yet; what needs one
 * says so. */
static void be_quiet(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0)
		(void)dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		(void)close(null);
}

int smime_index(struct crypto_call *call)
{
	struct mailseal_report **all = calloc(LISTED_MAX, sizeof(*all));
	char folder[FOLDER_LEN], why[512];
	size_t count = 0, i;
	int status = EX_TEMPFAIL;

	/* A mail is begun: what is opened from now on may be quoted in it. */
	opened_forget(getenv("MAILSEAL_MUTT"));
	be_quiet();
	if (crypto_bus(call) != NULL)
		mailseal_hurry(call->mailseal, ASK_MS);
	if (all != NULL && call->mailseal != NULL &&
	    mailseal_runtime_folder(CRYPTO_FOLDER, folder, sizeof(folder)) &&
	    mailseal_list_end(call->mailseal,
			      mailseal_known_keys_start(call->mailseal), all,
			      LISTED_MAX, &count, why, sizeof(why)) ==
	    MAILSEAL_OK)
		status = list_write(all, count, folder) ? EX_OK : EX_IOERR;
	for (i = 0; i < count; i++)
		mailseal_report_free(all[i]);
	free(all);
	return status;
}

/* --- the settings: which address of the user's a mail is from decides whose
 * key it is; from any other, nothing is signed. */

static void hook(const char *address)
{
	const char *at;

	if (!is_plain(address))
		return;
	(void)fputs("send2-hook '~f \"^", stdout);
	for (at = address; *at != 0; at++) {
		if (*at == '.' || *at == '+')
			(void)fputs("[", stdout);
		(void)fputc(*at, stdout);
		if (*at == '.' || *at == '+')
			(void)fputs("]", stdout);
	}
	(void)printf("$\"' 'setenv MAILSEAL_FROM %s'\n", address);
}

static void hooks_of_keys(struct crypto_call *call)
{
	struct mailseal_report *keys[KEYS_MAX];
	char why[512], path[32];
	size_t count = 0, i;
	unsigned nth;
	const char *address;

	if (mailseal_list_end(call->mailseal,
			      mailseal_keys_start(call->mailseal), keys,
			      KEYS_MAX, &count, why, sizeof(why)) !=
	    MAILSEAL_OK)
		return;
	for (i = 0; i < count; i++) {
		for (nth = 0; nth < ADDRESSES_MAX; nth++) {
			(void)snprintf(path, sizeof(path), "addresses.%u",
				       nth);
			address = mailseal_report_text(keys[i], path);
			if (address == NULL)
				break;
			hook(address);
		}
		mailseal_report_free(keys[i]);
	}
}

int smime_rc(struct crypto_call *call)
{
	char folder[FOLDER_LEN], room[SMIME_ADDRESS];
	const char *from = crypto_from(room, sizeof(room));

	if (!mailseal_runtime_folder(CRYPTO_FOLDER, folder,
				     sizeof(folder)) ||
	    strpbrk(folder, "\"'`$\\ \n") != NULL)
		return EX_OK;
	(void)printf("set smime_keys=\"%s\" smime_certificates=\"%s\"\n",
		     folder, folder);
	(void)puts("send2-hook ~A 'setenv MAILSEAL_FROM \"\"'");
	if (from != NULL)
		hook(from);
	/* An agent that is not there yet is asked again by the next mail. */
	(void)smime_index(call);
	if (call->mailseal != NULL)
		hooks_of_keys(call);
	return EX_OK;
}
