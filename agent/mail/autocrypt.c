/* autocrypt.c - attributes, and which message's count */
#include "agent/mail/autocrypt.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/address.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_base64.h"
#include "agent/mail/mime_type.h"

/* What one field says; kept only if all of it is right. */
struct reading {
	struct arena *arena;
	struct autocrypt out;
	bool full;
};

static bool read_address(struct reading *reading, struct bytes value)
{
	struct mailbox mailbox;

	if (reading->out.address != NULL ||
	    address_parse(reading->arena, value, &mailbox) < 0)
		return false;
	reading->out.address = address_normal(reading->arena, &mailbox);
	return reading->out.address != NULL;
}

/* Blanks are folds; anything else is no base64. */
static bool read_key(struct reading *reading, struct bytes value)
{
	struct base64_state state = { 0 };
	unsigned char *to = arena_alloc(reading->arena, value.len + 3);
	struct bytes rest = value;
	size_t i;

	if (to == NULL) {
		reading->full = true;
		return false;
	}
	for (i = 0; i < value.len; i++)
		if (!byte_is_alpha(value.data[i]) &&
		    !byte_is_digit(value.data[i]) &&
		    strchr("+/= \t\r\n", value.data[i]) == NULL)
			return false;
	reading->out.key.data = to;
	reading->out.key.len = base64_decode(&state, &rest, to,
					     value.len + 3);
	return reading->out.key.len > 0 && state.count == 0;
}

static bool attribute(struct reading *reading, struct bytes name,
		      struct bytes value)
{
	if (bytes_is_nocase(name, "addr"))
		return read_address(reading, value);
	if (bytes_is_nocase(name, "prefer-encrypt")) {
		reading->out.mutual = bytes_is(value, "mutual");
		return true;
	}
	if (bytes_is_nocase(name, "keydata"))
		return reading->out.key.data == NULL &&
		       read_key(reading, value);
	return name.len > 0 && name.data[0] == '_';
}

/* Attributes by ";", keydata the last (its padding holds "="). */
static bool field_read(struct reading *reading, const struct field *field)
{
	struct bytes rest = field_unfold(reading->arena, field);
	struct bytes one, name, value;

	memset(&reading->out, 0, sizeof(reading->out));
	if (rest.data == NULL)
		reading->full = true;
	while (rest.len > 0) {
		(void)bytes_cut(rest, ';', &one, &rest);
		if (!bytes_cut(one, '=', &name, &value))
			return bytes_trim(one).len == 0 && rest.len == 0;
		if (reading->out.key.data != NULL ||
		    !attribute(reading, bytes_trim(name), bytes_trim(value)))
			return false;
	}
	return true;
}

static bool counts(struct arena *arena, const struct message *message)
{
	const struct field *field = message_find(message, "Content-Type", 0);
	struct mime_type type = { NULL, NULL, 0, false };

	if (field != NULL)
		(void)mime_type_parse(arena, field_unfold(arena, field),
				      &type);
	if (mime_is(&type, "multipart/report"))
		return false;
	field = message_find(message, "Auto-Submitted", 0);
	return field == NULL ||
	       !bytes_starts_nocase(bytes_trim(field->value), "auto-");
}

int autocrypt_read(struct arena *arena, const struct message *message,
		   const char *from, struct autocrypt *out)
{
	struct reading reading = { arena, { NULL, false, { NULL, 0 } },
				   false };
	const struct field *field;
	size_t nth, found = 0;

	memset(out, 0, sizeof(*out));
	if (from == NULL || !counts(arena, message))
		return 0;
	for (nth = 0; (field = message_find(message, "Autocrypt", nth)) !=
	     NULL && !reading.full; nth++) {
		if (field->whole.len > AUTOCRYPT_MAX ||
		    !field_read(&reading, field) ||
		    reading.out.address == NULL ||
		    reading.out.key.data == NULL ||
		    !address_same(reading.out.address, from))
			continue;
		*out = reading.out;
		found++;
	}
	if (reading.full)
		return ERR_LIMIT;
	if (found != 1)
		memset(out, 0, sizeof(*out));
	return found == 1;
}
