/* link.c - many threads, one socket, one reader at a time */
#include "agent/keys/link.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/clock.h"

#define KEEPERS_TRIED	3	/* with one request */

enum asked_phase { ASKED_WAITING, ASKED_ANSWERED, ASKED_LOST };

/* A question under way; it lives on its thread's stack. */
struct asked {
	uint32_t id;
	enum asked_phase phase;
	struct keys_reply *reply;
	pthread_cond_t woken;		/* its thread alone: a phase, or it is
					 * the one to read now */
	struct asked *next;		/* keys_link::asked */
};

struct keys_link {
	pthread_mutex_t lock;
	pthread_condattr_t clock;	/* of all conditions here */
	pthread_cond_t changed;		/* the reader, the channel */
	int fd;				/* -1: no channel */
	bool reading;			/* some thread waits on the socket */
	uint32_t last_id;
	struct asked *asked;
	unsigned life;			/* which channel it is */
	void (*need)(void *ctx);	/* NULL: it comes without asking */
	void *ctx;
};

struct keys_link *keys_link_new(void)
{
	struct keys_link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		return NULL;
	link->fd = -1;
	(void)pthread_mutex_init(&link->lock, NULL);
	(void)pthread_condattr_init(&link->clock);
	(void)pthread_condattr_setclock(&link->clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&link->changed, &link->clock);
	return link;
}

void keys_link_free(struct keys_link *link)
{
	if (link == NULL)
		return;
	if (link->fd >= 0)
		(void)close(link->fd);
	(void)pthread_cond_destroy(&link->changed);
	(void)pthread_condattr_destroy(&link->clock);
	(void)pthread_mutex_destroy(&link->lock);
	free(link);
}

/* Under the lock: nobody is answered any more over the old channel.  Who
 * reads from it closes it when it wakes: its other end is gone. */
static void channel_drop(struct keys_link *link)
{
	struct asked *asked;

	for (asked = link->asked; asked != NULL; asked = asked->next) {
		if (asked->phase == ASKED_WAITING)
			asked->phase = ASKED_LOST;
		(void)pthread_cond_signal(&asked->woken);
	}
	if (link->fd >= 0 && !link->reading)
		(void)close(link->fd);
	link->fd = -1;
	(void)pthread_cond_broadcast(&link->changed);
}

void keys_link_attach(struct keys_link *link, int fd)
{
	(void)pthread_mutex_lock(&link->lock);
	channel_drop(link);
	link->fd = fd;
	link->life++;
	(void)pthread_mutex_unlock(&link->lock);
}

void keys_link_on_need(struct keys_link *link, void (*need)(void *ctx),
		       void *ctx)
{
	link->need = need;
	link->ctx = ctx;
}

/* Waits for a datagram until the deadline.  Bytes; 0: hung up; -1: none. */
static ssize_t datagram_wait(int fd, struct keys_reply *room, int64_t deadline)
{
	struct iovec part = { room, sizeof(*room) };
	struct pollfd wait = { fd, POLLIN, 0 };
	struct msghdr message;
	int64_t left;
	ssize_t got;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	for (;;) {
		left = deadline - clock_now_ms();
		if (left <= 0 || poll(&wait, 1, (int)left) == 0)
			return -1;
		got = recvmsg(fd, &message, MSG_DONTWAIT);
		if (got >= 0 && (message.msg_flags & MSG_TRUNC) != 0)
			return 0;	/* larger than any reply */
		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR)
			return 0;
	}
}

/* Under the lock, which it lets go while it waits: takes one reply to whom
 * it belongs. */
static void reply_take(struct keys_link *link, int64_t deadline)
{
	struct keys_reply reply;
	struct asked *asked;
	int fd = link->fd;
	ssize_t got;

	link->reading = true;
	(void)pthread_mutex_unlock(&link->lock);
	got = datagram_wait(fd, &reply, deadline);
	(void)pthread_mutex_lock(&link->lock);
	link->reading = false;
	if (link->fd != fd) {
		(void)close(fd);	/* replaced meanwhile */
	} else if (got >= 0 && !keys_reply_fits(&reply, (size_t)got)) {
		channel_drop(link);
	} else if (got > 0) {
		/* An id that nobody has: its thread gave up. */
		for (asked = link->asked; asked != NULL; asked = asked->next)
			if (asked->id == reply.id &&
			    asked->phase == ASKED_WAITING) {
				*asked->reply = reply;
				asked->phase = ASKED_ANSWERED;
				(void)pthread_cond_signal(&asked->woken);
			}
	}
	explicit_bzero(&reply, sizeof(reply));
	(void)pthread_cond_broadcast(&link->changed);
}

