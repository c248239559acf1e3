/* dkim_verify.c - which bytes of a message a signature covers */
#include "agent/auth/dkim_verify.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"

#define SHARE		32768	/* of a body that several hashes take in turn:
				 * it stays in the processor's cache */

/* --- the body */

static void body_take(void *ctx, struct bytes piece)
{
	dkim_hash_add(ctx, piece);
}

static void body_share(struct dkim_body_hash *list, size_t count,
		       struct bytes piece)
{
	size_t at, step = count == 1 ? piece.len : SHARE, i;

	for (at = 0; at < piece.len; at += step)
		for (i = 0; i < count; i++)
			canon_body_more(&list[i].canon,
					bytes_slice(piece, at, at + step));
}

static int body_read(const struct dkim_input *input,
		     struct dkim_body_hash *list, size_t count)
{
	struct bytes piece = input->message->body;
	uint64_t offset = 0;
	int r;

	if (input->body.next == NULL) {
		body_share(list, count, piece);
		return 0;
	}
	while ((r = input->body.next(input->body.ctx, offset, &piece)) > 0) {
		body_share(list, count, piece);
		offset += piece.len;
	}
	return r;
}

int dkim_body_hash(const struct dkim_input *input, struct dkim_body_hash *list,
		   size_t count)
{
	struct canon_sink sink = { body_take, NULL };
	size_t i;
	int r = 0;

	for (i = 0; i < count; i++) {
		sink.ctx = &list[i].hash;
		dkim_hash_open(&list[i].hash);
		canon_body_start(&list[i].canon, list[i].form, list[i].limit,
				 &sink);
	}
	if (count > 0)
		r = body_read(input, list, count);
	for (i = 0; i < count; i++) {
		if (r == 0) {
			canon_body_end(&list[i].canon);
			list[i].length = list[i].canon.length;
		}
		if (!dkim_hash_end(&list[i].hash, list[i].sum))
			r = r < 0 ? r : ERR_MEMORY;
	}
	return r;
}

/* --- the header */

static uint32_t name_hash(struct bytes name)
{
	uint32_t hash = 2166136261u;	/* FNV-1a, ASCII case ignored */
	size_t i;

	for (i = 0; i < name.len; i++)
		hash = (hash ^ byte_lower(name.data[i])) * 16777619u;
	return hash;
}

int dkim_header_open(struct arena *arena, const struct message *message,
		     struct dkim_header *out)
{
	size_t count = message->field_count, i;

	out->message = message;
	out->names = arena_array(arena, count, sizeof(*out->names));
	out->used = arena_array(arena, count, sizeof(*out->used));
	if (out->names == NULL || out->used == NULL)
		return ERR_LIMIT;
	for (i = 0; i < count; i++)
		out->names[i] = name_hash(message->fields[i].name);
	return 0;
}

/* The lowest field of that name that was not taken (section 5.4.2); never
 * the signature itself, which its signer could not see.  A blank before the
 * colon is allowed (section 3.4.5, "B : Y"). */
static const struct field *field_next(struct dkim_header *header,
				      const struct dkim_signature *signature,
				      struct bytes name)
{
	uint32_t hash = name_hash(name);
	const struct field *field;
	size_t i;

	for (i = header->message->field_count; i > 0; i--) {
		if (header->names[i - 1] != hash || header->used[i - 1])
			continue;
		field = &header->message->fields[i - 1];
		if (field == signature->field ||
		    !bytes_equal_nocase(field->name, name))
			continue;
		header->used[i - 1] = true;
		return field;
	}
	return NULL;
}

int dkim_header_verify(struct dkim_header *header,
		       const struct dkim_signature *signature,
		       const struct dkim_key *key)
{
	const struct field *field;
	struct dkim_hash hash;
	size_t i;

	dkim_hash_open(&hash);
	memset(header->used, 0,
	       header->message->field_count * sizeof(*header->used));
	for (i = 0; i < signature->name_count; i++) {
		field = field_next(header, signature, signature->names[i]);
		if (field != NULL)
			dkim_hash_field(&hash, signature->header_form,
					field->whole);
	}
	dkim_hash_own(&hash, signature);
	return dkim_hash_verify(&hash, signature, key);
}

