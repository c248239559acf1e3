/* value.c - building, finding, and the wire form */
#include "agent/base/value.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"

#define REPLACEMENT "\xEF\xBF\xBD"	/* U+FFFD */

static const char tags[] = { 't', 'n', 'b', 'l', 'd' };
_Static_assert(sizeof(tags) == VALUE_DICT + 1, "a kind has no tag");

static struct value *value_new(struct arena *arena, enum value_kind kind)
{
	struct value *value = arena_alloc(arena, sizeof(*value));

	if (value != NULL)
		value->kind = kind;
	return value;
}

struct value *value_dict(struct arena *arena)
{
	return value_new(arena, VALUE_DICT);
}

static struct value *value_put(struct arena *arena, struct value *parent,
			       const char *key, enum value_kind kind)
{
	struct value *value;

	if (parent == NULL ||
	    parent->count >= (parent->kind == VALUE_LIST ? VALUE_LIST_MAX :
							   VALUE_MEMBERS_MAX))
		return NULL;
	value = value_new(arena, kind);
	if (value == NULL)
		return NULL;
	value->key = key;
	if (parent->last == NULL)
		parent->first = value;
	else
		parent->last->next = value;
	parent->last = value;
	parent->count++;
	return value;
}

/* A copy that D-Bus takes: valid UTF-8, cut at the limit. */
static const char *text_clean(struct arena *arena, const char *text)
{
	struct bytes rest = bytes_of(text);
	struct buf clean;
	char *out;
	size_t step;

	if (rest.len <= VALUE_TEXT_MAX && utf8_is_valid(rest))
		return arena_text(arena, rest);
	buf_init(&clean, VALUE_TEXT_MAX);
	while (rest.len > 0 && !clean.full) {
		step = utf8_step(rest);
		if (step == 0)
			buf_text(&clean, REPLACEMENT);
		else
			buf_add(&clean, bytes_slice(rest, 0, step));
		rest = bytes_slice(rest, step == 0 ? 1 : step, rest.len);
	}
	out = arena_text(arena, buf_bytes(&clean));
	buf_free(&clean);
	return out;
}

void value_put_text(struct arena *arena, struct value *parent,
		    const char *key, const char *text)
{
	struct value *value;

	if (text == NULL)
		return;
	text = text_clean(arena, text);
	if (text == NULL)
		return;
	value = value_put(arena, parent, key, VALUE_TEXT);
	if (value != NULL)
		value->text = text;
}

void value_put_number(struct arena *arena, struct value *parent,
		      const char *key, int64_t number)
{
	struct value *value = value_put(arena, parent, key, VALUE_NUMBER);

	if (value != NULL)
		value->number = number;
}

void value_put_truth(struct arena *arena, struct value *parent,
		     const char *key, bool truth)
{
	struct value *value = value_put(arena, parent, key, VALUE_TRUTH);

	if (value != NULL)
		value->truth = truth;
}

struct value *value_put_list(struct arena *arena, struct value *parent,
			     const char *key)
{
	return value_put(arena, parent, key, VALUE_LIST);
}

struct value *value_put_dict(struct arena *arena, struct value *parent,
			     const char *key)
{
	return value_put(arena, parent, key, VALUE_DICT);
}

const struct value *value_find(const struct value *dict, const char *key,
			       enum value_kind kind)
{
	const struct value *member;

	if (dict == NULL || dict->kind != VALUE_DICT)
		return NULL;
	for (member = dict->first; member != NULL; member = member->next)
		if (strcmp(member->key, key) == 0)
			return member->kind == kind ? member : NULL;
	return NULL;
}

const char *value_text(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_TEXT);

	return found == NULL ? NULL : found->text;
}

int64_t value_number(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_NUMBER);

	return found == NULL ? 0 : found->number;
}

static struct value *copy(struct arena *arena, const struct value *from,
			  unsigned depth)
{
	struct value *to = arena_alloc(arena, sizeof(*to)), *member;
	const struct value *at;

	if (to == NULL || depth > VALUE_DEPTH_MAX)
		return NULL;
	*to = *from;
	to->first = to->last = to->next = NULL;
	if (from->key != NULL)
		to->key = arena_text(arena, bytes_of(from->key));
	if (from->text != NULL)
		to->text = arena_text(arena, bytes_of(from->text));
	if ((from->key != NULL && to->key == NULL) ||
	    (from->text != NULL && to->text == NULL))
		return NULL;
	for (at = from->first; at != NULL; at = at->next) {
		member = copy(arena, at, depth + 1);
		if (member == NULL)
			return NULL;
		if (to->last == NULL)
			to->first = member;
		else
			to->last->next = member;
		to->last = member;
	}
	return to;
}

