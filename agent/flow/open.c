/* open.c - layer after layer, then what they say, then what may leave */
#include "agent/flow/open.h"

#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/flow/open_inside.h"
#include "agent/flow/open_known.h"
#include "agent/mail/message.h"

void open_order_start(struct open_order *order)
{
	size_t i;

	memset(order, 0, sizeof(*order));
	for (i = 0; i < OPEN_FILES_MAX; i++)
		order->files[i] = -1;
}

void open_order_close(struct open_order *order)
{
	size_t i;

	for (i = 0; i < OPEN_FILES_MAX; i++) {
		if (order->files[i] >= 0)
			(void)close(order->files[i]);
		order->files[i] = -1;
	}
}

void open_result_free(struct open_result *result)
{
	spool_free(result->content);
	result->content = NULL;
}

static int fail(struct opening *opening, int error)
{
	struct buf *why = opening->job->why;
	const char *text = err_sentence(error);

	if (error == ERR_LIMIT)
		text = "The message is larger, or made of more parts or "
		       "header fields, than can be opened here";
	else if (error == ERR_IO)
		text = "The message's file could not be read to its end, or "
		       "the disk is full";
	if (why != NULL && why->len == 0)
		buf_text(why, text);
	return error;
}

static int layers(struct opening *opening)
{
	int r = 1;

	while (r > 0 && !opening->stopped)
		r = open_layer_take(opening);
	return r < 0 ? r : 0;
}

/* The part that was asked for, inside what was opened so far: it is opened as
 * a document of its own. */
static int go_to_part(struct opening *opening)
{
	const struct mime_part *part;
	int r;

	opening->of_part = true;
	if (opening->stopped)
		return 0;
	part = mime_part_at(opening->root, opening->order->part);
	if (part == NULL) {
		opening->no_such_part = true;
		opening->layer_count = 0;
		return 0;
	}
	opening->layer_count = 0;
	opening->range = range_within(&opening->range, part->start,
				      part->end);
	r = open_scan(opening->job->arena, &opening->range,
		      &opening->job->deadline, &opening->root);
	return r < 0 ? r : layers(opening);
}

static enum hp_sealed sealed_how(const struct opening *opening)
{
	size_t i;

	for (i = 0; i < opening->layer_count; i++)
		if (opening->layers[i].facts.opening == SEAL_OPENED)
			return HP_ENCRYPTED;
	return HP_SIGNED;
}

/* Fields inside count only inside an envelope that holds: decrypted, or signed
 * in a way that could be checked. */
static bool envelope_holds(const struct opening *opening)
{
	const struct seal_facts *facts;
	bool holds = false;
	size_t i;

	if (opening->stopped || opening->of_part)
		return false;
	for (i = 0; i < opening->layer_count; i++) {
		facts = &opening->layers[i].facts;
		if (facts->state == SEAL_BAD)
			return false;
		if (facts->opening == SEAL_OPENED || open_is_right(facts))
			holds = true;
	}
	return holds;
}

static int read_headers(struct opening *opening)
{
	struct arena *arena = opening->job->arena;
	int r = 0;

	if (opening->order->whole != OPEN_MESSAGE)
		return 0;
	r = author_read(arena, opening->outside->header, &opening->author);
	if (r < 0 || !envelope_holds(opening))
		return r;
	r = hp_read(arena, opening->root, opening->outside->header,
		    sealed_how(opening), &opening->headers);
	if (r == 0 && opening->headers.kind != HP_NONE &&
	    opening->root->header != NULL)
		r = author_read(arena, opening->root->header,
				&opening->inner_author);
	else
		opening->inner_author.state = AUTHOR_MISSING;
	return r;
}

/* A pipe's reader knows by this that it has all. */
static int64_t size_of(const struct open_result *result)
{
	const struct spool_piece *piece;
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < result->piece_count; i++) {
		piece = &result->pieces[i];
		size += piece->text.len > 0 ? piece->text.len :
					      piece->to - piece->from;
	}
	if (result->piece_count == 0)
		size = spool_size(result->content);
	return (int64_t)size;
}

static int steps(struct opening *opening, struct open_result *out)
{
	struct open_summary summary;
	int r = open_scan(opening->job->arena, &opening->range,
			  &opening->job->deadline, &opening->outside);

	opening->root = opening->outside;
	if (r == 0 && opening->order->whole == OPEN_MESSAGE &&
	    opening->outside->header == NULL)
		r = ERR_NOT_MAIL;
	if (r == 0)
		r = layers(opening);
	if (r == 0 && opening->order->part != NULL)
		r = go_to_part(opening);
	if (r == 0)
		r = read_headers(opening);
	if (r < 0)
		return r;
	open_summarize(opening, &summary);
	r = open_content(opening, &summary, out);
	if (r < 0)
		return r;
	out->report = open_report(opening, &summary);
	if (out->report == NULL)
		return ERR_LIMIT;
	open_learn(opening, &summary, out->report);
	if (out->content != NULL)
		value_put_number(opening->job->arena, out->report,
				 "content_size", size_of(out));
	return 0;
}

int open_message(struct seal_job *job, const struct memfile *message,
		 struct open_order *order, struct open_result *out)
{
	struct opening opening;
	int r;

	memset(&opening, 0, sizeof(opening));
	memset(out, 0, sizeof(*out));
	opening.job = job;
	opening.order = order;
	opening.message = message;
	opening.range.file = message;
	opening.range.to = message->size;
	r = steps(&opening, out);
	spool_free(opening.spool);
	if (r < 0) {
		open_result_free(out);
		r = fail(&opening, r);
	}
	return r;
}
