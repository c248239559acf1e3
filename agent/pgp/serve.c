/* serve.c - the role that drives gpg: requests of the front and of askers */
#include "agent/pgp/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/pgp/request.h"

#define AGENT_WAIT_MS	10000	/* for the front to start gpg-agent */
#define FRAMES_A_TURN	64

enum { POLL_SIGNAL, POLL_FRONT, POLL_ASKERS,
       POLL_REQUESTS = POLL_ASKERS + PGP_ASKERS_MAX,
       POLL_COUNT = POLL_REQUESTS + PGP_RUNNING_MAX + PGP_WAITING_MAX };

struct serve {
	const struct pgp_engine *engine;
	const char *agent_socket;
	int front, signals;
	int askers[PGP_ASKERS_MAX];
	struct pgp_request *requests;	/* the oldest first */
	size_t running, secret, waiting;
	int64_t agent_until;		/* the front was asked; 0: it was not */
	void *room;			/* of one frame */
};

/* --- requests in hand */

static void request_add(struct serve *serve, struct pgp_request *request)
{
	struct pgp_request **at = &serve->requests;

	while (*at != NULL)
		at = &(*at)->next;
	*at = request;
	serve->waiting++;
}

static void request_drop(struct serve *serve, struct pgp_request *request)
{
	struct pgp_request **at = &serve->requests;

	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	if (request->pid == 0) {
		serve->waiting--;
	} else {
		serve->running--;
		serve->secret -= request->secret ? 1 : 0;
		pgp_request_kill(request);
	}
	pgp_request_free(request);
}

/* True: somebody listens, or will never. */
static bool agent_is_there(struct serve *serve)
{
	struct frame ask = { FRAME_AGENT, 0, { NULL, 0 }, { 0 }, 0 };
	struct sockaddr_un name;
	int fd, r = -1;

	memset(&name, 0, sizeof(name));
	name.sun_family = AF_UNIX;
	if (serve->agent_socket == NULL ||
	    strlen(serve->agent_socket) >= sizeof(name.sun_path))
		return true;
	if (serve->agent_until != 0)
		return clock_now_ms() >= serve->agent_until;
	memcpy(name.sun_path, serve->agent_socket,
	       strlen(serve->agent_socket));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		r = connect(fd, (struct sockaddr *)&name, sizeof(name));
	if (fd >= 0)
		(void)close(fd);
	if (r == 0 || errno == EAGAIN || channel_send(serve->front, &ask) < 0)
		return true;
	serve->agent_until = clock_now_ms() + AGENT_WAIT_MS;
	return false;
}

/* Starts what may run now. */
static void requests_start(struct serve *serve)
{
	struct pgp_request *request = serve->requests, *next;

	for (; request != NULL && serve->running < PGP_RUNNING_MAX;
	     request = next) {
		next = request->next;
		if (request->pid != 0 ||
		    (request->secret && serve->secret >= PGP_SECRET_MAX) ||
		    (request->agent && !agent_is_there(serve)))
			continue;
		if (pgp_request_start(request, serve->engine) < 0) {
			pgp_request_fail(request, "Failed", "GnuPG could not "
					 "be started: this machine has no "
					 "room for another process.");
			request_drop(serve, request);
			continue;
		}
		serve->waiting--;
		serve->running++;
		serve->secret += request->secret ? 1 : 0;
	}
	/* Asked once, believed once: whoever waited has started now. */
	if (serve->agent_until != 0 && clock_now_ms() >= serve->agent_until)
		serve->agent_until = 0;
}

static void requests_reap(struct serve *serve)
{
	struct signalfd_siginfo info;
	struct pgp_request *request;
	int status;
	pid_t pid;

	while (read(serve->signals, &info, sizeof(info)) ==
	       (ssize_t)sizeof(info))
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		request = serve->requests;
		while (request != NULL && request->pid != pid)
			request = request->next;
		if (request == NULL)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			pgp_request_fail(request, "Failed", "GnuPG could not "
					 "be asked: the process that asked it "
					 "ended too early.");
		/* Whatever it left behind; the number is still its group's
		 * own while a member lives. */
		(void)kill(-pid, SIGKILL);
		request->pid = -1;
		request_drop(serve, request);
	}
}

static void requests_expire(struct serve *serve, int64_t now)
{
	struct pgp_request *request = serve->requests, *next;

	for (; request != NULL; request = next) {
		next = request->next;
		if (now < request->deadline)
			continue;
		pgp_request_fail(request, "TimedOut", "GnuPG did not answer "
				 "in time and was ended; try again, and look "
				 "whether a window asks for a passphrase.");
		request_drop(serve, request);
	}
}

/* --- frames */

static int asker_add(struct serve *serve, struct frame *frame)
{
	size_t i;

	if (frame->fd_count != 1)
		return ERR_PROTOCOL;
	for (i = 0; i < PGP_ASKERS_MAX; i++)
		if (serve->askers[i] < 0) {
			serve->askers[i] = frame_take(frame, 0);
			return 0;
		}
	return ERR_LIMIT;
}

static void cancel(struct serve *serve, int channel, uint32_t id)
{
	struct pgp_request *request = serve->requests;

	while (request != NULL && (request->channel != channel ||
				   request->id != id))
		request = request->next;
	if (request != NULL)
		request_drop(serve, request);
}

