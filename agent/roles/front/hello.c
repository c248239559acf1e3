/* hello.c - what a new role is told: its settings, the contacts */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/config_server.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/gpg.h"

#define HELLO_ARENA (1024 * 1024)

static void put_list(struct arena *arena, struct value *dict, const char *key,
		     const struct config_list *from)
{
	struct value *list = value_put_list(arena, dict, key);
	size_t i;

	for (i = 0; i < from->count; i++)
		value_put_text(arena, list, NULL, from->items[i]);
}

static void own_addresses(const struct config *config, struct arena *arena,
			  struct value *list)
{
	size_t i, j;

	for (i = 0; i < config->account_count; i++)
		for (j = 0; j < config->accounts[i].addresses.count; j++)
			value_put_text(arena, list, NULL,
				       config->accounts[i].addresses.items[j]);
}

static void reader_settings(struct front *front, struct arena *arena,
			    struct value *dict)
{
	static const char *const lookups[] = { "arrival", "view", "never" };
	const struct config *config = front->config;

	value_put_text(arena, dict, "lookup", lookups[config->lookup]);
	value_put_truth(arena, dict, "require_policy", config->require_policy);
	value_put_truth(arena, dict, "accept_spf_only",
			config->accept_spf_only);
	value_put_truth(arena, dict, "require_dnssec", config->require_dnssec);
	put_list(arena, dict, "trusted_relays", &config->trusted_relays);
	put_list(arena, dict, "trusted_authservs", &config->trusted_authservs);
	put_list(arena, dict, "trusted_sealers", &config->trusted_sealers);
	own_addresses(config, arena, value_put_list(arena, dict,
						    "own_addresses"));
}

static void resolver_settings(struct front *front, struct arena *arena,
			      struct value *dict)
{
	static const char *const modes[] = { "auto", "recursive", "forward" };
	const struct config *config = front->config;
	struct value *list;

	value_put_text(arena, dict, "mode", modes[config->dns_mode]);
	value_put_truth(arena, dict, "allow_loopback", config->allow_loopback);
	put_list(arena, dict, "insecure_zones", &config->insecure_zones);
	value_put_text(arena, dict, "anchors", front->anchors);
	if (config->forwarders.count > 0) {
		put_list(arena, dict, "forwarders", &config->forwarders);
	} else {
		list = value_put_list(arena, dict, "forwarders");
		if (config->dns_mode != CONFIG_DNS_RECURSIVE)
			network_forwarders(arena, list);
	}
}

/* Everything of an account but what its password's command is. */
static void account_put(struct arena *arena, struct value *list,
			const struct config_account *account)
{
	struct value *dict = value_put_dict(arena, list, NULL);
	enum config_secret kind = CONFIG_ASK;
	struct config_server server;
	struct bytes command;

	value_put_text(arena, dict, "name", account->name);
	put_list(arena, dict, "addresses", &account->addresses);
	if (account->server != NULL &&
	    config_server_parse(bytes_of(account->server), &server)) {
		value_put_text(arena, dict, "host", server.host);
		value_put_number(arena, dict, "port", server.port);
		value_put_truth(arena, dict, "starttls",
				server.start == CONFIG_STARTTLS);
	}
	value_put_text(arena, dict, "user", account->user);
	value_put_truth(arena, dict, "has_password",
			account->password != NULL);
	value_put_truth(arena, dict, "has_command",
			account->password != NULL &&
			config_secret_parse(bytes_of(account->password), &kind,
					    &command) &&
			kind == CONFIG_COMMAND);
	value_put_number(arena, dict, "auth", account->auth);
	value_put_truth(arena, dict, "dane_needed",
			account->dane == CONFIG_DANE_REQUIRE);
	value_put_truth(arena, dict, "require_tls", account->require_tls);
	value_put_number(arena, dict, "sign", account->sign);
	value_put_number(arena, dict, "encrypt", account->encrypt);
	value_put_text(arena, dict, "key", account->key);
	value_put_text(arena, dict, "certificate", account->certificate);
}

static void sender_settings(struct front *front, struct arena *arena,
			    struct value *dict)
{
	struct value *list = value_put_list(arena, dict, "accounts");
	size_t i;

	for (i = 0; i < front->config->account_count; i++)
		account_put(arena, list, &front->config->accounts[i]);
}

static void keeper_settings(struct front *front, struct arena *arena,
			    struct value *dict)
{
	const struct config *config = front->config;

	value_put_number(arena, dict, "idle_lock", config->idle_lock_seconds);
	value_put_number(arena, dict, "life_time", config->life_time_seconds);
	value_put_truth(arena, dict, "confirm", config->confirm);
}

static void (*const settings_of[CHILD_KINDS])(struct front *front,
					      struct arena *arena,
					      struct value *dict) = {
	[CHILD_READER] = reader_settings,
	[CHILD_RESOLVER] = resolver_settings,
	[CHILD_SENDER] = sender_settings,
	[CHILD_KEEPER] = keeper_settings,
	[CHILD_PGP] = front_gpg_settings,
};

static int settings_send(struct front *front, enum child_kind kind,
			 enum channel_type type)
{
	struct arena *arena = arena_new(HELLO_ARENA);
	struct frame frame = { (uint8_t)type, 0, { NULL, 0 }, { 0 }, 0 };
	struct value *dict;
	struct buf wire;
	int r;

	if (arena == NULL)
		return ERR_MEMORY;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	dict = value_dict(arena);
	if (settings_of[kind] != NULL)
		settings_of[kind](front, arena, dict);
	r = value_encode(dict, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = child_tell(front, kind, &frame);
	buf_free(&wire);
	arena_free(arena);
	return r;
}

int front_greet(struct front *front, enum child_kind kind)
{
	return settings_send(front, kind, FRAME_HELLO);
}

void front_greeted(struct front *front, enum child_kind kind)
{
	if (kind == CHILD_READER) {
		memory_greet(front);
		books_send(front);
	} else if (kind == CHILD_SENDER) {
		server_greeted(front);
	}
	if (kind == CHILD_KEEPER)
		front_keys_greet_keeper(front);
	if (kind == CHILD_READER || kind == CHILD_SENDER)
		front_keys_send_own(front);
	if (kind == CHILD_READER || kind == CHILD_SENDER)
		front_send_authorities(front, kind);
}

int front_send_network(struct front *front)
{
	if (!child_is_up(front, CHILD_RESOLVER))
		return 0;		/* a new one is told anyway */
	return settings_send(front, CHILD_RESOLVER, FRAME_NETWORK);
}
