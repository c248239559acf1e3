/* compose_type.c - kept where it can be read, made anew where it cannot */
#include "agent/mail/compose_type.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"

#define FIELD_MAX	(64 * 1024)	/* octets */
#define NAME		"Content-Type: "
#define CRLF		"\r\n"

/* They are ours to say. */
static bool is_own(const struct mime_parameter *parameter)
{
	static const char *const own[] = {
		"hp", "protected-headers", "hp-legacy-display"
	};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(parameter->name, own[i]) == 0)
			return true;
	return false;
}

static bool has_own(const struct mime_type *type)
{
	size_t i;

	for (i = 0; i < type->count; i++)
		if (is_own(&type->parameters[i]))
			return true;
	return false;
}

/* Without the ";" that may stand at its end. */
static struct bytes trimmed(struct bytes text)
{
	text = bytes_trim(text);
	if (text.len > 0 && text.data[text.len - 1] == ';')
		text.len--;
	return bytes_trim(text);
}

static bool is_readable(const struct mime_part *part,
			const struct field *field)
{
	struct bytes value = trimmed(field->value);

	return value.len > 0 && !part->type.odd && !has_own(&part->type) &&
	       !bytes_has(value, 0);
}

void compose_lines(struct buf *to, struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '\r' && i + 1 < text.len &&
		    text.data[i + 1] == '\n')
			continue;
		if (text.data[i] == '\r' || text.data[i] == '\n')
			buf_text(to, CRLF);
		else
			buf_byte(to, text.data[i]);
	}
}

static bool is_printable(const char *text)
{
	for (; *text != 0; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void put_percent(struct buf *to, const char *text)
{
	for (; *text != 0; text++)
		if ((*text >= '0' && *text <= '9') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= 'a' && *text <= 'z'))
			buf_byte(to, (unsigned char)*text);
		else
			buf_print(to, "%%%02X", (unsigned char)*text);
}

static void put_parameter(struct buf *to, const struct mime_parameter *one)
{
	const char *text;

	if (!is_printable(one->value)) {
		buf_print(to, ";" CRLF " %s*=utf-8''", one->name);
		put_percent(to, one->value);
		return;
	}
	buf_print(to, ";" CRLF " %s=\"", one->name);
	for (text = one->value; *text != 0; text++) {
		if (*text == '"' || *text == '\\')
			buf_byte(to, '\\');
		buf_byte(to, (unsigned char)*text);
	}
	buf_byte(to, '"');
}

static void put_anew(struct buf *to, const struct mime_type *type)
{
	size_t i;

	buf_print(to, NAME "%s", type->name != NULL &&
		  strchr(type->name, '/') != NULL ? type->name : "text/plain");
	for (i = 0; i < type->count; i++)
		if (!is_own(&type->parameters[i]))
			put_parameter(to, &type->parameters[i]);
}

struct bytes compose_type(struct arena *arena, const struct mime_part *part,
			  const char *added)
{
	const struct field *field = part->header == NULL ? NULL :
		message_find(part->header, "Content-Type", 0);
	struct bytes out;
	struct buf to;

	if (field == NULL && !part->lines.eight_bit && added[0] == 0)
		return bytes_of("");
	buf_init(&to, FIELD_MAX);
	if (field == NULL && part->lines.eight_bit)
		buf_text(&to, NAME "text/plain; charset=utf-8");
	else if (field == NULL)
		buf_text(&to, NAME "text/plain");
	else if (added[0] == 0 || is_readable(part, field))
		compose_lines(&to, added[0] == 0 ? bytes_trim(field->whole) :
						   trimmed(field->whole));
	else
		put_anew(&to, &part->type);
	buf_text(&to, added);
	buf_text(&to, CRLF);
	out = to.full ? (struct bytes){ NULL, 0 } :
			arena_bytes(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}
