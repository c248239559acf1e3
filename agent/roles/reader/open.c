/* open.c - OPEN and VERIFY: what is inside, and who sealed it
 *
 * In a worker each.  What came out goes to the front as a descriptor, after
 * the last check; where it is a pipe, the worker stays until it is read. */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/entity.h"
#include "agent/flow/open.h"
#include "agent/roles/reader/memory.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"
#include "agent/roles/role_seal.h"

#define OPEN_ARENA	(24 * 1024 * 1024)
#define IN_MEMORY	(2 * 1024 * 1024)	/* octets of the message */
#define SIGNATURE_MAX	(2 * 1024 * 1024)
#define SENTENCE_MAX	1024
#define IDLE_MS		60000	/* a pipe that nobody reads is given up */

struct open_job {
	struct open_job *next;		/* reader::opens */
	struct reader *reader;
	uint32_t id;
	int message, signature;		/* -1: taken, or none */
	struct arena *arena;
	struct value *dict;
	struct open_order order;
	struct buf why;
	struct role_seal seal;
	struct seal_job job;
	struct reader_memory memory;
	int cancel;			/* readable once it is given up */
};

static void job_free(struct open_job *job)
{
	struct open_job **at = &job->reader->opens;

	(void)pthread_mutex_lock(&job->reader->lock);
	while (*at != NULL && *at != job)
		at = &(*at)->next;
	if (*at == job)
		*at = job->next;
	(void)pthread_mutex_unlock(&job->reader->lock);
	if (job->message >= 0)
		(void)close(job->message);
	if (job->signature >= 0)
		(void)close(job->signature);
	open_order_close(&job->order);
	role_seal_let_go(&job->seal);
	if (job->cancel >= 0)
		(void)close(job->cancel);
	buf_free(&job->why);
	arena_free(job->arena);
	free(job);
}

static void fail(struct open_job *job, int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ ERR_NOT_MAIL, "InvalidMessage" }, { ERR_LIMIT, "TooLarge" },
		{ ERR_GONE, "RoleDown" }, { ERR_TIMEOUT, "TimedOut" },
		{ ERR_LOCKED, "Locked" },
	};
	const char *name = "Failed";
	struct buf sentence;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error)
			name = names[i].name;
	buf_init(&sentence, SENTENCE_MAX);
	buf_print(&sentence, "%s.", job->why.len > 0 ? buf_string(&job->why) :
						err_sentence(error));
	role_fail(job->id, name, buf_string(&sentence));
	buf_free(&sentence);
}

/* The front asks the person for it, and sends the request again. */
static void name_locked(struct open_job *job, struct value *report)
{
	const struct value *encryption = value_find(report, "encryption",
						    VALUE_DICT);
	const char *status, *print;

	if (encryption == NULL)
		return;
	status = value_text(encryption, "status");
	print = value_text(encryption, "key");
	if (status != NULL && print != NULL && strcmp(status, "locked") == 0)
		value_put_text(job->arena, report, "locked_key",
			       role_seal_key(&job->seal, job->arena, print));
}

/* The report with the content, if it may leave. */
static int deliver(struct open_job *job, struct open_result *result)
{
	int fd = -1, r = 0;

	if (result->content != NULL)
		r = spool_release(result->content, result->pieces,
				  result->piece_count, &fd);
	if (r < 0)
		return r;
	name_locked(job, result->report);
	role_report(job->id, result->report, &fd, fd >= 0);
	if (fd >= 0)
		(void)close(fd);
	if (result->content != NULL && spool_has_pipe(result->content))
		(void)spool_pump(result->content, IDLE_MS);
	return 0;
}

static int open_it(struct open_job *job)
{
	struct open_result result;
	struct memfile message;
	int r = memfile_open(job->message, IN_MEMORY, &message);

	job->message = -1;		/* handed over */
	if (r < 0)
		return r;
	r = open_message(&job->job, &message, &job->order, &result);
	if (r == 0) {
		r = deliver(job, &result);
		open_result_free(&result);
	}
	memfile_close(&message);
	return r;
}

static int verify_it(struct open_job *job)
{
	const char *scheme = value_text(job->dict, "scheme");
	struct memfile entity, signature;
	struct value *report = NULL;
	int r = memfile_open(job->message, IN_MEMORY, &entity), s;

	s = memfile_open(job->signature, SIGNATURE_MAX, &signature);
	job->message = job->signature = -1;	/* handed over */
	if (r == 0 && s == 0)
		r = entity_verify(&job->job, role_seal_schemes, scheme,
				  &entity, &signature, &report);
	if (r == 0 && s == 0)
		role_report(job->id, report, NULL, 0);
	memfile_close(&entity);
	memfile_close(&signature);
	return r < 0 ? r : s;
}

