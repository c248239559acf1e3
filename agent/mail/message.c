/* message.c - lines to fields, in one pass over the header */
#include "agent/mail/message.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message_hidden.h"

#define FIELDS_FIRST	64
#define MBOX_LINE_MAX	4096

struct reader {
	struct arena *arena;
	struct message *message;
	struct bytes rest;
	size_t room;			/* fields there is room for */
	bool first_line;
	bool behind_field;		/* a line that is one was seen */
};

/* The next line without its end; false: no line is left. */
static bool line_take(struct reader *reader, struct bytes *line)
{
	size_t at;

	if (reader->rest.len == 0)
		return false;
	at = bytes_find(reader->rest, '\n');
	*line = bytes_slice(reader->rest, 0, at);
	if (at < reader->rest.len) {
		if (line->len > 0 && line->data[line->len - 1] == '\r')
			line->len--;
		at++;
	}
	if (line->data == NULL)		/* an empty line still has a place */
		line->data = reader->rest.data;
	reader->rest.data += at;
	reader->rest.len -= at;
	return true;
}

/* A folded line: part of the field above, and perhaps more to others. */
static void continuation(struct reader *reader, struct bytes line)
{
	struct message *message = reader->message;
	struct field *field;

	if (line_reads_as(bytes_trim(line), "From"))
		message->odd = true;
	if (reader->first_line)
		message->odd = message->starts_blank = true;
	if (message->field_count == 0)
		return;
	field = &message->fields[message->field_count - 1];
	if (field->odd_name)
		message->has_stray_line = true;
	field->whole.len = (size_t)(line.data + line.len - field->whole.data);
	field->value.len = (size_t)(line.data + line.len - field->value.data);
}

static bool name_is_odd(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.data[i] < 33 || name.data[i] > 126)
			return true;
	return name.len == 0;
}

/* Another mailbox line below the one that was left out, as some servers write
 * when they pass a mail on.  Among fields it is an attacker's. */
static bool is_mbox_line(const struct reader *reader, struct bytes line)
{
	return !reader->behind_field && (bytes_starts(line, "From ") ||
					 bytes_starts(line, ">From "));
}

static int field_add(struct reader *reader, struct bytes line)
{
	struct message *message = reader->message;
	struct field *field, *fields;
	size_t colon = bytes_find(line, ':');

	if (message->field_count == MESSAGE_FIELDS_MAX)
		return ERR_LIMIT;
	if (message->field_count == reader->room) {
		reader->room = reader->room == 0 ? FIELDS_FIRST :
						   reader->room * 2;
		fields = arena_array(reader->arena, reader->room,
				     sizeof(*fields));
		if (fields == NULL)
			return ERR_LIMIT;
		if (message->field_count > 0)
			memcpy(fields, message->fields,
			       message->field_count * sizeof(*fields));
		message->fields = fields;
	}
	field = &message->fields[message->field_count++];
	field->whole = line;
	field->name = bytes_slice(line, 0, colon);
	field->odd_name = colon == line.len || name_is_odd(field->name) ||
			  field->name.len > MESSAGE_LINE_MAX;
	field->name = bytes_trim(field->name);
	field->value.data = line.data + (colon < line.len ? colon + 1 : colon);
	field->value.len = (size_t)(line.data + line.len - field->value.data);
	if (field->odd_name)
		message->odd = true;
	if (!field->odd_name || !is_mbox_line(reader, line)) {
		message->has_stray_line |= field->odd_name;
		reader->behind_field = true;
	}
	return 0;
}

static void look_at_octets(struct message *message)
{
	struct bytes rest = message->head, before;

	if (text_has_separator(rest)) {
		message->odd = true;
		message->has_nul = bytes_has(rest, 0);
		while (bytes_cut(rest, '\r', &before, &rest))
			if (rest.len == 0 || rest.data[0] != '\n')
				message->has_bare_cr = true;
	}
	if (message->odd)
		message->hidden_from = message_hidden(message, "From");
}

