/* protected_headers_read.c - what stands inside, and what became of it */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"
#include "agent/mail/protected_headers.h"

#define NAMES_MAX	100	/* of one list; further ones are not listed */

struct names {
	struct arena *arena;
	const char **list;
	size_t count;
	bool failed;
};

static bool names_start(struct names *names, struct arena *arena)
{
	names->arena = arena;
	names->count = 0;
	names->failed = false;
	names->list = arena_array(arena, NAMES_MAX, sizeof(*names->list));
	return names->list != NULL;
}

static void names_add(struct names *names, struct bytes name)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (bytes_is_nocase(name, names->list[i]))
			return;
	if (names->count == NAMES_MAX)
		return;
	names->list[names->count] = arena_text(names->arena, name);
	if (names->list[names->count] == NULL)
		names->failed = true;
	else
		names->count++;
}

/* The same but for where it is folded; nothing blank is around them. */
static bool values_equal(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len) {
		if (byte_is_space(a.data[i]) && byte_is_space(b.data[j])) {
			while (i < a.len && byte_is_space(a.data[i]))
				i++;
			while (j < b.len && byte_is_space(b.data[j]))
				j++;
		} else if (a.data[i++] != b.data[j++]) {
			return false;
		}
	}
	return i == a.len && j == b.len;
}

/* A field as it is compared.  Values are read once and then known by a sum:
 * a header may have thousands of fields, and each is sought in the other. */
struct mark {
	struct bytes name, value;
	uint64_t sum;
};

struct marks {
	struct mark *list;
	size_t count;
};

/* FNV-1a of what values_equal() compares. */
static uint64_t sum_of(struct bytes value)
{
	uint64_t sum = 0xcbf29ce484222325u;
	unsigned char octet, before = 0;
	size_t i;

	for (i = 0; i < value.len; i++) {
		octet = byte_is_space(value.data[i]) ? ' ' : value.data[i];
		if (octet != ' ' || before != ' ')
			sum = (sum ^ octet) * 0x100000001b3u;
		before = octet;
	}
	return sum;
}

static struct mark mark_of(struct bytes name, struct bytes value)
{
	struct mark mark = { name, bytes_trim(value), 0 };

	mark.sum = sum_of(mark.value);
	return mark;
}

/* Whether one of the fields of that name has that value. */
static bool stands_in(const struct marks *marks, const struct mark *mark)
{
	const struct mark *other;
	size_t i;

	for (i = 0; i < marks->count; i++) {
		other = &marks->list[i];
		if (other->sum == mark->sum &&
		    bytes_equal_nocase(other->name, mark->name) &&
		    values_equal(other->value, mark->value))
			return true;
	}
	return false;
}

/* "HP-Outer: Name: value" */
static bool outer_cut(const struct field *field, struct mark *out)
{
	struct bytes name, value;

	if (field->odd_name || !bytes_is_nocase(field->name, "HP-Outer") ||
	    !bytes_cut(field->value, ':', &name, &value))
		return false;
	*out = mark_of(bytes_trim(name), value);
	return out->name.len > 0;
}

static bool field_mark(const struct field *field, struct mark *out)
{
	if (!field->odd_name)
		*out = mark_of(field->name, field->value);
	return !field->odd_name;
}

/* False: no memory. */
static bool marks_make(struct marks *out, struct arena *arena,
		       const struct message *header,
		       bool (*mark)(const struct field *, struct mark *))
{
	size_t i;

	out->count = 0;
	out->list = arena_array(arena, header->field_count + 1,
				sizeof(*out->list));
	for (i = 0; out->list != NULL && i < header->field_count; i++)
		if (mark(&header->fields[i], &out->list[out->count]))
			out->count++;
	return out->list != NULL;
}

struct reading {
	struct marks outside;		/* as the message came */
	struct marks told;		/* as the sender says it stood there */
	struct hp_read *out;
	struct names inner, hidden, changed;
};

static void look_at(struct reading *reading, const struct field *field)
{
	struct mark mark;
	bool outside;

	if (outer_cut(field, &mark)) {
		if (!stands_in(&reading->outside, &mark))
			names_add(&reading->changed, mark.name);
		return;
	}
	if (hp_is_structural(field) || hp_is_trace(field) ||
	    !field_mark(field, &mark))
		return;
	outside = stands_in(&reading->outside, &mark);
	names_add(&reading->inner, field->name);
	if (reading->out->kind == HP_CLEAR) {
		if (!outside)
			names_add(&reading->changed, field->name);
	} else if (reading->out->old) {
		if (!outside)
			names_add(&reading->hidden, field->name);
	} else if (!stands_in(&reading->told, &mark)) {
		names_add(&reading->hidden, field->name);
	}
}

/* hp of the payload's root alone counts; encrypted or not is a fact, not what
 * the parameter says. */
static enum hp_kind kind_of(const struct mime_part *payload,
			    enum hp_sealed sealed, bool *old)
{
	const char *hp = mime_parameter(&payload->type, "hp");
	const char *v1 = mime_parameter(&payload->type, "protected-headers");

	*old = false;
	if (hp != NULL && (strcasecmp(hp, "clear") == 0 ||
			   strcasecmp(hp, "cipher") == 0))
		return sealed == HP_ENCRYPTED &&
		       strcasecmp(hp, "cipher") == 0 ? HP_CIPHER : HP_CLEAR;
	if (v1 == NULL || strcasecmp(v1, "v1") != 0)
		return HP_NONE;
	*old = true;
	return sealed == HP_ENCRYPTED ? HP_CIPHER : HP_CLEAR;
}

int hp_read(struct arena *arena, const struct mime_part *payload,
	    const struct message *outside, enum hp_sealed sealed,
	    struct hp_read *out)
{
	struct reading reading;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->kind = kind_of(payload, sealed, &out->old);
	if (out->kind == HP_NONE || payload->header == NULL)
		return 0;
	reading.out = out;
	if (!marks_make(&reading.outside, arena, outside, field_mark) ||
	    !marks_make(&reading.told, arena, payload->header, outer_cut) ||
	    !names_start(&reading.inner, arena) ||
	    !names_start(&reading.hidden, arena) ||
	    !names_start(&reading.changed, arena))
		return ERR_LIMIT;
	for (i = 0; i < payload->header->field_count; i++)
		look_at(&reading, &payload->header->fields[i]);
	out->signed_fields = reading.inner.list;
	out->signed_count = reading.inner.count;
	out->hidden_fields = reading.hidden.list;
	out->hidden_count = reading.hidden.count;
	out->changed_fields = reading.changed.list;
	out->changed_count = reading.changed.count;
	return reading.inner.failed || reading.hidden.failed ||
	       reading.changed.failed ? ERR_LIMIT : 0;
}