static int request_take(struct serve *serve, int channel, struct frame *frame)
{
	bool broken;
	struct pgp_request *request =
		pgp_request_new(frame, channel, channel == serve->front,
				&broken);

	if (request == NULL)
		return broken ? ERR_PROTOCOL : ERR_MEMORY;
	if (serve->engine == NULL) {
		pgp_request_fail(request, "NoGpg", "There is no GnuPG here, "
				 "or one older than 2.2; install the package "
				 "gpg to use OpenPGP.");
		pgp_request_free(request);
		return 0;
	}
	if (serve->waiting >= PGP_WAITING_MAX) {
		pgp_request_fail(request, "Busy", "Too many requests wait for "
				 "GnuPG; try again later.");
		pgp_request_free(request);
		return 0;
	}
	request_add(serve, request);
	return 0;
}

static int frame_serve(struct serve *serve, int channel, struct frame *frame)
{
	if (channel == serve->front) {
		switch (frame->type) {
		case FRAME_CLIENT:
			return asker_add(serve, frame);
		case FRAME_AGENT:
			/* Started, or not to be started: try. */
			if (serve->agent_until != 0)
				serve->agent_until = clock_now_ms();
			return 0;
		default:
			break;
		}
	}
	if (frame->type == FRAME_CANCEL) {
		cancel(serve, channel, frame->id);
		return 0;
	}
	return request_take(serve, channel, frame);
}

/* 0; else the end of this channel. */
static int channel_serve(struct serve *serve, int channel)
{
	struct frame frame;
	int turn, r;

	for (turn = 0; turn < FRAMES_A_TURN; turn++) {
		r = channel_receive(channel, serve->room, &frame);
		if (r == ERR_TIMEOUT)
			return 0;
		if (r <= 0)
			return r == 0 ? ERR_GONE : r;
		r = frame_serve(serve, channel, &frame);
		frame_close(&frame);
		if (r < 0 && r != ERR_MEMORY)
			return r;
	}
	return 0;
}

static void asker_lost(struct serve *serve, int *asker)
{
	struct pgp_request *request = serve->requests, *next;

	for (; request != NULL; request = next) {
		next = request->next;
		if (request->channel == *asker)
			request_drop(serve, request);
	}
	(void)close(*asker);
	*asker = -1;
}

/* --- one turn */

static nfds_t look_at(struct serve *serve, struct pollfd *fds)
{
	struct pgp_request *request;
	nfds_t count = POLL_REQUESTS;
	size_t i;

	memset(fds, 0, sizeof(*fds) * POLL_COUNT);
	fds[POLL_SIGNAL].fd = serve->signals;
	fds[POLL_SIGNAL].events = POLLIN;
	fds[POLL_FRONT].fd = serve->front;
	fds[POLL_FRONT].events = POLLIN;
	for (i = 0; i < PGP_ASKERS_MAX; i++) {
		fds[POLL_ASKERS + i].fd = serve->askers[i];
		fds[POLL_ASKERS + i].events = POLLIN;
	}
	/* No events: the end of whoever reads the answer comes unasked. */
	for (request = serve->requests; request != NULL && count < POLL_COUNT;
	     request = request->next)
		fds[count++].fd = request->answer;
	return count;
}

static void requests_left(struct serve *serve, const struct pollfd *fds,
			  nfds_t count)
{
	struct pgp_request *request = serve->requests, *next;
	nfds_t i;

	for (i = POLL_REQUESTS; i < count && request != NULL; i++) {
		next = request->next;
		if (fds[i].revents != 0)
			request_drop(serve, request);
		request = next;
	}
}

static int wait_of(const struct serve *serve, int64_t now)
{
	const struct pgp_request *request = serve->requests;
	int64_t until = -1;

	for (; request != NULL; request = request->next)
		if (until < 0 || request->deadline < until)
			until = request->deadline;
	if (serve->agent_until != 0 &&
	    (until < 0 || serve->agent_until < until))
		until = serve->agent_until;
	if (until < 0)
		return -1;
	return until <= now ? 0 : (int)(until - now);
}

static int turn_take(struct serve *serve, struct pollfd *fds)
{
	nfds_t count = look_at(serve, fds);
	size_t i;
	int r = 0;

	if (poll(fds, count, wait_of(serve, clock_now_ms())) < 0)
		return errno == EINTR ? 0 : ERR_IO;
	requests_left(serve, fds, count);
	if (fds[POLL_SIGNAL].revents != 0)
		requests_reap(serve);
	for (i = 0; i < PGP_ASKERS_MAX; i++)
		if (fds[POLL_ASKERS + i].revents != 0 &&
		    serve->askers[i] >= 0 &&
		    channel_serve(serve, serve->askers[i]) < 0)
			asker_lost(serve, &serve->askers[i]);
	if (fds[POLL_FRONT].revents != 0)
		r = channel_serve(serve, serve->front);
	requests_expire(serve, clock_now_ms());
	requests_start(serve);
	return r;
}

int pgp_serve(int front, const struct pgp_engine *engine,
	      const char *agent_socket)
{
	struct serve serve;
	struct pollfd *fds = calloc(POLL_COUNT, sizeof(*fds));
	sigset_t set, before;
	size_t i;
	int r = 0;

	memset(&serve, 0, sizeof(serve));
	serve.engine = engine;
	serve.agent_socket = agent_socket;
	serve.front = front;
	for (i = 0; i < PGP_ASKERS_MAX; i++)
		serve.askers[i] = -1;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	serve.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	serve.room = malloc(CHANNEL_FRAME_MAX);
	if (serve.signals < 0 || serve.room == NULL || fds == NULL)
		r = ERR_MEMORY;
	while (r == 0)
		r = turn_take(&serve, fds);
	while (serve.requests != NULL)
		request_drop(&serve, serve.requests);
	for (i = 0; i < PGP_ASKERS_MAX; i++)
		if (serve.askers[i] >= 0)
			(void)close(serve.askers[i]);
	if (serve.signals >= 0)
		(void)close(serve.signals);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	free(serve.room);
	free(fds);
	return r;
}
