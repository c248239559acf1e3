/* config_keys.c - every key, where its value goes and what it may be */
#include "agent/base/config_keys.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/base/config_identity.h"
#include "agent/base/config_near.h"
#include "agent/base/config_server.h"
#include "agent/base/config_time.h"

#define NEAR_ENOUGH	3	/* edits between a typo and a key */

enum kind { KIND_LIST, KIND_PATHS, KIND_TRUTH, KIND_TEXT, KIND_CHOICE,
	    KIND_TIME, KIND_LOCKS, KIND_SERVER, KIND_SECRET, KIND_ADDRESSES,
	    KIND_PRINT };

static const char *const words_mode[] = { "auto", "recursive", "forward",
					  NULL };
static const char *const words_notify[] = { "none", "spoofed", "suspicious",
					    NULL };
static const char *const words_lookup[] = { "arrival", "view", "never", NULL };
static const char *const words_dane[] = { "require-if-published", "require",
					  NULL };
static const char *const words_auth[] = { "password", "scram", "plain",
					  "login", "oauth", "external", NULL };
static const char *const words_sign[] = { "none", "smime", "openpgp", NULL };
static const char *const words_encrypt[] = { "never", "when-possible",
					     "always", NULL };

static const struct key {
	const char *section;
	const char *name;
	enum kind kind;
	size_t offset;			/* in config, or config_account */
	const char *const *words;	/* of KIND_CHOICE, by enum */
} keys[] = {
#define CONFIG(member) offsetof(struct config, member), NULL
#define CHOICE(member, words) offsetof(struct config, member), words
#define ACCOUNT(member) offsetof(struct config_account, member), NULL
#define PICK(member, words) offsetof(struct config_account, member), words
	{ "dns", "mode", KIND_CHOICE, CHOICE(dns_mode, words_mode) },
	{ "dns", "insecure-zone", KIND_LIST, CONFIG(insecure_zones) },
	{ "dns", "forward", KIND_LIST, CONFIG(forwarders) },
	{ "dns", "trust-anchor", KIND_PATHS, CONFIG(trust_anchors) },
	{ "dns", "allow-loopback", KIND_TRUTH, CONFIG(allow_loopback) },
	{ "incoming", "trusted-relay", KIND_LIST, CONFIG(trusted_relays) },
	{ "incoming", "trusted-authserv", KIND_LIST,
	  CONFIG(trusted_authservs) },
	{ "incoming", "trusted-sealer", KIND_LIST, CONFIG(trusted_sealers) },
	{ "incoming", "require-policy", KIND_TRUTH, CONFIG(require_policy) },
	{ "incoming", "accept-spf-only", KIND_TRUTH, CONFIG(accept_spf_only) },
	{ "incoming", "require-dnssec", KIND_TRUTH, CONFIG(require_dnssec) },
	{ "incoming", "watch", KIND_PATHS, CONFIG(watch) },
	{ "incoming", "notify", KIND_CHOICE, CHOICE(notify, words_notify) },
	{ "incoming", "lookup", KIND_CHOICE, CHOICE(lookup, words_lookup) },
	{ "incoming", "keep", KIND_TIME, CONFIG(keep_seconds) },
	{ "contacts", "source", KIND_PATHS, CONFIG(contact_sources) },
	{ "contacts", "learn-recipients", KIND_TRUTH,
	  CONFIG(learn_recipients) },
	{ "account", "address", KIND_ADDRESSES, ACCOUNT(addresses) },
	{ "account", "server", KIND_SERVER, ACCOUNT(server) },
	{ "account", "user", KIND_TEXT, ACCOUNT(user) },
	{ "account", "password", KIND_SECRET, ACCOUNT(password) },
	{ "account", "auth", KIND_CHOICE, PICK(auth, words_auth) },
	{ "account", "dane", KIND_CHOICE, PICK(dane, words_dane) },
	{ "account", "sign", KIND_CHOICE, PICK(sign, words_sign) },
	{ "account", "encrypt", KIND_CHOICE, PICK(encrypt, words_encrypt) },
	{ "account", "key", KIND_PRINT, ACCOUNT(key) },
	{ "account", "certificate", KIND_PRINT, ACCOUNT(certificate) },
	{ "account", "require-tls", KIND_TRUTH, ACCOUNT(require_tls) },
	{ "keys", "authority", KIND_PATHS, CONFIG(authorities) },
	{ "keys", "system-authorities", KIND_TRUTH,
	  CONFIG(system_authorities) },
	{ "keys", "idle-lock", KIND_TIME, CONFIG(idle_lock_seconds) },
	{ "keys", "life-time", KIND_TIME, CONFIG(life_time_seconds) },
	{ "keys", "confirm", KIND_TRUTH, CONFIG(confirm) },
	{ "keys", "pinentry", KIND_TEXT, CONFIG(pinentry) },
	{ "keys", "lock-on", KIND_LOCKS, CONFIG(lock_on_suspend) },
#undef CONFIG
#undef CHOICE
#undef ACCOUNT
#undef PICK
};
#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))
_Static_assert(KEY_COUNT <= 64, "a bit each in config_reader::seen");

