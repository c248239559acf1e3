/* account.h - the accounts that mail may be sent by, as the sender knows them
 *
 * Out of the settings that the front sends (docs/channel.md): everything of
 * [account NAME] but where the password comes from.
 * Does not do: read the configuration. */
#ifndef MAILSEAL_FLOW_ACCOUNT_H
#define MAILSEAL_FLOW_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/smtp/sasl.h"

struct arena;
struct value;

enum account_sign { ACCOUNT_SIGN_NONE, ACCOUNT_SIGN_SMIME,
		    ACCOUNT_SIGN_OPENPGP };
enum account_encrypt { ACCOUNT_ENCRYPT_NEVER, ACCOUNT_ENCRYPT_WHEN_POSSIBLE,
		       ACCOUNT_ENCRYPT_ALWAYS };

struct account {
	const char *name;
	const char *const *addresses;	/* in normal form (mail/address.h) */
	size_t address_count;
	const char *host;		/* A-labels, literal; NULL: SRV */
	uint16_t port;
	bool starttls;
	const char *user;		/* the first address where not set */
	bool has_password;
	bool has_command;	/* a command prints it */
	enum sasl_way way;
	bool dane_needed, require_tls;
	enum account_sign sign;
	enum account_encrypt encrypt;
	const char *key;		/* fingerprint; NULL */
	const char *certificate;	/* likewise, shown to the server */
};

struct accounts {
	struct account *all;
	size_t count;
};

/* Everything lives in `arena`; texts of `settings` are kept, not copied. 0;
 * ERR_PROTOCOL; ERR_LIMIT.  An address or host that is none is left out. */
int accounts_read(struct arena *arena, const struct value *settings,
		  struct accounts *out);

/* The account that has this address (in normal form); NULL: none. */
const struct account *account_of_address(const struct accounts *accounts,
					 const char *address);
const struct account *account_of_name(const struct accounts *accounts,
				      const char *name);

#endif
