/* pgp_seal.c - signing and encrypting, as Mutt's PGP wants it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "plugins/mutt/crypto.h"
#include "plugins/mutt/crypto_seal.h"
#include "plugins/mutt/pgp.h"

/* The key that Mutt was told to sign with; NULL: From's. */
static const char *key_of(const struct crypto_call *call)
{
	const char *key = crypto_value(call, 'a');

	return key != NULL && strncmp(key, "0x", 2) == 0 ? key + 2 : key;
}

static int seal(struct crypto_call *call, const struct crypto_wish *wish)
{
	struct mailseal_report *report;
	int content, status;

	if (!crypto_seal(call, wish, &content, &report))
		return EX_NOPERM;
	status = crypto_give(content);
	mailseal_report_free(report);
	return status;
}

int pgp_sign(struct crypto_call *call)
{
	const struct crypto_wish wish = { "openpgp", key_of(call), NULL,
					  false };

	return seal(call, &wish);
}

/* Each recipient is a fingerprint from our list; the address that it was
 * listed for lets the agent find the key wherever it is kept. */
static int encrypt(struct crypto_call *call, bool sign)
{
	char (*room)[PGP_FROM_MAX] = calloc(call->rest_count + 1,
					    sizeof(*room));
	const char **people = calloc(call->rest_count + 1, sizeof(*people));
	const struct crypto_wish wish = { "openpgp", key_of(call), people,
					  sign };
	int status = EX_OSERR;
	size_t i;

	for (i = 0; room != NULL && people != NULL && i < call->rest_count;
	     i++) {
		people[i] = call->rest[i];
		if (strncmp(people[i], "0x", 2) == 0)
			people[i] += 2;
		if (pgp_listed_get(people[i], room[i], sizeof(room[i])))
			people[i] = room[i];
	}
	if (call->rest_count == 0)
		crypto_say("not encrypted: there is no recipient.");
	else if (room != NULL && people != NULL)
		status = seal(call, &wish);
	free(room);
	free(people);
	return status;
}

int pgp_encrypt(struct crypto_call *call)
{
	return encrypt(call, false);
}

int pgp_encrypt_sign(struct crypto_call *call)
{
	return encrypt(call, true);
}
