/* network.c - which forwarders this network has, and when that changes
 *
 * resolv.conf is read here, not by libunbound (findings: it is read once, and
 * link-local scopes are lost).  A loopback stub of systemd-resolved breaks
 * negative proofs, or is on this host like any other; its uplinks are asked
 * instead. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/bytes.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/file.h"
#include "agent/base/value.h"
#include "agent/dns/address.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/outgoing/queue.h"

#define RESOLV_CONF	"/etc/resolv.conf"
#define RESOLVED_CONF	"/run/systemd/resolve/resolv.conf"
#define FORWARDERS_MAX	8
#define RESOLV_MAX	65536	/* octets */
#define LINE_ROOM	512
#define DEBOUNCE_MS	250

static size_t resolv_conf_read(const char *path, struct arena *arena,
			       struct value *list, bool *stub)
{
	char room[LINE_ROOM], address[128];
	struct bytes rest, line;
	enum dns_address kind;
	size_t count = 0;
	struct buf text;

	buf_init(&text, RESOLV_MAX);
	(void)file_read(path, &text, room, sizeof(room));
	for (rest = buf_bytes(&text); rest.len > 0;) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (line.len == 0)
			continue;
		line = bytes_slice(line, 0, sizeof(room) - 1);
		memcpy(room, line.data, line.len);
		room[line.len] = 0;
		if (sscanf(room, " nameserver %127s", address) != 1)
			continue;
		kind = dns_address_kind(address);
		if (kind == DNS_ADDRESS_STUB || kind == DNS_ADDRESS_PROXY)
			*stub = true;
		else if (count++ < FORWARDERS_MAX && list != NULL)
			value_put_text(arena, list, NULL, address);
	}
	buf_free(&text);
	return count;
}

void network_forwarders(struct arena *arena, struct value *list)
{
	bool stub = false, ignored = false;

	(void)resolv_conf_read(RESOLV_CONF, arena, NULL, &stub);
	(void)resolv_conf_read(stub ? RESOLVED_CONF : RESOLV_CONF, arena, list,
			       &ignored);
}

/* Whether one of the events is about a resolv.conf. */
static bool events_matter(const char *room, size_t len)
{
	struct inotify_event event;
	size_t at = 0;

	while (at + sizeof(event) <= len) {
		memcpy(&event, room + at, sizeof(event));
		if (event.len > 0 &&
		    strcmp(room + at + sizeof(event), "resolv.conf") == 0)
			return true;
		at += sizeof(event) + event.len;
	}
	return false;
}

static void network_readable(struct front *front, void *ctx, short events)
{
	char room[8192];
	bool changed = false;
	ssize_t got;

	(void)ctx;
	(void)events;
	while (front->network_fd >= 0 &&
	       (got = read(front->network_fd, room, sizeof(room))) > 0)
		changed = events_matter(room, (size_t)got) || changed;
	while (front->routes_fd >= 0 &&
	       (got = recv(front->routes_fd, room, sizeof(room),
			   MSG_DONTWAIT)) > 0)
		changed = true;
	/* Not put off by what goes on changing. */
	if (changed && front->network_timer.at == 0)
		front->network_timer.at = clock_now_ms() + DEBOUNCE_MS;
}

static void network_settled(struct front *front, void *ctx)
{
	(void)ctx;
	if (front_send_network(front) < 0)
		child_lost(front, CHILD_RESOLVER);
	if (front->queue != NULL)
		queue_wake(front->queue, QUEUE_WAKE_WAITING);
}

int network_watch(struct front *front)
{
	struct sockaddr_nl address;

	front->network_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (front->network_fd >= 0) {
		/* The folders: the files are replaced by renaming. */
		(void)inotify_add_watch(front->network_fd, "/etc",
					IN_MOVED_TO | IN_CLOSE_WRITE |
					IN_CREATE | IN_DELETE);
		(void)inotify_add_watch(front->network_fd,
					"/run/systemd/resolve",
					IN_MOVED_TO | IN_CLOSE_WRITE |
					IN_CREATE | IN_DELETE);
	}
	front->routes_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC |
				  SOCK_NONBLOCK, NETLINK_ROUTE);
	memset(&address, 0, sizeof(address));
	address.nl_family = AF_NETLINK;
	address.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
			    RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	if (front->routes_fd >= 0 &&
	    bind(front->routes_fd, (const struct sockaddr *)&address,
		 sizeof(address)) < 0) {
		(void)close(front->routes_fd);
		front->routes_fd = -1;
	}
	front->network_timer.due = network_settled;
	front_timer(front, &front->network_timer);
	if (front->network_fd >= 0)
		(void)front_watch(front, front->network_fd, POLLIN,
				  network_readable, NULL);
	if (front->routes_fd >= 0)
		(void)front_watch(front, front->routes_fd, POLLIN,
				  network_readable, NULL);
	return front->network_fd < 0 && front->routes_fd < 0 ? ERR_IO : 0;
}
