/* entity.c - reading a signature in whatever dress, then verifying */
#include "agent/flow/entity.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/value.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/mime_base64.h"
#include "agent/mail/mime_code.h"

#define SIGNATURE_MAX	(1024 * 1024)	/* octets, decoded */
#define ARMOR		"-----BEGIN PGP "

static bool is_der(struct bytes blob)
{
	return blob.len > 1 && blob.data[0] == 0x30;
}

static const struct scheme *scheme_find(const struct scheme *const *schemes,
					const char *word)
{
	for (; *schemes != NULL; schemes++)
		if (strcmp((*schemes)->word, word) == 0)
			return *schemes;
	return NULL;
}

/* The text of "-----BEGIN PKCS7-----" and its like, without the lines. */
static struct bytes without_marks(struct bytes blob)
{
	struct bytes rest, line;
	size_t end;

	if (!bytes_starts(blob, "-----BEGIN ") ||
	    !bytes_cut(blob, '\n', &line, &rest))
		return blob;
	for (end = 0; end < rest.len && rest.data[end] != '-'; end++)
		;
	return bytes_slice(rest, 0, end);
}

/* A part with a header: its body, else all of it. */
static struct bytes without_header(struct bytes blob)
{
	const unsigned char *at;

	if (!bytes_starts_nocase(blob, "Content-"))
		return blob;
	at = memmem(blob.data, blob.len, "\n\r\n", 3);
	if (at != NULL)
		return bytes_slice(blob, (size_t)(at - blob.data) + 3,
				   blob.len);
	at = memmem(blob.data, blob.len, "\n\n", 2);
	return at == NULL ? blob :
			    bytes_slice(blob, (size_t)(at - blob.data) + 2,
					blob.len);
}

static int signature_read(struct arena *arena, struct bytes blob,
			  struct bytes *out)
{
	struct base64_state state = { 0 };
	unsigned char *room;

	*out = blob;
	if (is_der(blob) || memmem(blob.data, blob.len, ARMOR,
				   strlen(ARMOR)) != NULL) {
		*out = is_der(blob) ? blob : without_header(blob);
		return 0;
	}
	blob = without_marks(without_header(blob));
	room = arena_alloc(arena, blob.len + 3);
	if (room == NULL)
		return ERR_LIMIT;
	out->data = room;
	out->len = base64_decode(&state, &blob, room, blob.len + 3);
	return 0;
}

static int text_verify(struct opening *opening, struct bytes signature)
{
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &opening->range), text;
	struct mime_reader *canonical = mime_reader_new(&raw, MIME_TO_CRLF);
	struct open_layer *layer = &opening->layers[0];
	int r = ERR_MEMORY;

	if (canonical != NULL) {
		text = mime_reader_source(canonical);
		r = layer->scheme->verify(opening->job, &text, signature,
					  &layer->facts);
	}
	mime_reader_free(canonical);
	return r;
}

static int fail(struct seal_job *job, int error, const char *sentence)
{
	if (job->why != NULL && job->why->len == 0)
		buf_text(job->why, sentence);
	return error;
}

int entity_verify(struct seal_job *job, const struct scheme *const *schemes,
		  const char *scheme, const struct memfile *entity,
		  const struct memfile *signature, struct value **report)
{
	struct open_order order;
	struct opening opening;
	struct open_summary summary;
	struct bytes blob;
	int r;

	*report = NULL;
	if (signature->size > SIGNATURE_MAX || signature->size == 0)
		return fail(job, ERR_LIMIT, "The signature is empty, or "
			    "larger than any real one");
	r = signature_read(job->arena, signature->bytes, &blob);
	if (r < 0)
		return r;
	if (scheme == NULL)
		scheme = memmem(blob.data, blob.len, ARMOR,
				strlen(ARMOR)) != NULL ? "openpgp" : "smime";
	memset(&opening, 0, sizeof(opening));
	open_order_start(&order);
	order.schemes = schemes;
	order.whole = OPEN_ENTITY;
	opening.job = job;
	opening.order = &order;
	opening.range.file = entity;
	opening.range.to = entity->size;
	opening.layer_count = 1;
	opening.layers[0].kind = SEAL_KIND_DETACHED;
	opening.layers[0].scheme = scheme_find(schemes, scheme);
	if (opening.layers[0].scheme == NULL)
		return fail(job, ERR_UNSUPPORTED, "There is no such scheme; "
			    "it is smime or openpgp");
	r = text_verify(&opening, blob);
	if (r < 0)
		return r;
	open_summarize(&opening, &summary);
	*report = open_report(&opening, &summary);
	return *report == NULL ? ERR_LIMIT : 0;
}
