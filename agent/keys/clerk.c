/* clerk.c - one frame, one answer, the end */
#include "agent/keys/clerk.h"

#include <poll.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_inside.h"
#include "agent/keys/remote_key.h"

#define JOB_ARENA (2 * 1024 * 1024)

static const struct verb {
	enum channel_type type;
	size_t fds;
	void (*serve)(struct clerk_job *job, struct frame *frame);
} verbs[] = {
	{ FRAME_KEY_IMPORT, 3, clerk_import },
	{ FRAME_KEY_CERTIFY, 1, clerk_certify },
	{ FRAME_KEY_REQUEST, 1, clerk_request },
};

int clerk_prepare(void)
{
	/* RC2 and the like, of files that old programs wrote.  Without it they
	 * are unsupported; it stays loaded to the end. */
	static OSSL_PROVIDER *legacy;

	if (remote_key_prepare() < 0)
		return ERR_UNSUPPORTED;
	legacy = OSSL_PROVIDER_load(NULL, "legacy");
	(void)legacy;
	return 0;
}

bool clerk_fail(struct clerk_job *job, const char *error, const char *sentence)
{
	if (job->error == NULL) {
		job->error = error;
		job->sentence = sentence;
	}
	return false;
}

static int serve(const struct keeper_answers *answers, struct frame *frame)
{
	struct clerk_job job;
	struct value *args = NULL;
	size_t i;
	int r = ERR_PROTOCOL;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == frame->type &&
		    verbs[i].fds == frame->fd_count)
			break;
	if (i == sizeof(verbs) / sizeof(verbs[0]))
		return r;
	memset(&job, 0, sizeof(job));
	job.answers = answers;
	job.id = frame->id;
	job.pinentry_fd = -1;
	job.arena = arena_new(JOB_ARENA);
	if (job.arena == NULL)
		return ERR_MEMORY;
	r = value_decode(job.arena, frame->payload, &args);
	if (r == 0) {
		job.args = args;
		verbs[i].serve(&job, frame);
		if (job.error != NULL)
			answers->fail(job.id, job.error, job.sentence);
	}
	arena_free(job.arena);
	return r;
}

int clerk_run(const struct keeper_answers *answers, int front)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd wait = { front, POLLIN, 0 };
	struct frame frame;
	int r = ERR_TIMEOUT;

	if (room == NULL)
		return ERR_MEMORY;
	while (r == ERR_TIMEOUT && poll(&wait, 1, -1) > 0)
		r = channel_receive(front, room, &frame);
	if (r > 0) {
		r = serve(answers, &frame);
		frame_close(&frame);
	} else if (r == 0) {
		r = ERR_GONE;
	}
	free(room);
	return r;
}
