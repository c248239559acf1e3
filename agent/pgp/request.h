/* request.h - a request to gpg, in a process of its own
 *
 * What hangs is killed with all that it started, what crashes takes nothing
 * else with it, and what one request tells gpg by the environment no other
 * one sees. */
#ifndef MAILSEAL_PGP_REQUEST_H
#define MAILSEAL_PGP_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/base/channel.h"

struct pgp_engine;

struct pgp_request {
	struct pgp_request *next;	/* of those that run, or wait */
	int channel;			/* who asked, to answer there; or */
	int answer;			/* a pipe for the answer; -1: channel */
	uint32_t id;
	unsigned type;
	int64_t deadline;
	pid_t pid;			/* 0: it waits for its turn */
	bool secret;			/* a person may have to type */
	bool agent;			/* gpg-agent has to run */
	int fds[CHANNEL_FDS_MAX];
	size_t fd_count;
	unsigned char *payload;		/* a copy */
	size_t payload_len;
};

/* Takes the frame's descriptors when it is a request.  NULL: it is none, or
 * there is no memory (*broken tells). */
struct pgp_request *pgp_request_new(struct frame *frame, int channel,
				    bool is_front, bool *broken);
void pgp_request_free(struct pgp_request *request);	/* NULL allowed */

/* Starts its process, the leader of a group of its own.  0; ERR_IO. */
int pgp_request_start(struct pgp_request *request,
		      const struct pgp_engine *engine);
/* Ends it and all that it started. */
void pgp_request_kill(struct pgp_request *request);

/* In its stead: it was killed, or never started.  Never waits. */
void pgp_request_fail(const struct pgp_request *request, const char *name,
		      const char *sentence);

#endif
