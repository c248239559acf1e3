/* pgp_list.c - keys as Mutt reads them, in the manner of gpg --with-colons
 *
 * Of each address the one key that the agent would encrypt to, and no other;
 * its validity is the agent's word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/crypto_seal.h"
#include "plugins/mutt/pgp.h"

#define FOUND_MAX	64
#define PRINT_MIN	16	/* hexadecimal digits of a fingerprint */

static bool is_print(const char *text)
{
	return text != NULL && strlen(text) >= PRINT_MIN &&
	       text[strspn(text, "0123456789ABCDEFabcdef")] == 0;
}

static bool is_plain(const char *text)
{
	for (; *text != 0; text++)
		if ((unsigned char)*text <= ' ' || *text == ':' ||
		    *text == '\\' || *text == 0x7f)
			return false;
	return true;
}

static void print_key(const struct mailseal_report *key, const char *address,
		      const char *kind)
{
	const char *print = mailseal_report_text(key, "fingerprint");
	long long bits = mailseal_report_number(key, "bits", 0);

	(void)printf("%s:u:%lld:1:%s:1::::::es:\n", kind, bits,
		     print + strlen(print) - PRINT_MIN);
	(void)printf("fpr:::::::::%s:\n", print);
	(void)printf("uid:u::::::::<%s>:\n", address);
}

/* True: it was printed. */
static bool list_one(struct crypto_call *call, const char *address,
		     const char *kind)
{
	static const struct mailseal_option none[] = {
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	struct mailseal_report *keys[FOUND_MAX];
	bool own = strcmp(kind, "sec") == 0, done = false;
	char why[CRYPTO_WHY_MAX];
	size_t count = 0, i;

	if (mailseal_list_end(call->mailseal,
			      mailseal_correspondent_start(call->mailseal,
							   address, none),
			      keys, FOUND_MAX, &count, why, sizeof(why)) !=
	    MAILSEAL_OK)
		count = 0;
	for (i = 0; i < count; i++) {
		const char *print = mailseal_report_text(keys[i],
							 "fingerprint");

		if (!done && crypto_is(keys[i], "scheme", "openpgp") &&
		    mailseal_report_truth(keys[i], "chosen") &&
		    is_print(print) &&
		    (!own || crypto_is(keys[i], "trust", "own"))) {
			pgp_listed_put(print, address);
			print_key(keys[i], address, kind);
			done = true;
		}
		mailseal_report_free(keys[i]);
	}
	return done;
}

/* What Mutt looks for: addresses, or words of a search, or nothing. */
int pgp_public(struct crypto_call *call)
{
	size_t i;

	if (crypto_agent(call) == NULL)
		return EX_TEMPFAIL;
	for (i = 0; i < call->rest_count; i++)
		if (strchr(call->rest[i], '@') != NULL &&
		    is_plain(call->rest[i]))
			(void)list_one(call, call->rest[i], "pub");
	return EX_OK;
}

int pgp_secret(struct crypto_call *call)
{
	char room[PGP_FROM_MAX];
	const char *from = crypto_from(room, sizeof(room));

	if (from == NULL || !is_plain(from))
		return EX_OK;
	if (crypto_agent(call) == NULL)
		return EX_TEMPFAIL;
	(void)list_one(call, from, "sec");
	return EX_OK;
}
