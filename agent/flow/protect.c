/* protect.c - scan, sort the header, plan the entity, sign, wrap, encrypt */
#include "agent/flow/protect.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "agent/base/arena.h"
#include "agent/base/behind.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/flow/protect_sign.h"
#include "agent/flow/protect_wrap.h"
#include "agent/mail/compose.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"
#include "agent/mail/protected_headers.h"

#define CRLF		"\r\n"
#define BEHIND_FROM	(2 * 1024 * 1024)	/* octets of a message */

enum whole { A_MESSAGE, AN_ENTITY };

struct protect {
	struct seal_job *job;
	const struct protect_order *order;
	enum whole whole;
	struct range message;
	struct mime_part *root;
	struct hp_written header;
	const struct compose_plan *plan;
	struct compose_reader *reader;	/* of the plan */
	struct protect_signing *signing;	/* NULL: it is not signed */
	char outer_boundary[WRAP_BOUNDARY];
	const struct sink *to;
	struct sink out;		/* into `to`, counted */
	uint64_t size;
};

static int fail(struct protect *protect, int error, const char *sentence)
{
	struct buf *why = protect->job->why;

	if (why != NULL && why->len == 0)
		buf_text(why, sentence);
	return error;
}

static int scan_take(void *ctx, struct bytes piece)
{
	mime_scan_push(ctx, piece);
	return 0;
}

/* What is long is looked at while the next piece of it is read. */
static int scan(struct protect *protect)
{
	struct mime_scan *scan = mime_scan_new(protect->job->arena,
					       MIME_LINES);
	struct sink to = { scan_take, scan };
	struct behind *behind = NULL;
	struct range_reader reader;
	struct source from = source_of_range(&reader, &protect->message);
	int r;

	if (scan == NULL)
		return ERR_MEMORY;
	if (range_size(&protect->message) >= BEHIND_FROM)
		behind = behind_new(&to);
	if (behind != NULL)
		to = behind_sink(behind);
	r = stream_copy(&from, &to);
	if (behind != NULL && r == 0)
		r = behind_end(behind);
	behind_free(behind);
	if (r == 0)
		r = mime_scan_end(scan, &protect->root);
	mime_scan_free(scan);
	return r;
}

/* Sealing twice says less than sealing once. */
static bool is_sealed(const struct mime_part *root)
{
	return mime_is(&root->type, "multipart/signed") ||
	       mime_is(&root->type, "multipart/encrypted") ||
	       mime_is(&root->type, "application/pkcs7-mime") ||
	       mime_is(&root->type, "application/x-pkcs7-mime");
}

/* Two programs would read two headers: who is hidden to one is shown by the
 * other. */
static bool is_read_in_two_ways(const struct message *header)
{
	return header->has_nul || header->has_bare_cr ||
	       header->has_stray_line || header->starts_blank;
}

static int look(struct protect *protect)
{
	int r = scan(protect);

	if (r == ERR_LIMIT)
		return fail(protect, r, "The message's header is larger than "
			    "any real message's");
	if (r < 0)
		return fail(protect, r, "The message's file could not be read "
			    "to its end");
	if (protect->whole == A_MESSAGE && protect->root->header == NULL)
		return fail(protect, ERR_NOT_MAIL, "This is not a mail "
			    "message: no header field stands at its "
			    "beginning");
	if (protect->whole == A_MESSAGE &&
	    is_read_in_two_ways(protect->root->header))
		return fail(protect, ERR_NOT_MAIL, "The message's header has "
			    "a line that is no field (a blank in front of the "
			    "colon, a first line that begins with a blank, or "
			    "a carriage return or NUL inside); write it anew");
	if (is_sealed(protect->root) && protect->whole == A_MESSAGE)
		return fail(protect, ERR_REFUSED, "The message is signed or "
			    "encrypted already; pass it as it was written");
	return 0;
}

