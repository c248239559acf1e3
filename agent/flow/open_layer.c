/* open_layer.c - one layer: found by its type, checked, taken off */
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/crypto/spool_cipher.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_code.h"

#define SIGNATURE_MAX	(1024 * 1024)	/* octets, decoded */

static const char *file_name(struct opening *opening,
			     const struct mime_part *part)
{
	struct bytes value = mime_field(opening->job->arena, part,
					"Content-Disposition");
	const char *name = mime_parameter(&part->type, "name");
	struct mime_type disposition;

	if (name == NULL && value.data != NULL &&
	    mime_type_parse(opening->job->arena, value, &disposition) == 0)
		name = mime_parameter(&disposition, "filename");
	return name;
}

const struct scheme *open_scheme_of(struct opening *opening,
				    const struct mime_part *part,
				    enum seal_kind *kind)
{
	const struct scheme *const *scheme;
	struct seal_type type;

	type.type = part->type.name;
	type.protocol = mime_parameter(&part->type, "protocol");
	type.smime_type = mime_parameter(&part->type, "smime-type");
	type.name = file_name(opening, part);
	for (scheme = opening->order->schemes; *scheme != NULL; scheme++) {
		*kind = (*scheme)->knows(&type);
		if (*kind != SEAL_KIND_NONE)
			return *scheme;
	}
	*kind = SEAL_KIND_NONE;
	return NULL;
}

static int bad(struct opening *opening, struct open_layer *layer,
	       const char *reason)
{
	layer->facts.state = SEAL_BAD;
	layer->facts.reason = reason;
	opening->stopped = true;
	return 1;
}

static int damaged(struct opening *opening, struct open_layer *layer,
		   const char *reason)
{
	layer->facts.opening = SEAL_DAMAGED;
	layer->facts.reason = reason;
	opening->stopped = true;
	return 1;
}

static enum mime_step decoding(const struct mime_part *part)
{
	if (part->encoding == MIME_BASE64)
		return MIME_FROM_BASE64;
	return part->encoding == MIME_QUOTED ? MIME_FROM_QUOTED : MIME_AS_IS;
}

static const struct mime_part *only_two(const struct mime_part *root)
{
	const struct mime_part *second;

	second = root->first == NULL ? NULL : root->first->next;
	return second != NULL && second->next == NULL ? second : NULL;
}

/* The second part, decoded.  False: it is too large, or unreadable. */
static int signature_read(struct opening *opening,
			  const struct mime_part *part, struct buf *to)
{
	struct range range = range_within(&opening->range, part->body,
					  part->end);
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), decoded;
	struct mime_reader *decoder = mime_reader_new(&raw, decoding(part));
	struct sink sink = sink_of_buf(to);
	int r = ERR_MEMORY;

	if (decoder != NULL) {
		decoded = mime_reader_source(decoder);
		r = stream_copy(&decoded, &sink);
	}
	mime_reader_free(decoder);
	return r;
}

/* The first part, as it is signed: line ends CRLF. */
static int text_verify(struct opening *opening, struct open_layer *layer,
		       const struct mime_part *part, struct bytes signature)
{
	struct range range = range_within(&opening->range, part->start,
					  part->end);
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), text;
	struct mime_reader *canonical = mime_reader_new(&raw, MIME_TO_CRLF);
	int r = ERR_MEMORY;

	if (canonical != NULL) {
		text = mime_reader_source(canonical);
		r = layer->scheme->verify(opening->job, &text, signature,
					  &layer->facts);
	}
	mime_reader_free(canonical);
	return r;
}

/* The next entity is the first part, its own root. */
static int go_inside(struct opening *opening, const struct mime_part *part)
{
	opening->range = range_within(&opening->range, part->start,
				      part->end);
	return open_scan(opening->job->arena, &opening->range,
			 &opening->job->deadline, &opening->root);
}

static int take_detached(struct opening *opening, struct open_layer *layer)
{
	const struct mime_part *root = opening->root;
	const struct mime_part *second = only_two(root);
	const char *type = layer->scheme->signature_protocol;
	struct buf signature;
	int r;

	if (root->odd)
		return bad(opening, layer, root->odd_text);
	if (second == NULL)
		return bad(opening, layer, "A signed message has two parts, "
			   "the text and its signature; this one has others.");
	if (!mime_is(&second->type, type) && second->type.name != NULL &&
	    strstr(second->type.name, "signature") == NULL)
		return bad(opening, layer, "What stands in the signature's "
			   "place is something else.");
	buf_init(&signature, SIGNATURE_MAX);
	r = signature_read(opening, second, &signature);
	if (r == ERR_LIMIT) {
		r = bad(opening, layer, "The signature is larger than any "
			"real one.");
	} else if (r == 0) {
		r = text_verify(opening, layer, root->first,
				buf_bytes(&signature));
		if (r == 0)
			r = go_inside(opening, root->first);
		if (r == 0)
			r = 1;
	}
	buf_free(&signature);
	return r;
}

