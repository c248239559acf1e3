/* keeper.c - one thread, a few descriptors */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/pinentry.h"

#define REQUESTS_A_TURN	16	/* of one asker before others have a turn */
#define LONGEST_WAIT_MS	3600000

int64_t keeper_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct keeper *keeper_new(const struct keeper_answers *answers)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));
	size_t i;

	if (keeper == NULL)
		return NULL;
	keeper->answers = answers;
	for (i = 0; i < KEEPER_ASKERS_MAX; i++)
		keeper->askers[i] = -1;
	keeper->job.file = keeper->job.clerk = -1;
	keeper->vault = vault_new();
	keeper->room = malloc(CHANNEL_FRAME_MAX);
	if (keeper->vault != NULL && keeper->room != NULL)
		return keeper;
	keeper_free(keeper);
	return NULL;
}

void keeper_free(struct keeper *keeper)
{
	size_t i;

	if (keeper == NULL)
		return;
	job_drop(keeper);
	vault_free(keeper->vault);
	for (i = 0; i < KEEPER_ASKERS_MAX; i++)
		if (keeper->askers[i] >= 0)
			(void)close(keeper->askers[i]);
	free(keeper->room);
	OPENSSL_cleanse(keeper, sizeof(*keeper));
	free(keeper);
}

/* One request of an asker.  1: answered; 0: nothing there; negative: it hung
 * up, broke the rules, or does not take its replies. */
static int ask_serve(struct keeper *keeper, int fd)
{
	struct keys_request request;
	struct keys_reply reply;
	struct iovec part = { &request, sizeof(request) };
	struct msghdr message;
	ssize_t got;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
	    !keys_request_fits(&request, (size_t)got))
		return ERR_PROTOCOL;
	vault_answer(keeper->vault, &request, &reply, keeper_now());
	part.iov_base = &reply;
	part.iov_len = sizeof(reply);
	got = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	OPENSSL_cleanse(&reply, sizeof(reply));
	return got < 0 ? ERR_GONE : 1;
}

static void asker_serve(struct keeper *keeper, size_t nth)
{
	int turns, r = 1;

	for (turns = 0; r > 0 && turns < REQUESTS_A_TURN; turns++)
		r = ask_serve(keeper, keeper->askers[nth]);
	if (r >= 0)
		return;
	(void)close(keeper->askers[nth]);
	keeper->askers[nth] = -1;
}

/* Frames until there are none; negative: the end. */
static int front_serve(struct keeper *keeper, int front)
{
	struct frame frame;
	int r;

	while ((r = channel_receive(front, keeper->room, &frame)) > 0) {
		r = keeper_serve(keeper, &frame);
		frame_close(&frame);
		if (r < 0)
			return r;
	}
	if (r == 0)
		return ERR_GONE;
	return r == ERR_TIMEOUT ? 0 : r;
}

/* Whether a person is asked; not before the clerk brought a key. */
static bool asks(const struct job *job)
{
	return job->pinentry != NULL &&
	       (job->kind != JOB_ADOPT || job->private != NULL);
}

/* Milliseconds until something is due by itself; -1: nothing is. */
static int wait_time(const struct keeper *keeper)
{
	int64_t next = vault_next(keeper->vault), left = -1, job;

	if (next >= 0)
		left = next - keeper_now();
	if (asks(&keeper->job)) {
		job = pinentry_deadline(keeper->job.pinentry) -
		      clock_now_ms();
		if (next < 0 || job < left)
			left = job;
	} else if (next < 0) {
		return -1;
	}
	if (left > LONGEST_WAIT_MS)
		left = LONGEST_WAIT_MS;
	return left < 0 ? 0 : (int)left;
}

static void fill(const struct keeper *keeper, int front, struct pollfd *fds)
{
	const struct job *job = &keeper->job;
	size_t i;

	memset(fds, 0, sizeof(*fds) * (KEEPER_ASKERS_MAX + 3));
	for (i = 0; i < KEEPER_ASKERS_MAX + 3; i++) {
		fds[i].fd = -1;
		fds[i].events = POLLIN;
	}
	fds[0].fd = front;
	if (job->clerk >= 0 && job->private == NULL)
		fds[1].fd = job->clerk;
	if (asks(job)) {
		fds[2].fd = pinentry_fd(job->pinentry);
		fds[2].events = pinentry_events(job->pinentry);
	}
	for (i = 0; i < KEEPER_ASKERS_MAX; i++)
		fds[3 + i].fd = keeper->askers[i];
}

int keeper_run(struct keeper *keeper, int front)
{
	struct pollfd fds[KEEPER_ASKERS_MAX + 3];
	int r = 0;
	size_t i;

	while (r == 0) {
		fill(keeper, front, fds);
		if (poll(fds, KEEPER_ASKERS_MAX + 3, wait_time(keeper)) < 0)
			continue;
		(void)vault_expire(keeper->vault, keeper_now());
		for (i = 0; i < KEEPER_ASKERS_MAX; i++)
			if (fds[3 + i].revents != 0)
				asker_serve(keeper, i);
		if (keeper->job.kind != JOB_NONE)
			job_work(keeper);
		if (fds[0].revents != 0)
			r = front_serve(keeper, front);
	}
	return r;
}