static int plan(struct protect *protect)
{
	const struct protect_order *order = protect->order;
	struct arena *arena = protect->job->arena;
	enum hp_kind kind = HP_NONE;
	struct compose compose;
	int r = 0;

	memset(&compose, 0, sizeof(compose));
	compose.arena = arena;
	compose.parameters = "";
	if (protect->whole == A_MESSAGE) {
		if (order->headers == PROTECT_HEADERS)
			kind = order->recipient_count > 0 ? HP_CIPHER :
							    HP_CLEAR;
		r = hp_write(arena, protect->root->header, kind,
			     &protect->header);
		compose.fields = protect->header.inner;
		compose.parameters = protect->header.parameters;
		compose.shown = protect->header.shown;
	}
	if (r == 0 && compose.shown.len > 0)
		compose.shown_in = compose_main_text(protect->root,
						     compose.shown);
	if (r == 0)
		r = compose_plan_make(&compose, protect->root,
				      &protect->plan);
	if (r < 0)
		return fail(protect, r, "The message has more header fields "
			    "or parts than one message may have");
	protect->reader = compose_reader_new(protect->plan,
					     &protect->message);
	return protect->reader == NULL ? ERR_MEMORY : 0;
}

static int put(void *ctx, struct bytes bytes)
{
	struct protect *protect = ctx;

	protect->size += bytes.len;
	return protect->to->write(protect->to->ctx, bytes);
}

static int encrypt(struct protect *protect, const struct source *entity)
{
	const struct protect_order *order = protect->order;
	struct wrap_sealed *wrap;
	struct sink blob;
	int r = ERR_MEMORY;

	if (order->form == PROTECT_OBJECT && protect->whole == AN_ENTITY)
		return order->scheme->encrypt(protect->job, order->recipients,
					      order->recipient_count, entity,
					      &protect->out);
	wrap = wrap_sealed_new(order->scheme, protect->outer_boundary,
			       &protect->out);
	if (wrap != NULL) {
		blob = wrap_sealed_sink(wrap);
		r = order->scheme->encrypt(protect->job, order->recipients,
					   order->recipient_count, entity,
					   &blob);
		if (r == 0)
			r = wrap_sealed_end(wrap);
	}
	wrap_sealed_free(wrap);
	return r;
}

static int write_out(struct protect *protect)
{
	struct source entity = protect->signing != NULL ?
		protect_signing_source(protect->signing) :
		compose_reader_source(protect->reader);
	int r = 0;

	if (protect->whole == A_MESSAGE) {
		r = put(protect, protect->header.outer);
		if (r == 0)
			r = put(protect, bytes_of("MIME-Version: 1.0" CRLF));
	}
	if (r < 0)
		return r;
	return protect->order->recipient_count > 0 ?
	       encrypt(protect, &entity) :
	       stream_copy(&entity, &protect->out);
}

static struct value *describe(struct protect *protect)
{
	const struct protect_order *order = protect->order;
	struct arena *arena = protect->job->arena;
	struct value *report = value_dict(arena), *list;
	const struct seal_signed *made = protect_signing_made(protect->signing);
	bool encrypted = order->recipient_count > 0;
	size_t i;

	value_put_text(arena, report, "scheme", order->scheme->word);
	value_put_truth(arena, report, "signed", order->signer != NULL);
	value_put_truth(arena, report, "encrypted", encrypted);
	if (made != NULL)
		value_put_text(arena, report, "signer", made->fingerprint);
	if (made != NULL)
		value_put_text(arena, report, "algorithm",
			       arena_print(arena, "%s%s",
					   order->scheme->micalg_prefix,
					   made->digest));
	if (encrypted) {
		list = value_put_list(arena, report, "recipients");
		for (i = 0; i < order->recipient_count; i++)
			value_put_text(arena, list, NULL,
				       order->recipients[i].address);
	}
	if (protect->whole == A_MESSAGE)
		value_put_text(arena, report, "header_protection",
			       order->headers != PROTECT_HEADERS ? "none" :
			       encrypted ? "cipher" : "clear");
	value_put_number(arena, report, "size", (int64_t)protect->size);
	return report;
}