static void wait_for(struct keys_link *link, pthread_cond_t *condition,
		     int64_t deadline)
{
	struct timespec until;

	until.tv_sec = (time_t)(deadline / 1000);
	until.tv_nsec = (long)(deadline % 1000) * 1000000;
	(void)pthread_cond_timedwait(condition, &link->lock, &until);
}

/* Under the lock.  False: it cannot be sent any more. */
static bool request_send(struct keys_link *link, struct keys_request *request,
			 int64_t deadline)
{
	struct iovec part = { request, sizeof(*request) };
	struct msghdr message;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	while (link->fd >= 0 && clock_now_ms() < deadline) {
		if (sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >=
		    0)
			return true;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN) {
			channel_drop(link);
			return false;
		}
		/* Full: room comes as others are answered. */
		if (!link->reading && link->asked != NULL)
			reply_take(link, deadline);
		else
			wait_for(link, &link->changed, deadline);
	}
	return false;
}

/* Under the lock, which it lets go: sees to a channel where there is none.
 * False: there is nobody to make one, or it cannot be had. */
static bool channel_have(struct keys_link *link, int64_t deadline)
{
	unsigned life = link->life;

	if (link->fd >= 0)
		return true;
	if (link->need == NULL)
		return false;
	(void)pthread_mutex_unlock(&link->lock);
	link->need(link->ctx);
	(void)pthread_mutex_lock(&link->lock);
	while (link->life == life && clock_now_ms() < deadline)
		wait_for(link, &link->changed, deadline);
	return link->fd >= 0;
}

static void asked_remove(struct keys_link *link, struct asked *gone)
{
	struct asked **at = &link->asked;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
}

/* Under the lock: where nobody reads, one who waits has to; of these the
 * youngest, who waits longest. */
static void reader_call(struct keys_link *link)
{
	struct asked *asked = link->asked;

	while (asked != NULL && asked->phase != ASKED_WAITING)
		asked = asked->next;
	if (!link->reading && asked != NULL)
		(void)pthread_cond_signal(&asked->woken);
}

/* Under the lock: one request over the channel that there is. */
static enum asked_phase ask_once(struct keys_link *link,
				 struct keys_request *request,
				 struct keys_reply *reply, int64_t deadline)
{
	struct asked asked = { .phase = ASKED_WAITING, .reply = reply };

	request->version = KEYS_VERSION;
	request->id = asked.id = ++link->last_id;
	if (!request_send(link, request, deadline)) {
		reader_call(link);	/* it may have read meanwhile */
		return ASKED_LOST;
	}
	(void)pthread_cond_init(&asked.woken, &link->clock);
	asked.next = link->asked;
	link->asked = &asked;
	while (asked.phase == ASKED_WAITING && clock_now_ms() < deadline) {
		if (link->reading)
			wait_for(link, &asked.woken, deadline);
		else
			reply_take(link, deadline);
	}
	asked_remove(link, &asked);
	(void)pthread_cond_destroy(&asked.woken);
	reader_call(link);
	return asked.phase;
}

enum keys_answer keys_link_ask(struct keys_link *link,
			       struct keys_request *request,
			       struct keys_reply *reply)
{
	int64_t deadline = clock_now_ms() + KEYS_LINK_WAIT_MS;
	enum asked_phase phase = ASKED_LOST;
	unsigned tries = 0;

	memset(reply, 0, sizeof(*reply));
	(void)pthread_mutex_lock(&link->lock);
	/* No request does anything but answer: what was lost with its keeper
	 * is asked of the next one. */
	while (phase == ASKED_LOST && tries++ < KEEPERS_TRIED &&
	       channel_have(link, deadline))
		phase = ask_once(link, request, reply, deadline);
	(void)pthread_mutex_unlock(&link->lock);
	if (phase != ASKED_ANSWERED)
		return KEYS_GONE;
	return (enum keys_answer)reply->answer;
}

enum keys_answer keys_link_state(struct keys_link *link,
				 const uint8_t key[KEYS_ID_SIZE],
				 unsigned *usage, bool *unlocked)
{
	struct keys_request request;
	struct keys_reply reply;
	enum keys_answer answer;

	memset(&request, 0, sizeof(request));
	request.verb = KEYS_STATE;
	memcpy(request.key, key, KEYS_ID_SIZE);
	answer = keys_link_ask(link, &request, &reply);
	*usage = reply.usage;
	*unlocked = reply.unlocked == 1;
	return answer;
}
