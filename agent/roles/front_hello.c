/* front_hello.c - what a new role is told: settings, channels, contacts */
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/roles/front.h"

#define HELLO_ARENA (1024 * 1024)

static void put_list(struct arena *arena, struct value *dict, const char *key,
		     const struct config_list *from)
{
	struct value *list = value_put_list(arena, dict, key);
	size_t i;

	for (i = 0; i < from->count; i++)
		value_put_text(arena, list, NULL, from->items[i]);
}

static void reader_settings(struct front *front, struct arena *arena,
			    struct value *dict)
{
	const struct config *config = front->config;

	value_put_truth(arena, dict, "require_policy", config->require_policy);
	value_put_truth(arena, dict, "accept_spf_only",
			config->accept_spf_only);
	value_put_truth(arena, dict, "require_dnssec", config->require_dnssec);
	put_list(arena, dict, "trusted_relays", &config->trusted_relays);
	put_list(arena, dict, "trusted_authservs", &config->trusted_authservs);
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
	if (kind == CHILD_READER)
		reader_settings(front, arena, dict);
	else
		resolver_settings(front, arena, dict);
	r = value_encode(dict, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = channel_send(front->children[kind].fd, &frame);
	buf_free(&wire);
	arena_free(arena);
	return r;
}

/* A channel of their own between reader and resolver, once both run. */
static int introduce(struct front *front)
{
	struct frame to_reader = { FRAME_DNS, 0, { NULL, 0 }, { 0 }, 1 };
	struct frame to_resolver = { FRAME_CLIENT, 0, { NULL, 0 }, { 0 }, 1 };
	int ends[2];
	int r;

	if (!child_is_up(front, CHILD_READER) ||
	    !child_is_up(front, CHILD_RESOLVER))
		return 0;
	if (channel_pair(ends) < 0)
		return ERR_IO;
	to_reader.fds[0] = ends[0];
	to_resolver.fds[0] = ends[1];
	r = channel_send(front->children[CHILD_RESOLVER].fd, &to_resolver);
	if (r == 0)
		r = channel_send(front->children[CHILD_READER].fd, &to_reader);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return r;
}

int front_greet(struct front *front, enum child_kind kind)
{
	int r = settings_send(front, kind, FRAME_HELLO);

	if (r == 0)
		r = introduce(front);
	if (r == 0 && kind == CHILD_READER)
		books_send(front);
	return r;
}

int front_send_network(struct front *front)
{
	if (!child_is_up(front, CHILD_RESOLVER))
		return 0;		/* a new one is told anyway */
	return settings_send(front, CHILD_RESOLVER, FRAME_NETWORK);
}
