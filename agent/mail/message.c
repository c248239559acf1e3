/* message.c - lines to fields, in one pass over the header */
#include "agent/mail/message.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"

#define FIELDS_FIRST	64
#define NAME_OCTETS_MAX	998	/* RFC 5322 section 2.1.1: a line */

struct reader {
	struct arena *arena;
	struct message *message;
	struct bytes rest;
	size_t room;			/* fields there is room for */
	bool first_line;
	bool had_crlf, had_lf;
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
		if (line->len > 0 && line->data[line->len - 1] == '\r') {
			line->len--;
			reader->had_crlf = true;
		} else {
			reader->had_lf = true;
		}
		at++;
	}
	if (line->data == NULL)		/* an empty line still has a place */
		line->data = reader->rest.data;
	reader->rest.data += at;
	reader->rest.len -= at;
	return true;
}

static bool is_from_word(struct bytes text)
{
	return bytes_starts_nocase(text, "from");
}

/* "From" blanks ":" : what a lenient parser reads as a From field. */
static bool reads_as_from(struct bytes line)
{
	size_t at = 4;

	if (!is_from_word(line))
		return false;
	while (at < line.len && byte_is_blank(line.data[at]))
		at++;
	return at < line.len && line.data[at] == ':';
}

/* A From behind a bare CR, which some parsers take for a line end. */
static unsigned from_after_cr(struct bytes line)
{
	unsigned count = 0;
	size_t at;

	while ((at = bytes_find(line, '\r')) < line.len) {
		line = bytes_slice(line, at + 1, line.len);
		count += reads_as_from(bytes_trim(line));
	}
	return count;
}

static void look_at_line(struct reader *reader, struct bytes line)
{
	struct message *message = reader->message;

	if (bytes_has(line, 0))
		message->has_nul = true;
	if (bytes_has(line, '\r')) {
		message->has_bare_cr = true;
		message->hidden_from += from_after_cr(line);
	}
}

/* A folded line: part of the field above, and perhaps more to others. */
static void continuation(struct reader *reader, struct bytes line)
{
	struct message *message = reader->message;
	struct bytes text = bytes_trim(line);
	struct field *field;

	if (reads_as_from(text) && (bytes_has(text, '@') ||
				    reader->first_line))
		message->hidden_from++;
	if (message->field_count == 0)
		return;
	field = &message->fields[message->field_count - 1];
	field->whole.len = (size_t)(line.data + line.len - field->whole.data);
	field->value.len = (size_t)(line.data + line.len - field->value.data);
	/* "From" CRLF " : x": a fold before the colon. */
	if (field->odd_name && is_from_word(field->name) &&
	    text.len > 0 && text.data[0] == ':')
		message->hidden_from++;
}

static bool name_is_odd(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.data[i] < 33 || name.data[i] > 126)
			return true;
	return name.len == 0;
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
			  field->name.len > NAME_OCTETS_MAX;
	field->name = bytes_trim(field->name);
	field->value.data = line.data + (colon < line.len ? colon + 1 : colon);
	field->value.len = (size_t)(line.data + line.len - field->value.data);
	if (field->odd_name && reads_as_from(line))
		message->hidden_from++;
	return 0;
}

static int header_read(struct reader *reader)
{
	struct message *message = reader->message;
	const unsigned char *start = reader->rest.data;
	struct bytes line;
	int r = 0;

	reader->first_line = true;
	while (r == 0 && line_take(reader, &line)) {
		if ((size_t)(reader->rest.data - start) > MESSAGE_HEADER_MAX)
			return ERR_LIMIT;
		if (line.len == 0) {
			message->body = reader->rest;
			break;
		}
		look_at_line(reader, line);
		if (byte_is_blank(line.data[0]))
			continuation(reader, line);
		else
			r = field_add(reader, line);
		reader->first_line = false;
	}
	message->head.data = start;
	message->head.len = (size_t)(reader->rest.data - start);
	message->mixed_line_ends = reader->had_crlf && reader->had_lf;
	return r;
}

static bool has_a_field(const struct message *message)
{
	size_t i;

	for (i = 0; i < message->field_count; i++)
		if (!message->fields[i].odd_name)
			return true;
	return false;
}

int message_parse(struct arena *arena, struct bytes raw, struct message **out)
{
	struct message *message = arena_alloc(arena, sizeof(*message));
	struct reader reader;
	size_t end;
	int r;

	*out = NULL;
	if (message == NULL)
		return ERR_LIMIT;
	if (bytes_starts(raw, "From ") || bytes_starts(raw, ">From ")) {
		end = bytes_find(bytes_slice(raw, 0, MESSAGE_HEADER_MAX),
				 '\n');
		/* "From :" on the first line is no mbox line. */
		if (!reads_as_from(bytes_slice(raw, 0, end))) {
			raw = bytes_slice(raw, end + 1, raw.len);
			message->had_mbox_line = true;
		}
	}
	message->raw = raw;
	memset(&reader, 0, sizeof(reader));
	reader.arena = arena;
	reader.message = message;
	reader.rest = raw;
	/* No line end within the limit: do not look further. */
	if (raw.len > MESSAGE_HEADER_MAX &&
	    bytes_find(bytes_slice(raw, 0, MESSAGE_HEADER_MAX), '\n') ==
	    MESSAGE_HEADER_MAX)
		return ERR_LIMIT;
	r = header_read(&reader);
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
