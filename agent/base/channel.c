/* channel.c - sending and receiving frames */
#include "agent/base/channel.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "agent/base/err.h"

#define SEND_WAIT_MS	5000	/* a reader that is stuck longer is dead */
#define SOCKET_BUFFER	(1024 * 1024)

int channel_pair(int ends[2])
{
	int size = SOCKET_BUFFER;
	size_t i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return ERR_IO;
	for (i = 0; i < 2; i++)		/* less is slower, not wrong */
		(void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size,
				 sizeof(size));
	return 0;
}

static void header_write(unsigned char *head, const struct frame *frame)
{
	size_t len = frame->payload.len;
	size_t i;

	memset(head, 0, CHANNEL_HEADER);
	head[0] = CHANNEL_VERSION;
	head[1] = frame->type;
	for (i = 0; i < 4; i++) {
		head[4 + i] = (unsigned char)(frame->id >> (24 - 8 * i));
		head[8 + i] = (unsigned char)(len >> (24 - 8 * i));
	}
}

static uint32_t number_read(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int) * CHANNEL_FDS_MAX)];
};

static void control_write(struct msghdr *message, union control *control,
			  const struct frame *frame)
{
	size_t size = sizeof(int) * frame->fd_count;
	struct cmsghdr *header;

	if (frame->fd_count == 0)
		return;
	memset(control, 0, sizeof(*control));
	message->msg_control = control->room;
	message->msg_controllen = CMSG_SPACE(size);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(header), frame->fds, size);
}

int channel_send_within(int fd, const struct frame *frame, int wait_ms)
{
	unsigned char head[CHANNEL_HEADER];
	union control control;
	struct iovec parts[2];
	struct msghdr message;
	struct pollfd wait = { fd, POLLOUT, 0 };

	if (frame->payload.len > CHANNEL_PAYLOAD_MAX ||
	    frame->fd_count > CHANNEL_FDS_MAX)
		return ERR_LIMIT;
	header_write(head, frame);
	parts[0].iov_base = head;
	parts[0].iov_len = sizeof(head);
	memcpy(&parts[1].iov_base, &frame->payload.data, sizeof(void *));
	parts[1].iov_len = frame->payload.len;
	memset(&message, 0, sizeof(message));
	message.msg_iov = parts;
	message.msg_iovlen = 2;
	control_write(&message, &control, frame);
	for (;;) {
		if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return 0;
		if (errno == EPIPE || errno == ECONNRESET)
			return ERR_GONE;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return ERR_IO;
		if (wait_ms == 0 || poll(&wait, 1, wait_ms) == 0)
			return ERR_TIMEOUT;
	}
}

int channel_send(int fd, const struct frame *frame)
{
	return channel_send_within(fd, frame, SEND_WAIT_MS);
}

/* Collects descriptors of every control message; false: other control data,
 * or too many. */
static bool control_read(struct msghdr *message, struct frame *out)
{
	struct cmsghdr *header;
	size_t count;
	bool fine = true;

	for (header = CMSG_FIRSTHDR(message); header != NULL;
	     header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET ||
		    header->cmsg_type != SCM_RIGHTS) {
			fine = false;
			continue;
		}
		count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		if (count > CHANNEL_FDS_MAX - out->fd_count)
			return false;	/* cannot be: the room is as large */
		memcpy(out->fds + out->fd_count, CMSG_DATA(header),
		       count * sizeof(int));
		out->fd_count += count;
	}
	return fine && (message->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0;
}

int channel_receive(int fd, void *room, struct frame *out)
{
	unsigned char *bytes = room;
	union control control;
	struct iovec part = { room, CHANNEL_FRAME_MAX };
	struct msghdr message;
	ssize_t got;

	memset(out, 0, sizeof(*out));
	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	message.msg_control = control.room;
	message.msg_controllen = sizeof(control.room);
	do
		got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return 0;
	if (got < 0 && errno == EAGAIN)
		return ERR_TIMEOUT;
	if (got < 0)
		return errno == ECONNRESET ? 0 : ERR_IO;
	if (!control_read(&message, out) || got < CHANNEL_HEADER ||
	    bytes[0] != CHANNEL_VERSION || bytes[2] != 0 || bytes[3] != 0 ||
	    number_read(bytes + 8) != (size_t)got - CHANNEL_HEADER) {
		frame_close(out);
		return ERR_PROTOCOL;
	}
	out->type = bytes[1];
	out->id = number_read(bytes + 4);
	out->payload.data = bytes + CHANNEL_HEADER;
	out->payload.len = (size_t)got - CHANNEL_HEADER;
	return 1;
}

void frame_close(struct frame *frame)
{
	size_t i;

	for (i = 0; i < frame->fd_count; i++)
		if (frame->fds[i] >= 0)
			(void)close(frame->fds[i]);
	frame->fd_count = 0;
}

int frame_take(struct frame *frame, size_t nth)
{
	int fd;

	if (nth >= frame->fd_count)
		return -1;
	fd = frame->fds[nth];
	frame->fds[nth] = -1;
	return fd;
}
