/* protect_sign.c - what stands in front, the text, the signature behind it */
#include "agent/flow/protect_sign.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/flow/protect_wrap.h"

#define SIGNATURE_MAX	(1024 * 1024)	/* octets as the scheme made it */

/* In the arena. */
struct protect_signature {
	struct seal_signed facts;
	struct wrap_signed wrap;
};

enum place { IN_FRONT, IN_TEXT, BEHIND };

struct protect_signing {
	struct seal_job *job;
	const struct protect_order *order;
	struct source text;
	char boundary[WRAP_BOUNDARY];
	struct protect_signature made;
	struct seal_pass *pass;		/* NULL: the signature is there */
	enum place place;
	struct bytes_reader reader;	/* of `part` */
	struct source part;
};

struct protect_signing *protect_signing_new(struct seal_job *job,
					    const struct protect_order *order,
					    const struct source *text)
{
	struct protect_signing *signing = calloc(1, sizeof(*signing));

	if (signing == NULL)
		return NULL;
	signing->job = job;
	signing->order = order;
	signing->text = *text;
	return signing;
}

void protect_signing_free(struct protect_signing *signing)
{
	if (signing == NULL)
		return;
	if (signing->pass != NULL)
		signing->order->scheme->sign_free(signing->pass);
	free(signing);
}

const struct seal_signed *protect_signing_made(
	const struct protect_signing *signing)
{
	return signing == NULL ? NULL : &signing->made.facts;
}

static int front_make(struct protect_signing *signing)
{
	return wrap_signed_front(signing->job->arena, signing->order->scheme,
				 signing->boundary, signing->made.facts.digest,
				 &signing->made.wrap);
}

static int keep(struct protect_signing *signing)
{
	struct protect_signature **once = signing->order->once, *kept;

	if (once == NULL || *once != NULL)
		return 0;
	kept = arena_alloc(signing->job->arena, sizeof(*kept));
	if (kept == NULL)
		return ERR_LIMIT;
	*kept = signing->made;
	*once = kept;
	return 0;
}

static int back_make(struct protect_signing *signing, struct bytes blob)
{
	int r = wrap_signed_back(signing->job->arena, signing->order->scheme,
				 signing->boundary, blob,
				 &signing->made.wrap);

	return r == 0 ? keep(signing) : r;
}

int protect_signing_start(struct protect_signing *signing)
{
	const struct protect_order *order = signing->order;
	int r = wrap_boundary(signing->boundary);

	if (r == 0 && order->once != NULL && *order->once != NULL)
		signing->made = **order->once;
	else if (r == 0)
		r = order->scheme->sign_start(signing->job, order->signer,
					      &signing->made.facts,
					      &signing->pass);
	if (r == 0 && signing->pass != NULL)
		r = front_make(signing);
	if (r == 0)
		signing->part = source_of_bytes(&signing->reader,
						signing->made.wrap.front);
	return r;
}

/* The text is through. */
static int sign_end(struct protect_signing *signing)
{
	struct buf blob;
	struct sink to;
	int r;

	if (signing->pass == NULL)
		return 0;
	buf_init(&blob, SIGNATURE_MAX);
	to = sink_of_buf(&blob);
	r = signing->order->scheme->sign_end(signing->pass, &to);
	if (r == 0)
		r = back_make(signing, buf_bytes(&blob));
	signing->order->scheme->sign_free(signing->pass);
	signing->pass = NULL;
	buf_free(&blob);
	return r;
}

static int text_read(struct protect_signing *signing, unsigned char *room,
		     size_t size)
{
	int got = signing->text.read(signing->text.ctx, room, size), r = 0;
	struct bytes piece = { room, 0 };

	if (got > 0 && signing->pass != NULL) {
		piece.len = (size_t)got;
		r = signing->order->scheme->sign_more(signing->pass, piece);
	} else if (got == 0) {
		r = sign_end(signing);
		signing->place = BEHIND;
		signing->part = source_of_bytes(&signing->reader,
						signing->made.wrap.back);
	}
	return r < 0 ? r : got;
}

static int signing_read(void *ctx, unsigned char *room, size_t size)
{
	struct protect_signing *signing = ctx;
	int got = 0;

	if (signing->place == IN_FRONT) {
		got = signing->part.read(signing->part.ctx, room, size);
		if (got == 0)
			signing->place = IN_TEXT;
	}
	if (got == 0 && signing->place == IN_TEXT)
		got = text_read(signing, room, size);
	if (got == 0 && signing->place == BEHIND)
		got = signing->part.read(signing->part.ctx, room, size);
	return got;
}

/* What is signed while it is read is read once. */
static int signing_rewind(void *ctx)
{
	(void)ctx;
	return ERR_IO;
}

struct source protect_signing_source(struct protect_signing *signing)
{
	struct source source = { signing_read, signing_rewind, signing };

	return source;
}