static const char *const section_names[] = { "dns", "incoming", "contacts",
					     "keys", NULL };

static char *text_of(struct bytes value)
{
	return strndup(value.data == NULL ? "" : (const char *)value.data,
		       value.len);
}

static enum config_result account_add(struct config_reader *reader,
				      struct bytes name)
{
	struct config *config = reader->config;
	struct config_account *all, *one;
	size_t i;

	for (i = 0; i < config->account_count; i++)
		if (bytes_is(name, config->accounts[i].name))
			return CONFIG_TWICE;
	if (config->account_count >= CONFIG_ACCOUNTS_MAX)
		return CONFIG_LIMIT;
	all = reallocarray(config->accounts, config->account_count + 1,
			   sizeof(*all));
	if (all == NULL)
		return CONFIG_MEMORY;
	config->accounts = all;
	one = &all[config->account_count];
	memset(one, 0, sizeof(*one));
	one->name = text_of(name);
	if (one->name == NULL)
		return CONFIG_MEMORY;
	config->account_count++;
	reader->account = one;
	return CONFIG_FINE;
}

enum config_result config_section(struct config_reader *reader,
				  struct bytes name)
{
	struct bytes account;
	size_t i;

	reader->account = NULL;
	if (bytes_starts(name, "account ")) {
		account = bytes_trim(bytes_slice(name, 8, name.len));
		for (i = 0; i < KEY_COUNT; i++)
			if (strcmp(keys[i].section, "account") == 0)
				reader->seen &= ~(1ULL << i);
		reader->section = "account";
		return account_add(reader, account);
	}
	for (i = 0; section_names[i] != NULL; i++)
		if (bytes_is(name, section_names[i])) {
			reader->section = section_names[i];
			return CONFIG_FINE;
		}
	return CONFIG_UNKNOWN;
}

static void expect(struct config_reader *reader, const char *sentence)
{
	(void)snprintf(reader->expected, sizeof(reader->expected), "%s",
		       sentence);
}

static char *path_of(const struct config_reader *reader, struct bytes value)
{
	char *path = NULL;

	if (bytes_is(value, "~"))
		return strdup(reader->home);
	if (!bytes_starts(value, "~/"))
		return text_of(value);
	if (asprintf(&path, "%s/%.*s", reader->home, (int)value.len - 2,
		     (const char *)value.data + 2) < 0)
		return NULL;
	return path;
}

static enum config_result list_set(struct config_reader *reader, enum kind kind,
				   struct config_list *list,
				   struct bytes value)
{
	struct bytes item;
	char *text, **items;

	expect(reader, "a list has at most 1000 members");
	while (value.len > 0) {
		(void)bytes_cut(value, ';', &item, &value);
		item = bytes_trim(item);
		if (item.len == 0)
			continue;
		if (list->count >= CONFIG_LIST_MAX || item.len > INT_MAX)
			return CONFIG_VALUE;
		if (kind == KIND_ADDRESSES && !config_address_fits(item)) {
			expect(reader, "write addresses alone, as "
			       "alice@example.org, with \";\" between them");
			return CONFIG_VALUE;
		}
		text = kind == KIND_PATHS ? path_of(reader, item) :
					    text_of(item);
		items = reallocarray(list->items, list->count + 1,
				     sizeof(*items));
		if (items != NULL)
			list->items = items;
		if (text == NULL || items == NULL) {
			free(text);
			return CONFIG_MEMORY;
		}
		list->items[list->count++] = text;
	}
	return CONFIG_FINE;
}

static enum config_result truth_set(struct config_reader *reader, bool *to,
				    struct bytes value)
{
	expect(reader, "write true or false");
	if (!bytes_is(value, "true") && !bytes_is(value, "false"))
		return CONFIG_VALUE;
	*to = bytes_is(value, "true");
	return CONFIG_FINE;
}

static enum config_result time_set(struct config_reader *reader, long long *to,
				   struct bytes value)
{
	expect(reader, "write a number and s, m, h, d, w or y, as in 30m");
	return config_time_parse(value, to) ? CONFIG_FINE : CONFIG_VALUE;
}

static enum config_result locks_set(struct config_reader *reader,
				    struct bytes value)
{
	struct config *config = reader->config;
	struct bytes item;
	bool none = false;

	expect(reader, "write suspend, screen, both with \";\", or none");
	config->lock_on_suspend = config->lock_on_screen = false;
	while (value.len > 0) {
		(void)bytes_cut(value, ';', &item, &value);
		item = bytes_trim(item);
		if (bytes_is(item, "suspend"))
			config->lock_on_suspend = true;
		else if (bytes_is(item, "screen"))
			config->lock_on_screen = true;
		else if (bytes_is(item, "none"))
			none = true;
		else
			return CONFIG_VALUE;
	}
	return none == (config->lock_on_suspend || config->lock_on_screen) ?
	       CONFIG_VALUE : CONFIG_FINE;
}