static void open_work(void *ctx)		/* in a worker thread */
{
	struct open_job *job = ctx;
	const struct role_seal_parts parts = {
		job->reader->keys, job->reader->authorities,
		job->reader->openpgp
	};
	int r = role_seal_hold(&job->seal, &parts);

	reader_memory_make(&job->memory, job->reader, job->id,
			   job->job.deadline, LOOK_LATER);
	job->order.memory = job->seal.memory = &job->memory.known;
	job->seal.arena = job->arena;
	job->job.world = &job->seal.world;
	if (r == 0)
		r = job->signature >= 0 ? verify_it(job) : open_it(job);
	if (r < 0)
		fail(job, r);
	job_free(job);
}

static bool truth_of(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_TRUTH);

	return found != NULL && found->truth;
}

static int job_read(struct open_job *job, struct frame *frame)
{
	const struct value *caller;
	size_t i;
	int r = value_decode(job->arena, frame->payload, &job->dict);

	if (r < 0)
		return r;
	caller = value_find(job->dict, "caller", VALUE_NUMBER);
	if (caller == NULL || caller->number < 0 ||
	    caller->number > UINT32_MAX)
		return ERR_PROTOCOL;
	job->order.schemes = role_seal_schemes;
	job->order.part = value_text(job->dict, "part");
	if (job->order.part != NULL && job->order.part[0] == 0)
		job->order.part = NULL;
	if (truth_of(job->dict, "entity")) {
		job->order.whole = OPEN_ENTITY;
		job->order.message_id = value_text(job->dict, "message_id");
	}
	if (truth_of(job->dict, "force"))
		job->order.force = OPEN_FORCED;
	job->message = frame_take(frame, 0);
	if (frame->type == FRAME_VERIFY)
		job->signature = frame_take(frame, 1);
	for (i = 0; frame->type == FRAME_OPEN && i < OPEN_FILES_MAX; i++)
		job->order.files[i] = frame_take(frame, i + 1);
	job->job.arena = job->arena;
	job->job.why = &job->why;
	job->job.caller = (uint32_t)caller->number;
	job->job.tty = value_text(job->dict, "tty");
	job->job.display = value_text(job->dict, "display");
	return 0;
}

static struct open_job *job_new(struct reader *reader, uint32_t id)
{
	struct open_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->reader = reader;
	job->id = id;
	job->message = job->signature = -1;
	job->cancel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job->job.cancel = job->cancel < 0 ? NULL : &job->cancel;
	open_order_start(&job->order);
	buf_init(&job->why, SENTENCE_MAX);
	job->arena = arena_new(OPEN_ARENA);
	(void)pthread_mutex_lock(&reader->lock);
	job->next = reader->opens;
	reader->opens = job;
	(void)pthread_mutex_unlock(&reader->lock);
	return job;
}

int reader_open(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct open_job *job = job_new(reader, frame->id);
	int r;

	if (job == NULL)
		return ERR_MEMORY;
	r = job->arena == NULL ? ERR_MEMORY : job_read(job, frame);
	if (r < 0 || job->message < 0) {
		job_free(job);
		return r < 0 ? r : ERR_PROTOCOL;
	}
	/* The front gives up after this; so do we. */
	job->job.deadline = clock_now_ms() + SEAL_LIMIT_MS;
	if (workers_add(reader->workers, job->job.caller, open_work,
			job) == 0)
		return 0;
	role_fail(job->id, "Busy", "Too many messages wait to be opened; try "
		  "again in a few seconds.");
	job_free(job);
	return 0;
}

void reader_open_cancel(struct reader *reader, uint32_t id)
{
	struct open_job *job;
	uint64_t one = 1;

	(void)pthread_mutex_lock(&reader->lock);
	for (job = reader->opens; job != NULL; job = job->next) {
		if (id != 0 && job->id != id)
			continue;
		__atomic_store_n(&job->job.deadline, 0, __ATOMIC_RELAXED);
		if (write(job->cancel, &one, sizeof(one)) < 0)
			continue;	/* it was given up before */
	}
	(void)pthread_mutex_unlock(&reader->lock);
}
