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

/* The same but for where it is folded. */
static bool values_equal(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;

	a = bytes_trim(a);
	b = bytes_trim(b);
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

/* Whether one of the fields of that name has that value. */
static bool stands_in(const struct message *header, struct bytes name,
		      struct bytes value)
{
	const struct field *field;
	size_t i;

	for (i = 0; i < header->field_count; i++) {
		field = &header->fields[i];
		if (!field->odd_name && bytes_equal_nocase(field->name, name) &&
		    values_equal(field->value, value))
			return true;
	}
	return false;
}

/* "HP-Outer: Name: value" */
static bool outer_cut(const struct field *field, struct bytes *name,
		      struct bytes *value)
{
	if (field->odd_name || !bytes_is_nocase(field->name, "HP-Outer") ||
	    !bytes_cut(field->value, ':', name, value))
		return false;
	*name = bytes_trim(*name);
	return name->len > 0;
}

/* What the sender says stood outside with the same value. */
static bool was_outside(const struct message *inside,
			const struct field *field)
{
	struct bytes name, value;
	size_t i;

	for (i = 0; i < inside->field_count; i++)
		if (outer_cut(&inside->fields[i], &name, &value) &&
		    bytes_equal_nocase(name, field->name) &&
		    values_equal(value, field->value))
			return true;
	return false;
}

struct reading {
	const struct message *inside, *outside;
	struct hp_read *out;
	struct names inner, hidden, changed;
};

static void look_at(struct reading *reading, const struct field *field)
{
	bool outside = stands_in(reading->outside, field->name, field->value);
	struct bytes name, value;

	if (outer_cut(field, &name, &value)) {
		if (!stands_in(reading->outside, name, value))
			names_add(&reading->changed, name);
		return;
	}
	if (field->odd_name || hp_is_structural(field) || hp_is_trace(field))
		return;
	names_add(&reading->inner, field->name);
	if (reading->out->kind == HP_CLEAR) {
		if (!outside)
			names_add(&reading->changed, field->name);
	} else if (reading->out->old) {
		if (!outside)
			names_add(&reading->hidden, field->name);
	} else if (!was_outside(reading->inside, field)) {
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
	reading.inside = payload->header;
	reading.outside = outside;
	reading.out = out;
	if (!names_start(&reading.inner, arena) ||
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