/* "write a, b or c" */
static void expect_word(struct config_reader *reader,
			const char *const *words)
{
	size_t size = sizeof(reader->expected), len = 0, i;
	const char *joint = "write ";
	int added;

	for (i = 0; words[i] != NULL && len < size; i++) {
		added = snprintf(reader->expected + len, size - len, "%s%s",
				 joint, words[i]);
		len += added < 0 ? size : (size_t)added;
		joint = words[i + 1] == NULL || words[i + 2] != NULL ? ", " :
								      " or ";
	}
}

static enum config_result choice_set(struct config_reader *reader,
				     const struct key *key, void *to,
				     struct bytes value)
{
	unsigned i;

	expect_word(reader, key->words);
	for (i = 0; key->words[i] != NULL; i++)
		if (bytes_is(value, key->words[i])) {
			memcpy(to, &i, sizeof(i));	/* an enum */
			return CONFIG_FINE;
		}
	return CONFIG_VALUE;
}
_Static_assert(sizeof(enum config_lookup) == sizeof(unsigned),
	       "choice_set copies an unsigned");

static enum config_result text_set(struct config_reader *reader, char **to,
				   struct bytes value)
{
	expect(reader, "write something, or leave the line out");
	if (value.len == 0)
		return CONFIG_VALUE;
	free(*to);
	*to = text_of(value);
	return *to == NULL ? CONFIG_MEMORY : CONFIG_FINE;
}

static enum config_result print_set(struct config_reader *reader, char **to,
				    struct bytes value)
{
	if (config_print_fits(value))
		return text_set(reader, to, value);
	expect(reader, "write the first digits of a fingerprint, 8 at least");
	return CONFIG_VALUE;
}

static enum config_result server_set(struct config_reader *reader, char **to,
				     struct bytes value)
{
	struct config_server server;

	if (config_server_parse(value, &server))
		return text_set(reader, to, value);
	expect(reader, "write smtps://HOST:PORT, or smtp://HOST:PORT with "
	       "STARTTLS");
	return CONFIG_VALUE;
}

static enum config_result secret_set(struct config_reader *reader, char **to,
				     struct bytes value)
{
	enum config_secret kind;
	struct bytes command;

	if (config_secret_parse(value, &kind, &command))
		return text_set(reader, to, value);
	expect(reader, "write command: COMMAND, secret-service or ask; the "
	       "password itself never stands here");
	return CONFIG_VALUE;
}

enum config_result config_key(struct config_reader *reader, struct bytes name,
			      struct bytes value)
{
	const struct key *key = NULL;
	unsigned char *to;
	size_t i;

	for (i = 0; i < KEY_COUNT && key == NULL; i++)
		if (strcmp(keys[i].section, reader->section) == 0 &&
		    bytes_is(name, keys[i].name))
			key = &keys[i];
	if (key == NULL)
		return CONFIG_UNKNOWN;
	i = (size_t)(key - keys);
	if ((reader->seen & 1ULL << i) != 0)
		return CONFIG_TWICE;
	reader->seen |= 1ULL << i;
	to = reader->account != NULL ? (unsigned char *)reader->account :
				       (unsigned char *)reader->config;
	to += key->offset;
	switch (key->kind) {
	case KIND_LIST:
	case KIND_PATHS:
	case KIND_ADDRESSES:
		return list_set(reader, key->kind,
				(struct config_list *)(void *)to, value);
	case KIND_TRUTH:
		return truth_set(reader, (bool *)(void *)to, value);
	case KIND_TEXT:
		return text_set(reader, (char **)(void *)to, value);
	case KIND_PRINT:
		return print_set(reader, (char **)(void *)to, value);
	case KIND_CHOICE:
		return choice_set(reader, key, to, value);
	case KIND_TIME:
		return time_set(reader, (long long *)(void *)to, value);
	case KIND_SERVER:
		return server_set(reader, (char **)(void *)to, value);
	case KIND_SECRET:
		return secret_set(reader, (char **)(void *)to, value);
	case KIND_LOCKS:
	default:
		return locks_set(reader, value);
	}
}

const char *config_nearest(const struct config_reader *reader,
			   struct bytes name)
{
	const char *best = NULL;
	size_t least = NEAR_ENOUGH + 1, i, d;

	for (i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].section, reader->section) != 0)
			continue;
		d = config_distance(keys[i].name, name);
		if (d < least) {
			least = d;
			best = keys[i].name;
		}
	}
	return best;
}

const char *config_elsewhere(struct bytes name)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (bytes_is(name, keys[i].name))
			return strcmp(keys[i].section, "account") == 0 ?
			       "account NAME" : keys[i].section;
	return NULL;
}
