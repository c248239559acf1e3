/* crypto_seal.h - signing and encrypting an entity that Mutt hands over
 *
 * The sender's key is the one that Mutt was told (sign as), else that of the
 * From address, which the rc file keeps in MAILSEAL_FROM. */
#ifndef MAILSEAL_MUTT_CRYPTO_SEAL_H
#define MAILSEAL_MUTT_CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>

struct crypto_call;
struct mailseal_report;

struct crypto_wish {
	const char *scheme;
	const char *key;		/* a fingerprint; NULL: From's */
	const char *const *recipients;	/* NULL at the end; NULL: sign alone */
	bool sign;			/* beside encrypting */
};

/* Of the file "f=".  *content is to be given or closed; false: said why. */
bool crypto_seal(struct crypto_call *call, const struct crypto_wish *wish,
		 int *content, struct mailseal_report **report);

/* The address in MAILSEAL_FROM; NULL: there is none. */
const char *crypto_from(char *room, size_t size);

#endif
