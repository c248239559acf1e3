/* check.c - one check: taken by the polling thread, done in a worker */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/seen.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/dns/dns.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/reader/memory.h"
#include "agent/roles/reader/mute.h"
#include "agent/roles/role.h"
#include "agent/roles/roles.h"

#define OPTIONS_ARENA	(128 * 1024)

struct check_job {
	struct check_job *prev, *next;	/* reader::jobs */
	struct reader *reader;
	uint32_t id;
	int fd;
	struct arena *options_arena;
	struct check_options options;
	enum reader_look look;
	int64_t deadline;
	struct dns_request *request;
};

static void job_free(struct check_job *job)
{
	struct reader *reader = job->reader;

	(void)pthread_mutex_lock(&reader->lock);
	if (job->prev != NULL)
		job->prev->next = job->next;
	else if (reader->jobs == job)
		reader->jobs = job->next;
	if (job->next != NULL)
		job->next->prev = job->prev;
	(void)pthread_mutex_unlock(&reader->lock);
	if (job->fd >= 0)
		(void)close(job->fd);
	dns_request_free(job->request);
	arena_free(job->options_arena);
	free(job);
}

static const char *failure_text(int error)
{
	if (error == ERR_LIMIT)
		return "The message needs more memory than one message may "
		       "have; it was not judged.";
	if (error == ERR_IO)
		return "The message's file could not be read to its end.";
	return err_sentence(error);
}

void reader_world(const struct reader *reader, const struct book *book,
		  struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->contacts = book == NULL ? NULL : book->contacts;
	world->now = clock_wall();
	world->policy = reader->policy;
	world->relays = reader->relays;
	world->authservs = reader->authservs;
	world->sealers = reader->sealers;
	world->own = reader->own;
}

/* The report, and what the store is to keep, in one frame. */
static int judged_send(uint32_t id, const struct value *report,
		       const struct value *keep)
{
	struct frame frame = { FRAME_JUDGED, id, { NULL, 0 }, { 0 }, 0 };
	struct buf wire, first;
	int r;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	buf_init(&first, CHANNEL_PAYLOAD_MAX);
	r = value_encode(report, &first);
	buf_u32(&wire, (uint32_t)first.len);
	buf_add(&wire, buf_bytes(&first));
	if (r == 0)
		r = value_encode(keep, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0 && !wire.full)
		r = channel_send(ROLE_CHANNEL, &frame);
	buf_free(&first);
	buf_free(&wire);
	return r;
}

static void answer(const struct check_job *job, struct value *report)
{
	const struct value *keep = value_take(report, "keep", VALUE_DICT);

	/* Too large together, the report alone goes. */
	if (keep == NULL || judged_send(job->id, report, keep) < 0)
		role_report(job->id, report, NULL, 0);
}

/* Why nothing was found out, where the user wants it so. */
static void say_never(const struct reader *reader, struct arena *arena,
		      struct value *report)
{
	const char *verdict = value_text(report, "verdict");
	struct value *member, *reason;

	if (reader->lookup != READER_LOOKUP_NEVER || verdict == NULL ||
	    strcmp(verdict, "unverified") != 0)
		return;
	for (member = report->first; member != NULL; member = member->next)
		if (strcmp(member->key, "reasons") == 0)
			break;
	reason = value_put_dict(arena, member, NULL);
	value_put_text(arena, reason, "code", "not-asked");
	value_put_text(arena, reason, "text", "Your configuration has DNS "
		       "asked never (lookup = never), so nothing new can be "
		       "found out about a sender.");
}

static void check_work(void *ctx)		/* in a worker thread */
{
	struct check_job *job = ctx;
	struct reader *reader = job->reader;
	struct book *book = book_hold(reader);
	struct arena *arena = arena_new(CHECK_ARENA_MAX);
	struct value *report = NULL;
	struct reader_memory memory;
	struct memfile file;
	struct world world;
	int r;

	reader_world(reader, book, &world);
	reader_memory_make(&memory, reader, job->id, job->deadline, job->look);
	world.memory = &memory.memory;
	r = memfile_open(job->fd, CHECK_COPY_MAX, &file);
	job->fd = -1;			/* handed over */
	if (r == 0 && arena != NULL)
		r = check_message(arena, &file, &job->options, &world,
				  job->request, &report);
	else if (r == 0)
		r = ERR_MEMORY;
	if (r < 0) {
		role_fail(job->id, "Failed", failure_text(r));
	} else {
		say_never(reader, arena, report);
		answer(job, report);
	}
	memfile_close(&file);
	arena_free(arena);
	book_let_go(reader, book);
	job_free(job);
}

