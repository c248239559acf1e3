/* channel.h - frames between two roles
 *
 * SOCK_SEQPACKET: a frame arrives whole or not at all.  docs/channel.md has
 * the layout in words.  Reading checks version, length and number of
 * descriptors; whoever breaks the rules is hung up on.
 * Does not do: say what a type of frame means. */
#ifndef MAILSEAL_BASE_CHANNEL_H
#define MAILSEAL_BASE_CHANNEL_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define CHANNEL_VERSION		1
#define CHANNEL_HEADER		12	/* bytes */
#define CHANNEL_FRAME_MAX	65536	/* bytes, header included */
#define CHANNEL_PAYLOAD_MAX	(CHANNEL_FRAME_MAX - CHANNEL_HEADER)
#define CHANNEL_FDS_MAX		16

enum channel_type {
	FRAME_HELLO = 1, FRAME_CHECK = 2, FRAME_CANCEL = 3, FRAME_PARSE = 4,
	FRAME_CONTACTS = 5, FRAME_DNS = 6, FRAME_CLIENT = 7, FRAME_NETWORK = 8,
	FRAME_FOUND = 9, FRAME_RECALL = 10, FRAME_KNOWN = 11,
	FRAME_SUGGEST = 12, FRAME_SEEN = 13, FRAME_PEOPLE = 14,
	FRAME_READY = 17, FRAME_REPORT = 18, FRAME_FAILURE = 19,
	FRAME_STATE = 21, FRAME_LOOKUP = 22, FRAME_JUDGED = 23,
	FRAME_ASK = 33, FRAME_FORGET = 34, FRAME_ANSWER = 35,
	FRAME_ROOTS = 48, FRAME_SERVER = 49, FRAME_PREPARE = 50,
	FRAME_SUBMIT = 51, FRAME_SECRET = 52, FRAME_NEED = 53,
	FRAME_PGP = 63, FRAME_PGP_SIGN = 64, FRAME_PGP_VERIFY = 65,
	FRAME_PGP_ENCRYPT = 66, FRAME_PGP_OPEN = 67, FRAME_PGP_KEYS = 68,
	FRAME_PGP_READ = 69, FRAME_PGP_IMPORT = 70, FRAME_PGP_EXPORT = 71,
	FRAME_AGENT = 72, FRAME_WANT = 73,
	FRAME_FIND_KEY = 74, FRAME_PUBLISH_KEY = 75, FRAME_KEPT = 76,
	FRAME_ANSWERS = 77,
	FRAME_KEYS = 80, FRAME_KEY_LOAD = 81, FRAME_KEY_UNLOCK = 82,
	FRAME_KEY_ALLOW = 83, FRAME_KEY_LOCK = 84, FRAME_KEY_REMOVE = 85,
	FRAME_KEY_LIST = 86, FRAME_KEY_GENERATE = 87, FRAME_KEY_ADOPT = 88,
	FRAME_KEY_IMPORT = 90, FRAME_KEY_CERTIFY = 91, FRAME_KEY_REQUEST = 92,
	FRAME_KEY_OWN = 93,
	FRAME_AUTHORITIES = 94, FRAME_OPEN = 95, FRAME_VERIFY = 96,
	FRAME_PROTECT = 97, FRAME_SIGN = 98, FRAME_ENCRYPT = 99
};

struct frame {
	uint8_t type;
	uint32_t id;
	struct bytes payload;		/* in the caller's room */
	int fds[CHANNEL_FDS_MAX];	/* received ones are the caller's */
	size_t fd_count;
};

/* Both ends close on exec. 0 or ERR_IO. */
int channel_pair(int ends[2]);

/* Waits for room in the socket up to `wait_ms`, then ERR_TIMEOUT; ERR_GONE:
 * nobody reads any more; ERR_LIMIT: too large. */
int channel_send_within(int fd, const struct frame *frame, int wait_ms);
/* The same for a few seconds: for those who may wait. */
int channel_send(int fd, const struct frame *frame);

/* 1: a frame; 0: the other side is gone; ERR_TIMEOUT: nothing there now
 * (never blocks); ERR_PROTOCOL; ERR_IO.  `room` holds CHANNEL_FRAME_MAX
 * bytes and out->payload points into it. */
int channel_receive(int fd, void *room, struct frame *out);

/* Closes the descriptors that a frame brought and nobody took. */
void frame_close(struct frame *frame);
/* Takes the `nth` descriptor out of the frame; -1: there is none. */
int frame_take(struct frame *frame, size_t nth);

#endif
