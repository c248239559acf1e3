/* recall.c - RECALL: kept facts become a report, without the message */
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/recall.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define RECALL_ARENA (4 * 1024 * 1024)

struct recall_job {
	struct reader *reader;
	uint32_t id;
	struct arena *arena;
	struct value *question;
};

static void recall_free(struct recall_job *job)
{
	arena_free(job->arena);
	free(job);
}

static void recall_work(void *ctx)		/* in a worker thread */
{
	struct recall_job *job = ctx;
	struct book *book = book_hold(job->reader);
	const struct value *judged = value_find(job->question, "judged",
						VALUE_NUMBER);
	const char *facts = value_text(job->question, "facts");
	struct value *report = NULL;
	struct world world;
	int r = ERR_PROTOCOL;

	reader_world(job->reader, book, &world);
	if (facts != NULL && judged != NULL)
		r = recall_report(job->arena, bytes_of(facts),
				  value_text(job->question, "id"),
				  judged->number, &world, REPORT_BRIEF,
				  &report);
	if (r < 0)
		role_fail(job->id, "Failed", err_sentence(r));
	else
		role_report(job->id, report, NULL, 0);
	book_let_go(job->reader, book);
	recall_free(job);
}

int reader_recall(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct recall_job *job = calloc(1, sizeof(*job));
	int r;

	if (job == NULL)
		return ERR_MEMORY;
	job->reader = reader;
	job->id = frame->id;
	job->arena = arena_new(RECALL_ARENA);
	r = job->arena == NULL ? ERR_MEMORY :
	    value_decode(job->arena, frame->payload, &job->question);
	if (r == 0 && workers_add(reader->workers, FRONT_CALLER, recall_work,
				  job) == 0)
		return 0;
	if (r == 0)
		role_fail(job->id, "Busy", "Too many messages wait to be "
			  "judged; try again in a few seconds.");
	recall_free(job);
	return r;
}