/* Looks at MESSAGE_HEADER_MAX octets and the empty line behind, no more. */
static int header_read(struct reader *reader, struct bytes raw)
{
	struct message *message = reader->message;
	struct bytes line = { NULL, 0 };
	size_t used = 0;
	bool ended = false;
	int r = 0;

	reader->rest = bytes_slice(raw, 0, MESSAGE_HEADER_MAX + 2);
	reader->first_line = true;
	while (r == 0 && line_take(reader, &line)) {
		ended = line.len == 0;
		if (ended)
			break;
		used = (size_t)(reader->rest.data - raw.data);
		if (line.len > MESSAGE_LINE_MAX)
			message->odd = true;
		if (byte_is_blank(line.data[0]))
			continuation(reader, line);
		else
			r = field_add(reader, line);
		reader->first_line = false;
	}
	if (r == 0 && (used > MESSAGE_HEADER_MAX ||
		       (!ended && raw.len > MESSAGE_HEADER_MAX)))
		r = ERR_LIMIT;
	message->head = bytes_slice(raw, 0, used);
	if (ended)
		message->body = bytes_slice(raw, (size_t)(reader->rest.data -
							  raw.data), raw.len);
	look_at_octets(message);
	return r;
}

/* At least one name that is a name, were it not for blanks around it. */
static bool has_a_field(const struct message *message)
{
	size_t i;

	for (i = 0; i < message->field_count; i++)
		if (!message->fields[i].odd_name ||
		    (message->fields[i].whole.len >
		     message->fields[i].name.len &&
		     !name_is_odd(message->fields[i].name)))
			return true;
	return false;
}

/* "From alice@example.org Mon Mar  2 10:00:00 2026" as mailbox files have it;
 * "From : x" on the first line is none. */
static struct bytes without_mbox_line(struct message *message,
				      struct bytes raw)
{
	struct bytes start = bytes_slice(raw, 0, MBOX_LINE_MAX), line, rest;

	if ((!bytes_starts(raw, "From ") && !bytes_starts(raw, ">From ")) ||
	    !bytes_cut(start, '\n', &line, &rest) ||
	    line_reads_as(line, "From"))
		return raw;
	message->had_mbox_line = true;
	return bytes_slice(raw, line.len + 1, raw.len);
}

int message_parse(struct arena *arena, struct bytes raw, struct message **out)
{
	struct message *message = arena_alloc(arena, sizeof(*message));
	struct reader reader;
	int r;

	*out = NULL;
	if (message == NULL)
		return ERR_LIMIT;
	message->raw = without_mbox_line(message, raw);
	memset(&reader, 0, sizeof(reader));
	reader.arena = arena;
	reader.message = message;
	r = header_read(&reader, message->raw);
	if (r < 0)
		return r;
	if (!has_a_field(message))
		return ERR_NOT_MAIL;
	*out = message;
	return 0;
}

size_t message_count(const struct message *message, const char *name)
{
	size_t count = 0, i;

	for (i = 0; i < message->field_count; i++)
		if (!message->fields[i].odd_name &&
		    bytes_is_nocase(message->fields[i].name, name))
			count++;
	return count;
}

const struct field *message_find(const struct message *message,
				 const char *name, size_t nth)
{
	size_t i;

	for (i = 0; i < message->field_count; i++)
		if (!message->fields[i].odd_name &&
		    bytes_is_nocase(message->fields[i].name, name) &&
		    nth-- == 0)
			return &message->fields[i];
	return NULL;
}

struct bytes field_unfold(struct arena *arena, const struct field *field)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to = arena_alloc(arena, field->value.len);
	size_t i, used = 0;
	unsigned char c;

	if (to == NULL)
		return out;
	for (i = 0; i < field->value.len; i++) {
		c = field->value.data[i];
		if (c == '\n' || (c == '\r' && i + 1 < field->value.len &&
				  field->value.data[i + 1] == '\n'))
			continue;
		to[used++] = c;
	}
	out.data = to;
	out.len = used;
	return bytes_trim(out);
}