static int next_file(struct open_order *order)
{
	size_t i;
	int file;

	for (i = 0; i < OPEN_FILES_MAX; i++) {
		if (order->files[i] < 0)
			continue;
		file = order->files[i];
		order->files[i] = -1;
		return file;
	}
	return -1;
}

/* It says that it is sealed, and is not. */
static bool is_unsealed(const struct seal_facts *facts)
{
	return facts->opening == SEAL_NOT_ENCRYPTED &&
	       facts->state == SEAL_UNSIGNED;
}

static bool was_opened(const struct seal_facts *facts)
{
	return facts->opening == SEAL_OPENED ||
	       (facts->opening == SEAL_NOT_ENCRYPTED &&
		facts->signer_count > 0);
}

/* What came out is the next entity, and the spool before goes. */
static int go_to_spool(struct opening *opening, struct spool *spool)
{
	struct range whole = { NULL, spool, 0, spool_size(spool) };

	spool_free(opening->spool);
	opening->spool = spool;
	opening->range = whole;
	return open_scan(opening->job->arena, &opening->range,
			 &opening->job->deadline, &opening->root);
}

/* Without any integrity, what a flipped bit makes of a header is seen: 16
 * octets of noise in it. */
static bool is_garbled(const struct mime_part *root)
{
	const struct message *header = root->header;
	size_t i;

	if (header == NULL)
		return false;
	for (i = 0; i < header->head.len; i++)
		if (header->head.data[i] > 126 || header->head.data[i] == 0)
			return true;
	for (i = 0; i < header->field_count; i++)
		if (header->fields[i].odd_name)
			return true;
	return header->has_bare_cr || root->odd;
}

static int look_inside(struct opening *opening, struct open_layer *layer)
{
	if (layer->facts.opening == SEAL_OPENED &&
	    layer->facts.integrity == SEAL_INTEGRITY_NONE &&
	    is_garbled(opening->root))
		return damaged(opening, layer, "It could not be decrypted: it "
			       "was changed on the way, or was never right.");
	return 1;
}

static int blob_open(struct opening *opening, struct open_layer *layer,
		     const struct mime_part *part)
{
	struct range range = range_within(&opening->range, part->body,
					  part->end);
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), blob;
	struct mime_reader *decoder = mime_reader_new(&raw, decoding(part));
	struct spool *spool = spool_sealed_new(next_file(opening->order));
	struct sink content;
	int r = ERR_MEMORY;

	if (decoder == NULL || spool == NULL)
		goto out;
	blob = mime_reader_source(decoder);
	content = sink_of_spool(spool);
	r = layer->scheme->open(opening->job, &blob, &content,
				&layer->facts);
	if (r == 0 && was_opened(&layer->facts)) {
		r = go_to_spool(opening, spool);
		spool = NULL;		/* handed over */
		if (r == 0)
			r = look_inside(opening, layer);
	} else if (r == 0 && is_unsealed(&layer->facts)) {
		opening->unsealed = layer->facts.reason;
		opening->layer_count--;
	} else if (r == 0) {
		opening->stopped = true;
		r = 1;
	}
out:
	spool_free(spool);
	mime_reader_free(decoder);
	return r;
}

static int take_envelope(struct opening *opening, struct open_layer *layer)
{
	if (opening->root->odd)
		return damaged(opening, layer, opening->root->odd_text);
	return blob_open(opening, layer, opening->root);
}

static int take_controlled(struct opening *opening, struct open_layer *layer)
{
	const struct mime_part *root = opening->root;
	const struct mime_part *second = only_two(root);

	if (root->odd)
		return damaged(opening, layer, root->odd_text);
	if (second == NULL || layer->scheme->control_type == NULL ||
	    !mime_is(&root->first->type, layer->scheme->control_type))
		return damaged(opening, layer, "An encrypted message has two "
			       "parts, how and what; this one has others.");
	return blob_open(opening, layer, second);
}

int open_layer_take(struct opening *opening)
{
	const struct scheme *scheme;
	struct open_layer *layer;
	enum seal_kind kind;

	scheme = open_scheme_of(opening, opening->root, &kind);
	if (scheme == NULL)
		return 0;
	if (opening->layer_count == OPEN_LAYERS_MAX) {
		opening->stopped = opening->too_deep = true;
		return 0;
	}
	layer = &opening->layers[opening->layer_count++];
	memset(layer, 0, sizeof(*layer));
	layer->scheme = scheme;
	layer->kind = kind;
	switch (kind) {
	case SEAL_KIND_DETACHED:
		return take_detached(opening, layer);
	case SEAL_KIND_CONTROLLED:
		return take_controlled(opening, layer);
	case SEAL_KIND_ENVELOPE:
	case SEAL_KIND_NONE:
	default:
		return take_envelope(opening, layer);
	}
}
