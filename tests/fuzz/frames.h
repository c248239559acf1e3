/* frames.h - a script of frames, as a front gone wild could send them
 *
 * For each: bytes for its type, its id, what comes with it (its last two
 * bits: how many descriptors; the others: of which kinds), two for the
 * payload's length, and the payload; then, for each file with octets of its
 * own, two for its length and these. */
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

/* So many octets as two of them in front say. */
static inline struct bytes frames_piece(struct bytes *script)
{
	struct bytes piece = { NULL, 0 };
	unsigned char high, low;

	if (!take_byte(script, &high) || !take_byte(script, &low))
		return piece;
	piece = bytes_slice(*script, 0, (size_t)high << 8 | low);
	*script = bytes_slice(*script, piece.len, script->len);
	return piece;
}

/* A file with the payload's octets or with its own, a pinentry that answers
 * "x", or a channel that is gone. */
static inline int frames_fd(unsigned kind, struct bytes payload,
			    struct bytes *script)
{
	static const char talk[] = "OK\nOK\nOK\nOK\nOK\nOK\nOK\nD x\nOK\n";
	int ends[2];

	if (kind == 0)
		return memfile_make("file", payload);
	if (kind == 3)
		return memfile_make("file", frames_piece(script));
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
	unsigned char type, id, files;
	struct frame frame;
	size_t i;

	if (!take_byte(script, &type) || !take_byte(script, &id) ||
	    !take_byte(script, &files))
		return false;
	memset(&frame, 0, sizeof(frame));
	frame.type = type;
	frame.id = id;
	frame.payload = frames_piece(script);
	frame.fd_count = files & 3;
	for (i = 0; i < frame.fd_count; i++)
		frame.fds[i] = frames_fd((files >> (2 + 2 * i)) & 3,
					 frame.payload, script);
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
