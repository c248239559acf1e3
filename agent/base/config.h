/* config.h - the configuration file
 *
 * "[section]" lines, "key = value" lines, "#" comments, lists by ";" (design
 * 6).  An unknown key or section, a value that is none, a key twice: an error
 * that names file and line.  No file is an empty configuration.
 * Does not do: open the sources, resolve names, keep secrets. */
#ifndef MAILSEAL_BASE_CONFIG_H
#define MAILSEAL_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define CONFIG_FILE_MAX	(256 * 1024)	/* bytes */
#define CONFIG_LIST_MAX	1000		/* members of one list */
#define CONFIG_ACCOUNTS_MAX 64

struct config_list {
	char **items;		/* trimmed, none empty */
	size_t count;
};

enum config_dns_mode { CONFIG_DNS_AUTO, CONFIG_DNS_RECURSIVE,
		       CONFIG_DNS_FORWARD };
enum config_notify { CONFIG_NOTIFY_NONE, CONFIG_NOTIFY_SPOOFED,
		     CONFIG_NOTIFY_SUSPICIOUS };
enum config_lookup { CONFIG_LOOKUP_ARRIVAL, CONFIG_LOOKUP_VIEW,
		     CONFIG_LOOKUP_NEVER };
enum config_dane { CONFIG_DANE_IF_PUBLISHED, CONFIG_DANE_REQUIRE };
enum config_sign { CONFIG_SIGN_NONE, CONFIG_SIGN_SMIME, CONFIG_SIGN_OPENPGP };
enum config_auth { CONFIG_AUTH_PASSWORD, CONFIG_AUTH_SCRAM, CONFIG_AUTH_PLAIN,
		   CONFIG_AUTH_LOGIN, CONFIG_AUTH_OAUTH,
		   CONFIG_AUTH_EXTERNAL };
enum config_encrypt { CONFIG_ENCRYPT_NEVER, CONFIG_ENCRYPT_WHEN_POSSIBLE,
		      CONFIG_ENCRYPT_ALWAYS };

struct config_account {
	char *name;
	struct config_list addresses;
	char *server, *user, *password, *key;	/* NULL: not set */
	char *certificate;
	enum config_dane dane;
	enum config_auth auth;
	enum config_sign sign;
	enum config_encrypt encrypt;
	bool require_tls;
};

struct config {
	/* [dns] */
	enum config_dns_mode dns_mode;
	struct config_list insecure_zones, forwarders, trust_anchors;
	bool allow_loopback;
	/* [incoming] */
	struct config_list trusted_relays, trusted_authservs, trusted_sealers;
	struct config_list watch;
	bool require_policy, accept_spf_only, require_dnssec;
	enum config_notify notify;
	enum config_lookup lookup;
	long long keep_seconds;		/* 0: for ever */
	/* [contacts] */
	struct config_list contact_sources;	/* "~/" is made absolute */
	bool learn_recipients;
	/* [account NAME] */
	struct config_account *accounts;
	size_t account_count;
	/* [keys] */
	struct config_list authorities;	/* for e-mail, PEM */
	bool system_authorities;	/* those of the system as well */
	long long idle_lock_seconds, life_time_seconds;	/* 0: never */
	bool confirm;
	char *pinentry;
	bool lock_on_suspend, lock_on_screen;
};

/* Reads `path`.  `home` replaces "~".  0; ERR_CONFIG, ERR_IO, ERR_LIMIT,
 * ERR_MEMORY with the whole sentence, file and line in it, in `why`.  A file
 * that is not there is ERR_IO with errno ENOENT (the caller decides). */
int config_read(const char *path, const char *home, struct config **out,
		struct buf *why);

/* The same from memory; `path` for the sentences only.  The fuzz target's
 * and the tests' door. */
int config_parse(const char *text, size_t len, const char *path,
		 const char *home, struct config **out, struct buf *why);

/* What holds without a file. */
struct config *config_default(void);
void config_free(struct config *config);	/* NULL is allowed */

#endif
