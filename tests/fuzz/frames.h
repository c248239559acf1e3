/* frames.h - a script of frames, as a front gone wild could send them
 *
 * For each: bytes for its type, its id, what comes with it (its last four
 * bits: how many descriptors; the others: of which kinds), two for the
 * payload's length, and the payload. */
#ifndef MAILSEAL_TEST_FRAMES_H
#define MAILSEAL_TEST_FRAMES_H

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/memfile.h"

#define FRAMES_MAX	48
#define FRAMES_BYTES	65536

/* A file with the payload's octets, a pinentry that answers "x", or a channel
 * that is gone. */
static inline int frames_fd(unsigned kind, struct bytes payload)
{
	static const char talk[] = "OK\nOK\nOK\nOK\nOK\nOK\nOK\nD x\nOK\n";
	int ends[2];

	if (kind == 0 || kind == 3)
		return memfile_make("file", payload);
	if (kind == 2) {
		if (channel_pair(ends) < 0)
			abort();
	} else {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
			abort();
		(void)send(ends[1], talk, sizeof(talk) - 1, MSG_NOSIGNAL);
	}
	(void)close(ends[1]);
	return ends[0];
}

static inline bool frames_one(int channel, struct bytes *script)
{
	unsigned char type, id, files, high, low;
	struct frame frame;
	size_t i;

	if (!take_byte(script, &type) || !take_byte(script, &id) ||
	    !take_byte(script, &files) || !take_byte(script, &high) ||
	    !take_byte(script, &low))
		return false;
	memset(&frame, 0, sizeof(frame));
	frame.type = type;
	frame.id = id;
	frame.payload = bytes_slice(*script, 0, (size_t)high << 8 | low);
	*script = bytes_slice(*script, frame.payload.len, script->len);
	frame.fd_count = files & 3;
	for (i = 0; i < frame.fd_count; i++)
		frame.fds[i] = frames_fd((files >> (2 + 2 * i)) & 3,
					 frame.payload);
	(void)channel_send(channel, &frame);
	for (i = 0; i < frame.fd_count; i++)
		(void)close(frame.fds[i]);
	return true;
}

/* All of the script into `channel`, and hangs up. */
static inline void frames_send(int channel, struct bytes script)
{
	unsigned count = 0;

	while (count < FRAMES_MAX && frames_one(channel, &script))
		count++;
	(void)shutdown(channel, SHUT_WR);
}

#endif
