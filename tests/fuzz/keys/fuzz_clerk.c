/* fuzz_clerk.c - files to import that are made to do harm
 *
 * The whole job of a clerk but its cage: a file, a pinentry that answers "x"
 * and is gone, a keeper that takes what comes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/keys/clerk.h"
#include "agent/keys/clerk_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned answered;

static void report(uint32_t id, const struct value *dict, const int *fds,
		   size_t fd_count)
{
	(void)id;
	(void)fds;
	if (dict == NULL || fd_count > 1)
		abort();
	answered++;
}

static void refuse(uint32_t id, const char *name, const char *sentence)
{
	(void)id;
	if (name == NULL || sentence == NULL)
		abort();
	answered++;
}

static void import(struct bytes file, unsigned nth)
{
	static const struct keeper_answers answers = { report, refuse };
	static const char script[] = "OK\nOK\nOK\nOK\nOK\nOK\nOK\nOK\nOK\n"
				     "D x\nOK\n";
	struct clerk_job job;
	struct value *args;
	struct frame frame;
	int pinentry[2], keeper[2];

	if (clerk_prepare() < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pinentry) < 0 ||
	    channel_pair(keeper) < 0)
		abort();
	(void)send(pinentry[1], script, sizeof(script) - 1, MSG_NOSIGNAL);
	(void)shutdown(pinentry[1], SHUT_WR);
	memset(&job, 0, sizeof(job));
	memset(&frame, 0, sizeof(frame));
	job.answers = &answers;
	job.pinentry_fd = -1;
	job.arena = arena_new(2 * 1024 * 1024);
	job.args = args = value_dict(job.arena);
	value_put_number(job.arena, args, "nth", nth);
	frame.fds[0] = memfile_make("file", file);
	frame.fds[1] = pinentry[0];
	frame.fds[2] = keeper[0];
	frame.fd_count = 3;
	answered = 0;
	clerk_import(&job, &frame);
	/* An error is answered by whoever called. */
	if (answered + (job.error != NULL) != 1)
		abort();
	frame_close(&frame);
	arena_free(job.arena);
	(void)close(pinentry[1]);
	(void)close(keeper[1]);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	import((struct bytes){ data, size }, 1);
	import((struct bytes){ data, size }, 2);
	return 0;
}