/* A file that is read twice must be the same both times; a spool is. */
static bool is_same(const struct memfile *file, struct stat *before)
{
	struct stat now;

	return file == NULL || file->fd < 0 ||
	       (fstat(file->fd, &now) == 0 &&
		now.st_size == before->st_size &&
		now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == before->st_mtim.tv_nsec);
}

static int sign(struct protect *protect)
{
	struct source text = compose_reader_source(protect->reader);

	protect->signing = protect_signing_new(protect->job, protect->order,
					       &text);
	return protect->signing == NULL ? ERR_MEMORY :
					  protect_signing_start(
							protect->signing);
}

static int steps(struct protect *protect)
{
	int r = look(protect);

	if (r == 0)
		r = plan(protect);
	if (r == 0)
		r = wrap_boundary(protect->outer_boundary);
	if (r == 0 && protect->order->signer != NULL)
		r = sign(protect);
	return r == 0 ? write_out(protect) : r;
}

/* What is long is written while the next piece of it is made. */
static int steps_behind(struct protect *protect)
{
	struct behind *behind = behind_new(protect->to);
	struct sink sink;
	int r = ERR_MEMORY;

	if (behind == NULL)
		return r;
	sink = behind_sink(behind);
	protect->to = &sink;
	r = steps(protect);
	if (r == 0)
		r = behind_end(behind);
	behind_free(behind);
	return r;
}

static int run(struct protect *protect, struct value **report)
{
	const struct protect_order *order = protect->order;
	const struct memfile *file = protect->message.file;
	struct stat before;
	int r;

	*report = NULL;
	memset(&before, 0, sizeof(before));
	protect->out.write = put;
	protect->out.ctx = protect;
	if (order->signer == NULL && order->recipient_count == 0)
		return fail(protect, ERR_REFUSED, "It was not said whether "
			    "to sign or to encrypt");
	if (file != NULL && file->fd >= 0 && fstat(file->fd, &before) < 0)
		return fail(protect, ERR_IO, "The message's file could not "
			    "be read");
	r = range_size(&protect->message) < BEHIND_FROM ? steps(protect) :
							  steps_behind(protect);
	if (r == 0 && !is_same(file, &before))
		r = fail(protect, ERR_IO, "The message's file changed while "
			 "it was being sealed; try again");
	if (r == 0) {
		*report = describe(protect);
		r = *report == NULL ? ERR_LIMIT : 0;
	}
	protect_signing_free(protect->signing);
	compose_reader_free(protect->reader);
	if (r < 0)
		(void)fail(protect, r, err_sentence(r));
	return r;
}

static int run_file(struct seal_job *job, const struct memfile *file,
		    const struct protect_order *order, enum whole whole,
		    struct spool *out, struct value **report)
{
	struct sink to = sink_of_spool(out);
	struct protect protect = {
		.job = job, .order = order, .whole = whole, .to = &to,
		.message = { file, NULL, 0, file->size }
	};

	return run(&protect, report);
}

int protect_message(struct seal_job *job, const struct memfile *message,
		    const struct protect_order *order, struct spool *out,
		    struct value **report)
{
	return run_file(job, message, order, A_MESSAGE, out, report);
}

int protect_entity(struct seal_job *job, const struct memfile *entity,
		   const struct protect_order *order, struct spool *out,
		   struct value **report)
{
	return run_file(job, entity, order, AN_ENTITY, out, report);
}

int protect_range(struct seal_job *job, const struct range *message,
		  const struct protect_order *order, const struct sink *out,
		  struct value **report)
{
	struct protect protect = {
		.job = job, .order = order, .whole = A_MESSAGE, .to = out,
		.message = *message
	};

	return run(&protect, report);
}
