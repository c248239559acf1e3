/* message_hidden.c - reading every line as the most lenient program would
 *
 * Slow and simple: messages that are odd in no way never get here. */
#include "agent/mail/message_hidden.h"

#include "agent/mail/message.h"

#define NAME_MAX_OCTETS	32	/* of the names that are asked for */
#define NAME_UNMISTAKABLE 7	/* from here on a name does not stand in
				 * long lines by chance, as "To" does */

struct search {
	const char *name;
	struct bytes field;	/* the line that began the field */
	size_t count;
};

/* Whether `text` is `name` once all that is not ftext is left out: blanks,
 * control characters, a byte order mark.  Parsers drop them too. */
static bool is_word(struct bytes text, const char *name)
{
	size_t i, used = 0;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] < 33 || text.data[i] > 126)
			continue;
		if (name[used] == 0 || byte_lower(text.data[i]) !=
				       byte_lower((unsigned char)name[used]))
			return false;
		used++;
	}
	return name[used] == 0;
}

bool line_reads_as(struct bytes line, const char *name)
{
	size_t colon = bytes_find(line, ':');

	return colon < line.len && is_word(bytes_slice(line, 0, colon), name);
}

/* How many octets at `at` end a line for somebody; 0: none. */
static size_t separator_at(struct bytes text, size_t at)
{
	const unsigned char *s = text.data + at;
	size_t left = text.len - at;

	if (s[0] < 32)
		return s[0] != '\t';
	if (s[0] == 0xC2 && left > 1 && s[1] == 0x85)
		return 2;
	if (s[0] == 0xE2 && left > 2 && s[1] == 0x80 && (s[2] | 1) == 0xA9)
		return 3;
	return 0;
}

/* Every message is looked through with this: nearly all octets are passed by
 * the first comparison. */
bool text_has_separator(struct bytes text)
{
	const unsigned char *at = text.data, *end;

	if (text.len == 0)
		return false;		/* `data` may be NULL */
	for (end = at + text.len; at < end; at++) {
		if (*at >= 32 && *at < 0xC2)
			continue;
		if (*at == '\n' || *at == '\t' ||
		    (*at == '\r' && end - at > 1 && at[1] == '\n'))
			continue;
		if (separator_at(text, (size_t)(at - text.data)) > 0)
			return true;
	}
	return false;
}

static bool is_from(const struct search *search)
{
	return bytes_is_nocase(bytes_of(search->name), "From");
}

/* "from:to:subject;" as h= of a signature folds it: no address begins so. */
static bool is_name_list(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len && text.data[i] != ';'; i++)
		if (!byte_is_alpha(text.data[i]) &&
		    !byte_is_digit(text.data[i]) &&
		    !byte_is_blank(text.data[i]) &&
		    text.data[i] != '-' && text.data[i] != ':')
			return false;
	return i < text.len;
}

static bool in_signature(const struct search *search)
{
	static const char end[] = "-Signature";
	size_t len = sizeof(end) - 1, colon = bytes_find(search->field, ':');

	return colon > len && colon < search->field.len &&
	       bytes_is_nocase(bytes_slice(search->field, colon - len, colon),
			       end);
}

/* Behind what ends a line for some; each name is counted once. */
static void look_behind_separators(struct search *search, struct bytes line)
{
	struct bytes rest;
	size_t i = 0, len;

	if (line_reads_as(line, search->name))	/* counted already */
		i = bytes_find(line, ':');
	while (i < line.len) {
		len = separator_at(line, i);
		rest = bytes_slice(line, i + len, line.len);
		i += len > 0 ? len : 1;
		if (len > 0 && line_reads_as(rest, search->name)) {
			search->count++;
			i += bytes_find(rest, ':');
		}
	}
}

/* Programs with a buffer of their own cut a long line anywhere, and go on as
 * if a line began there. */
static void look_into_long(struct search *search, struct bytes line)
{
	size_t len = strlen(search->name), i, at;
	struct bytes rest;

	if (line.len <= MESSAGE_LINE_MAX ||
	    (len < NAME_UNMISTAKABLE && !is_from(search)))
		return;
	for (i = 1; i + len < line.len; i++) {
		rest = bytes_slice(line, i, line.len);
		if (!bytes_starts_nocase(rest, search->name))
			continue;
		for (at = len; at < rest.len && byte_is_blank(rest.data[at]);)
			at++;
		if (at < rest.len && rest.data[at] == ':' &&
		    (!is_from(search) || bytes_has(rest, '@')) &&
		    !(in_signature(search) && is_name_list(rest)))
			search->count++;
	}
}

/* A folded line: part of the field above, and perhaps more to others. */
static void look_at_folded(struct search *search, struct bytes line)
{
	struct bytes text = bytes_trim(line);

	if (search->field.data == NULL) {	/* the first line */
		search->count += line_reads_as(text, search->name);
		return;
	}
	if (is_from(search) && line_reads_as(text, search->name) &&
	    bytes_has(text, '@') &&
	    !(in_signature(search) && is_name_list(text)))
		search->count++;
	/* "From" CRLF " : x": a fold before the colon. */
	if (text.len > 0 && text.data[0] == ':' &&
	    !bytes_has(search->field, ':') &&
	    is_word(search->field, search->name))
		search->count++;
}

/* "From :", and what hides in front of the name. */
static void look_at_field(struct search *search, struct bytes line)
{
	size_t colon = bytes_find(line, ':');

	search->field = line;
	if (line_reads_as(line, search->name) &&
	    !bytes_is_nocase(bytes_slice(line, 0, colon), search->name))
		search->count++;
}

size_t message_hidden(const struct message *message, const char *name)
{
	struct search search = { name, { NULL, 0 }, 0 };
	struct bytes rest = message->head, line;

	if (!message->odd || strlen(name) > NAME_MAX_OCTETS)
		return 0;
	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0 && byte_is_blank(line.data[0]))
			look_at_folded(&search, line);
		else
			look_at_field(&search, line);
		look_behind_separators(&search, line);
		look_into_long(&search, line);
	}
	return search.count;
}