struct value *value_copy(struct arena *arena, const struct value *from)
{
	return copy(arena, from, 1);
}

struct value *value_take(struct value *dict, const char *key,
			 enum value_kind kind)
{
	struct value *before = NULL, *member;

	if (dict == NULL || dict->kind != VALUE_DICT)
		return NULL;
	for (member = dict->first; member != NULL; member = member->next) {
		if (strcmp(member->key, key) == 0)
			break;
		before = member;
	}
	if (member == NULL || member->kind != kind)
		return NULL;
	if (before == NULL)
		dict->first = member->next;
	else
		before->next = member->next;
	if (dict->last == member)
		dict->last = before;
	dict->count--;
	member->next = NULL;
	return member;
}

static void encode_text(const char *text, struct buf *to)
{
	struct bytes bytes = bytes_of(text);

	buf_u32(to, (uint32_t)bytes.len);
	buf_add(to, bytes);
}

static int encode(const struct value *value, struct buf *to, unsigned depth)
{
	const struct value *member;
	int r;

	if (value == NULL || depth > VALUE_DEPTH_MAX)
		return ERR_LIMIT;
	buf_byte(to, (unsigned char)tags[value->kind]);
	switch (value->kind) {
	case VALUE_TEXT:
		encode_text(value->text, to);
		break;
	case VALUE_NUMBER:
		buf_u64(to, (uint64_t)value->number);
		break;
	case VALUE_TRUTH:
		buf_byte(to, value->truth);
		break;
	case VALUE_LIST:
	case VALUE_DICT:
		if (value->count > VALUE_MEMBERS_MAX)
			return ERR_LIMIT;
		buf_u32(to, (uint32_t)value->count);
		for (member = value->first; member != NULL;
		     member = member->next) {
			if (value->kind == VALUE_DICT)
				encode_text(member->key, to);
			r = encode(member, to, depth + 1);
			if (r < 0)
				return r;
		}
		break;
	}
	return to->full ? ERR_LIMIT : 0;
}

int value_encode(const struct value *value, struct buf *to)
{
	return encode(value, to, 0);
}

static int decode_text(struct arena *arena, struct bytes *from,
		       const char **out)
{
	struct bytes text;
	uint32_t len;

	if (!take_u32(from, &len) || len > VALUE_TEXT_MAX ||
	    !take_bytes(from, len, &text) || !utf8_is_valid(text))
		return ERR_PROTOCOL;
	*out = arena_text(arena, text);
	return *out == NULL ? ERR_LIMIT : 0;
}

static int decode(struct arena *arena, struct bytes *from,
		  struct value *value, unsigned depth);

static int decode_members(struct arena *arena, struct bytes *from,
			  struct value *value, unsigned depth)
{
	struct value *member;
	const char *key = NULL;
	uint32_t count, i;
	int r;

	if (!take_u32(from, &count) || count > VALUE_MEMBERS_MAX)
		return ERR_PROTOCOL;
	for (i = 0; i < count; i++) {
		if (value->kind == VALUE_DICT) {
			r = decode_text(arena, from, &key);
			if (r < 0)
				return r;
		}
		member = value_put(arena, value, key, VALUE_TEXT);
		if (member == NULL)
			return ERR_LIMIT;
		r = decode(arena, from, member, depth + 1);
		if (r < 0)
			return r;
	}
	return 0;
}

static int decode(struct arena *arena, struct bytes *from,
		  struct value *value, unsigned depth)
{
	unsigned char tag, truth;
	uint64_t number;

	if (depth > VALUE_DEPTH_MAX || !take_byte(from, &tag))
		return ERR_PROTOCOL;
	switch (tag) {
	case 't':
		value->kind = VALUE_TEXT;
		return decode_text(arena, from, &value->text);
	case 'n':
		value->kind = VALUE_NUMBER;
		if (!take_u64(from, &number))
			return ERR_PROTOCOL;
		memcpy(&value->number, &number, sizeof(number));
		return 0;
	case 'b':
		value->kind = VALUE_TRUTH;
		if (!take_byte(from, &truth) || truth > 1)
			return ERR_PROTOCOL;
		value->truth = truth == 1;
		return 0;
	case 'l':
	case 'd':
		value->kind = tag == 'l' ? VALUE_LIST : VALUE_DICT;
		return decode_members(arena, from, value, depth);
	default:
		return ERR_PROTOCOL;
	}
}

int value_decode(struct arena *arena, struct bytes from, struct value **out)
{
	struct value *value = value_new(arena, VALUE_TEXT);
	int r;

	*out = NULL;
	if (value == NULL)
		return ERR_LIMIT;
	r = decode(arena, &from, value, 0);
	if (r < 0)
		return r;
	if (from.len > 0)
		return ERR_PROTOCOL;
	*out = value;
	return 0;
}