static bool truth_of(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_TRUTH);

	return found != NULL && found->truth;
}

/* What the caller knows of the delivery was not known before. */
static enum reader_look look_of(const struct check_options *options,
				const struct value *dict)
{
	if (truth_of(dict, "again") || options->client_ip != NULL ||
	    options->helo != NULL || options->mail_from != NULL)
		return LOOK_AGAIN;
	return truth_of(dict, "arrival") ? LOOK_ARRIVAL : LOOK_LATER;
}

static int job_read(struct check_job *job, struct bytes payload,
		    uint32_t *caller)
{
	const struct value *number;
	struct value *dict;
	int r = value_decode(job->options_arena, payload, &dict);

	if (r < 0)
		return r;
	number = value_find(dict, "caller", VALUE_NUMBER);
	if (number == NULL || number->number < 0 ||
	    number->number > UINT32_MAX)
		return ERR_PROTOCOL;
	*caller = (uint32_t)number->number;
	job->options.client_ip = value_text(dict, "client_ip");
	job->options.helo = value_text(dict, "helo");
	job->options.mail_from = value_text(dict, "mail_from");
	job->options.explain = value_text(dict, "explain");
	job->options.destinations = value_text(dict, "destinations");
	job->look = look_of(&job->options, dict);
	return 0;
}

static void job_add(struct reader *reader, struct check_job *job)
{
	(void)pthread_mutex_lock(&reader->lock);
	job->next = reader->jobs;
	if (job->next != NULL)
		job->next->prev = job;
	reader->jobs = job;
	(void)pthread_mutex_unlock(&reader->lock);
}

int reader_check(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct check_job *job;
	uint32_t caller;
	int r;

	if (reader->settings == NULL)
		return ERR_PROTOCOL;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return ERR_MEMORY;
	job->reader = reader;
	job->id = frame->id;
	job->fd = frame_take(frame, 0);
	job_add(reader, job);
	job->options_arena = arena_new(OPTIONS_ARENA);
	/* The time runs from when the caller asked, queue and all. */
	job->deadline = clock_now_ms() + CHECK_DEADLINE_MS;
	job->request = dns_request_new(reader->lookup == READER_LOOKUP_NEVER ?
				       reader_mute() : reader->resolver,
				       job->deadline);
	r = job->options_arena == NULL || job->request == NULL ? ERR_MEMORY :
		job_read(job, frame->payload, &caller);
	if (r < 0) {
		job_free(job);
		return r;
	}
	if (workers_add(reader->workers, caller, check_work, job) == 0)
		return 0;
	role_fail(job->id, "Busy", "Too many messages wait to be judged; "
		    "try again in a few seconds.");
	job_free(job);
	return 0;
}

int reader_cancel(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct check_job *job;

	if (frame->id != 0)
		reader_open_cancel(reader, frame->id);
	(void)pthread_mutex_lock(&reader->lock);
	for (job = reader->jobs; job != NULL; job = job->next)
		if (job->id == frame->id)
			dns_request_cancel(job->request);
	(void)pthread_mutex_unlock(&reader->lock);
	return 0;
}

void reader_cancel_all(struct reader *reader)
{
	struct check_job *job;

	(void)pthread_mutex_lock(&reader->lock);
	for (job = reader->jobs; job != NULL; job = job->next)
		dns_request_cancel(job->request);
	(void)pthread_mutex_unlock(&reader->lock);
}

void reader_free(struct reader *reader)
{
	while (reader->jobs != NULL)
		job_free(reader->jobs);
	book_let_go(reader, reader->book);
	seen_free(reader->seen);
	arena_free(reader->settings);
	(void)pthread_mutex_destroy(&reader->lock);
}
