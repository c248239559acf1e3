/* outgoing.c - finding header and body of what a program handed over */
#include "agent/flow/outgoing.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"

/* A line with its end; CR, LF and CRLF all end one. */
static struct bytes line_of(struct bytes rest)
{
	size_t len = 0;

	while (len < rest.len && rest.data[len] != '\n' &&
	       rest.data[len] != '\r')
		len++;
	if (len < rest.len)
		len++;
	if (len < rest.len && rest.data[len - 1] == '\r' &&
	    rest.data[len] == '\n')
		len++;
	return bytes_slice(rest, 0, len);
}

static bool is_empty(struct bytes line)
{
	return line.len == 0 || line.data[0] == '\n' || line.data[0] == '\r';
}

/* RFC 5322 section 2.2; blanks before the colon as section 4.5 has them. */
static size_t name_length(struct bytes line, size_t *colon)
{
	size_t len = 0, at;

	while (len < line.len && line.data[len] > ' ' &&
	       line.data[len] < 0x7f && line.data[len] != ':')
		len++;
	at = len;
	while (at < line.len && byte_is_blank(line.data[at]))
		at++;
	if (len == 0 || at >= line.len || line.data[at] != ':')
		return 0;
	*colon = at;
	return len;
}

static void field_extend(struct outgoing_field *field, size_t by)
{
	field->whole.len += by;
	field->value.len += by;
}

static bool is_resent(struct bytes name)
{
	return bytes_starts_nocase(name, "Resent-");
}

int outgoing_read(struct arena *arena, const struct memfile *file,
		  struct outgoing *out)
{
	struct bytes rest = file->bytes, line;
	struct outgoing_field *field = NULL;
	size_t len, colon = 0;

	memset(out, 0, sizeof(*out));
	out->file = file;
	out->fields = arena_array(arena, OUTGOING_FIELDS_MAX,
				  sizeof(*out->fields));
	if (out->fields == NULL)
		return ERR_LIMIT;
	/* A mailbox file's, and not "From : alice@example.org". */
	if ((bytes_starts(rest, "From ") || bytes_starts(rest, ">From ")) &&
	    name_length(line_of(rest), &colon) == 0)
		rest = bytes_slice(rest, line_of(rest).len, rest.len);
	while (rest.len > 0) {
		line = line_of(rest);
		if (is_empty(line)) {
			rest = bytes_slice(rest, line.len, rest.len);
			break;
		}
		len = name_length(line, &colon);
		if (field != NULL && byte_is_blank(line.data[0])) {
			field_extend(field, line.len);
		} else if (len == 0) {
			break;		/* the body, without an empty line */
		} else {
			if (out->count == OUTGOING_FIELDS_MAX)
				return ERR_LIMIT;
			field = &out->fields[out->count++];
			field->name = bytes_slice(line, 0, len);
			field->value = bytes_slice(line, colon + 1, line.len);
			field->whole = line;
			out->resent = out->resent || is_resent(field->name);
		}
		rest = bytes_slice(rest, line.len, rest.len);
	}
	out->body_at = file->bytes.len - rest.len;
	if (out->body_at > OUTGOING_HEADER_MAX ||
	    (rest.len == 0 && file->size > file->bytes.len))
		return ERR_LIMIT;
	return 0;
}

const struct outgoing_field *outgoing_find(const struct outgoing *message,
					   const char *name, size_t nth)
{
	size_t i;

	for (i = 0; i < message->count; i++)
		if (bytes_is_nocase(message->fields[i].name, name) &&
		    nth-- == 0)
			return &message->fields[i];
	return NULL;
}

struct bytes outgoing_value(struct arena *arena,
			    const struct outgoing_field *field)
{
	struct bytes value = field->value;
	unsigned char *room = arena_alloc(arena, value.len + 1);
	struct bytes out = { room, 0 };
	size_t i;

	if (room == NULL)
		return out;
	for (i = 0; i < value.len; i++)
		if (value.data[i] != '\r' && value.data[i] != '\n')
			room[out.len++] = value.data[i];
	return bytes_trim(out);
}

const char *outgoing_text(struct arena *arena, const struct outgoing *message,
			  const char *name)
{
	const struct outgoing_field *field = outgoing_find(message, name, 0);

	if (field == NULL)
		return NULL;
	return arena_text(arena, outgoing_value(arena, field));
}

bool outgoing_may_quote(const struct outgoing *message)
{
	static const char *const plain[] = { "7bit", "8bit", "binary" };
	const struct outgoing_field *type, *encoding;
	struct bytes word;
	size_t i;

	type = outgoing_find(message, "Content-Type", 0);
	encoding = outgoing_find(message, "Content-Transfer-Encoding", 0);
	if (message->resent || outgoing_find(message, "DKIM-Signature", 0) !=
	    NULL || (type != NULL &&
		     !bytes_starts_nocase(bytes_trim(type->value), "text/")))
		return false;
	if (encoding == NULL)
		return true;
	word = bytes_trim(encoding->value);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (bytes_is_nocase(word, plain[i]))
			return true;
	return false;
}
