/* dial.c - several connections under way, one wins */
#include "agent/dane/dial.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"

int dial_wait(int fd, short events, const struct dial_patience *patience)
{
	struct pollfd fds[2] = { { fd, events, 0 },
				 { patience->cancel_fd, POLLIN, 0 } };
	int64_t left;
	int r;

	for (;;) {
		left = patience->deadline - clock_now_ms();
		if (left < 0)
			left = 0;
		r = poll(fds, 2, left > 60000 ? 60000 : (int)left);
		if (r > 0 && fds[1].revents != 0)
			return ERR_REFUSED;
		if (r > 0)
			return 0;
		if (r == 0 && left <= 60000)
			return ERR_TIMEOUT;
		if (r < 0 && errno != EINTR)
			return ERR_IO;
	}
}

struct calls {
	const struct dane_address *addresses;
	size_t count, next;
	uint16_t port;
	int fds[LOCATE_ADDRESSES_MAX];	/* -1: not under way */
	size_t under_way;
	int last;			/* errno */
};

static socklen_t address_fill(const struct dane_address *address,
			      uint16_t port, struct sockaddr_storage *to)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)to;
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)to;

	memset(to, 0, sizeof(*to));
	if (address->family == AF_INET6) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		memcpy(&six->sin6_addr, address->raw, 16);
		return sizeof(*six);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(port);
	memcpy(&four->sin_addr, address->raw, 4);
	return sizeof(*four);
}

static void call_next(struct calls *calls)
{
	const struct dane_address *address = &calls->addresses[calls->next];
	int *fd = &calls->fds[calls->next++], one = 1;
	struct sockaddr_storage to;
	socklen_t length = address_fill(address, calls->port, &to);

	*fd = socket(address->family, SOCK_STREAM | SOCK_NONBLOCK |
		     SOCK_CLOEXEC, 0);
	if (*fd >= 0)
		(void)setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one,
				 sizeof(one));
	if (*fd >= 0 &&
	    (connect(*fd, (struct sockaddr *)(void *)&to, length) == 0 ||
	     errno == EINPROGRESS)) {
		calls->under_way++;
		return;
	}
	calls->last = errno;
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Whether that one connected; one that failed is closed. */
static bool call_answered(struct calls *calls, size_t nth)
{
	socklen_t length = sizeof(int);
	int error = 0;

	if (getsockopt(calls->fds[nth], SOL_SOCKET, SO_ERROR, &error,
		       &length) != 0)
		error = errno;
	if (error == 0)
		return true;
	calls->last = error;
	(void)close(calls->fds[nth]);
	calls->fds[nth] = -1;
	calls->under_way--;
	return false;
}

/* 1: *which connected; 0: not yet; negative: an error. */
static int calls_turn(struct calls *calls, int64_t next,
		      const struct dial_patience *patience, size_t *which)
{
	struct pollfd fds[LOCATE_ADDRESSES_MAX + 1];
	int64_t now = clock_now_ms(), until = patience->deadline;
	size_t i;

	if (now >= until)
		return ERR_TIMEOUT;
	if (calls->next < calls->count && next < until)
		until = next;
	for (i = 0; i < calls->count; i++) {
		fds[i].fd = calls->fds[i];
		fds[i].events = POLLOUT;
		fds[i].revents = 0;
	}
	fds[i].fd = patience->cancel_fd;
	fds[i].events = POLLIN;
	fds[i].revents = 0;
	if (until - now > 60000)
		until = now + 60000;
	if (poll(fds, calls->count + 1, until > now ? (int)(until - now) :
		 0) < 0)
		return errno == EINTR ? 0 : ERR_IO;
	if (fds[calls->count].revents != 0)
		return ERR_REFUSED;
	for (i = 0; i < calls->count; i++)
		if (fds[i].revents != 0 && call_answered(calls, i)) {
			*which = i;
			return 1;
		}
	return 0;
}

int dial(const struct dane_address *addresses, size_t count, uint16_t port,
	 const struct dial_patience *patience, size_t *which, int *error)
{
	struct calls calls;
	int64_t next = 0;
	size_t i;
	int r = 0;

	memset(&calls, 0, sizeof(calls));
	calls.addresses = addresses;
	calls.count = count < LOCATE_ADDRESSES_MAX ? count :
						     LOCATE_ADDRESSES_MAX;
	calls.port = port;
	for (i = 0; i < calls.count; i++)
		calls.fds[i] = -1;
	while (r == 0) {
		if (calls.next < calls.count &&
		    (calls.under_way == 0 || clock_now_ms() >= next)) {
			call_next(&calls);
			next = clock_now_ms() + DIAL_NEXT_MS;
		}
		if (calls.under_way > 0)
			r = calls_turn(&calls, next, patience, which);
		else if (calls.next == calls.count)
			r = ERR_GONE;
	}
	for (i = 0; i < calls.count; i++)
		if (calls.fds[i] >= 0 && (r < 0 || i != *which))
			(void)close(calls.fds[i]);
	*error = calls.last;
	return r < 0 ? r : calls.fds[*which];
}
