/* find.c - FIND_KEY and PUBLISH_KEY: keys of others, and one's own */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/crypto/scheme.h"
#include "agent/flow/find_kept.h"
#include "agent/flow/publish.h"
#include "agent/roles/role.h"
#include "agent/roles/role_seal.h"
#include "agent/roles/sender/sender.h"

#define FIND_ARENA	(24 * 1024 * 1024)
#define SENTENCE_MAX	2048

struct find_work {
	struct sender *sender;
	struct sender_job *job;		/* known to CANCEL */
	uint32_t id;
	struct arena *arena;
	struct value *request;
	struct memfile kept;
	bool has_kept;
	struct buf why;
	struct role_seal_parts parts;
	struct role_seal keys;
	struct seal_job seal;
};

static void find_free(struct find_work *work)
{
	sender_job_free(work->sender, work->job);
	if (work->has_kept)
		memfile_close(&work->kept);
	role_seal_let_go(&work->keys);
	buf_free(&work->why);
	arena_free(work->arena);
	free(work);
}

static void find_fail(const struct find_work *work, int r)
{
	struct buf why = work->why;
	const char *name = "Failed";

	if (r == ERR_TIMEOUT)
		name = "TimedOut";
	else if (r == ERR_UNSUPPORTED)
		name = "NoGpg";
	role_fail(work->id, name,
		  why.len > 0 ? buf_string(&why) : err_sentence(r));
}

/* Keys, authorities, gpg: those of this moment. */
static int keys_hold(struct find_work *work)
{
	work->seal.world = &work->keys.world;
	return role_seal_hold(&work->keys, &work->parts);
}

static void find_run(void *ctx)			/* in a worker thread */
{
	struct find_work *work = ctx;
	const struct value *dns = value_find(work->request, "dns",
					     VALUE_TRUTH);
	struct find_kept *kept = arena_array(work->arena, FIND_KEPT_MAX,
					     sizeof(*kept));
	struct found_key *found = arena_array(work->arena, FIND_FOUND_MAX,
					      sizeof(*found));
	struct find_question question = {
		value_text(work->request, "address"),
		dns != NULL && dns->truth ? FIND_WITH_DNS : FIND_WITHOUT_DNS,
		kept, 0, NULL
	};
	struct value *report = value_dict(work->arena);
	int count = ERR_PROTOCOL;

	if (kept == NULL || found == NULL || question.address == NULL ||
	    work->kept.size != work->kept.bytes.len)
		goto out;
	count = find_kept_take(work->kept.bytes, kept, FIND_KEPT_MAX);
	if (count < 0)
		goto out;
	question.kept_count = (size_t)count;
	count = keys_hold(work);
	if (count < 0)
		goto out;
	count = find_keys(&work->seal, work->job->request, &question, found,
			  FIND_FOUND_MAX);
	if (count >= 0) {
		find_report(work->arena, found, (size_t)count,
			    value_put_list(work->arena, report, "keys"));
		find_proven(work->arena, found, (size_t)count,
			    value_put_list(work->arena, report, "proven"));
	}
out:
	if (count < 0)
		find_fail(work, count);
	else
		role_report(work->id, report, NULL, 0);
	find_free(work);
}

static void publish_run(void *ctx)		/* in a worker thread */
{
	struct find_work *work = ctx;
	const char *address = value_text(work->request, "address");
	const char *scheme = value_text(work->request, "scheme");
	struct value *report = value_dict(work->arena);
	struct value *list = value_put_list(work->arena, report, "records");
	int count = address == NULL ? ERR_PROTOCOL : keys_hold(work);

	if (count == 0 && (scheme == NULL ||
			   strcmp(scheme, scheme_smime.word) == 0))
		count = publish_smime(&work->seal, address,
				      work->keys.smime.own,
				      work->keys.smime.own_count, list);
	if (count >= 0 && (scheme == NULL ||
			   strcmp(scheme, scheme_openpgp.word) == 0))
		count = publish_openpgp(&work->seal, address, list);
	if (count < 0)
		find_fail(work, count);
	else
		role_report(work->id, report, NULL, 0);
	find_free(work);
}

static int work_start(struct sender *sender, struct frame *frame,
		      void (*run)(void *ctx))
{
	struct find_work *work = calloc(1, sizeof(*work));
	const struct value *caller;
	int fd, r;

	if (work == NULL)
		return ERR_MEMORY;
	work->sender = sender;
	work->id = frame->id;
	buf_init(&work->why, SENTENCE_MAX);
	work->arena = arena_new(FIND_ARENA);
	work->job = sender_job_new(sender, frame->id, clock_now_ms() +
				   FIND_DNS_MS);
	r = work->arena == NULL || work->job == NULL ? ERR_MEMORY :
	    value_decode(work->arena, frame->payload, &work->request);
	fd = frame_take(frame, 0);
	if (fd >= 0 && r < 0) {
		(void)close(fd);
	} else if (fd >= 0) {
		r = memfile_open(fd, FIND_KEPT_BYTES, &work->kept);
		work->has_kept = r == 0;
	}
	if (r < 0) {
		find_free(work);
		return r;
	}
	work->parts = (struct role_seal_parts){ sender->keys,
		sender->authorities, sender->openpgp };
	work->seal.arena = work->arena;
	work->seal.why = &work->why;
	work->seal.cancel = &work->job->cancel_fd;
	work->seal.deadline = clock_now_ms() + SENDER_FIND_MS;
	caller = value_find(work->request, "caller", VALUE_NUMBER);
	work->seal.caller = caller == NULL ? 0 : (uint32_t)caller->number;
	if (workers_add(sender->workers, work->seal.caller, run, work) == 0)
		return 0;
	role_fail(work->id, "Busy", "Too many requests wait; try again in a "
		  "few seconds.");
	find_free(work);
	return 0;
}

int sender_find(void *ctx, struct frame *frame)
{
	return work_start(ctx, frame, find_run);
}

int sender_publish(void *ctx, struct frame *frame)
{
	return work_start(ctx, frame, publish_run);
}
