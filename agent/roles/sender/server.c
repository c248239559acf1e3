/* server.c - questions about a server, each in a worker */
#include <stdlib.h>
#include <sys/random.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/dane/trust.h"
#include "agent/flow/server.h"
#include "agent/roles/role.h"
#include "agent/roles/sender/sender.h"

#define SERVER_ARENA	(8 * 1024 * 1024)
#define OPTIONS_ARENA	65536
#define ROOTS_MAX	(16 * 1024 * 1024)	/* bytes of the CA bundle */

struct server_job {
	struct sender *sender;
	struct sender_job *job;
	struct arena *arena;		/* of the options */
	struct server_options options;
	int64_t deadline;
};

/* The bundle of CA certificates, once, before any other request. */
int sender_roots(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct memfile file;
	int r;

	if (dane_trust_count(sender->trust) > 0)
		return ERR_PROTOCOL;
	r = memfile_open(frame_take(frame, 0), ROOTS_MAX, &file);
	if (r == 0)
		r = dane_trust_add(sender->trust, file.bytes);
	if (r <= 0)
		log_line(LOG_LEVEL_WARNING, "no CA certificate could be read; "
			 "servers without DANE cannot be verified");
	memfile_close(&file);
	return 0;
}

uint32_t sender_random(void)
{
	uint32_t number = 0;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = (uint32_t)clock_now_ms();
	return number;
}

static void job_free(struct server_job *job)
{
	sender_job_free(job->sender, job->job);
	arena_free(job->arena);
	free(job);
}

static void server_work(void *ctx)	/* in a worker thread */
{
	struct server_job *job = ctx;
	struct arena *arena = arena_new(SERVER_ARENA);
	struct server_world world = { job->sender->trust, clock_wall(),
				      job->deadline, job->job->cancel_fd,
				      sender_random };
	struct value *report = NULL;
	int r = arena == NULL ? ERR_MEMORY :
		server_check(arena, &job->options, &world, job->job->request,
			     &report);

	if (r < 0)
		role_fail(job->job->id, "Failed", "The server could not be "
			  "checked: there is no memory.");
	else
		role_report(job->job->id, report, NULL, 0);
	arena_free(arena);
	job_free(job);
}

static int options_read(struct server_job *job, struct bytes payload,
			uint32_t *caller)
{
	const struct value *number, *port;
	struct value *dict;
	int r = value_decode(job->arena, payload, &dict);

	if (r < 0)
		return r;
	number = value_find(dict, "caller", VALUE_NUMBER);
	port = value_find(dict, "port", VALUE_NUMBER);
	job->options.host = value_text(dict, "host");
	if (number == NULL || number->number < 0 ||
	    number->number > UINT32_MAX || port == NULL ||
	    port->number < 0 || port->number > UINT16_MAX ||
	    job->options.host == NULL)
		return ERR_PROTOCOL;
	*caller = (uint32_t)number->number;
	job->options.port = (uint16_t)port->number;
	job->options.starttls = value_text(dict, "starttls");
	job->options.need = value_text(dict, "need");
	job->options.what = value_text(dict, "what");
	return server_options_problem(&job->options) == NULL ? 0 :
							       ERR_PROTOCOL;
}

int sender_server(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct server_job *job = calloc(1, sizeof(*job));
	int64_t now = clock_now_ms();
	uint32_t caller = 0;
	int r = ERR_MEMORY;

	if (job == NULL)
		return ERR_MEMORY;
	job->sender = sender;
	job->deadline = now + SERVER_CHECK_MS;
	job->arena = arena_new(OPTIONS_ARENA);
	job->job = sender_job_new(sender, frame->id, now + SERVER_DNS_MS);
	if (job->arena != NULL && job->job != NULL)
		r = options_read(job, frame->payload, &caller);
	if (r == 0 && workers_add(sender->workers, caller, server_work,
				  job) == 0)
		return 0;
	job_free(job);
	if (r == 0)
		role_fail(frame->id, "Busy", "Too many requests wait; try "
			  "again in a few seconds.");
	return r;
}
