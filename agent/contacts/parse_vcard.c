/* parse_vcard.c - FN, N and EMAIL of each card (RFC 6350, 2426, vCard 2.1) */
#include "agent/contacts/parse_formats.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"

#define CARD_EMAILS_MAX	32
#define LINE_MAX_BYTES	65536

struct card {
	struct bytes name;		/* FN; N where there is none */
	bool has_fn;
	struct bytes emails[CARD_EMAILS_MAX];
	size_t count;
};

/* "group.NAME;PARAM=x:value" */
struct property {
	struct bytes name, parameters, value;
};

static bool property_parse(struct bytes line, struct property *out)
{
	bool in_quotes = false;
	size_t colon, dot;

	for (colon = 0; colon < line.len; colon++) {
		if (line.data[colon] == '"')
			in_quotes = !in_quotes;
		else if (line.data[colon] == ':' && !in_quotes)
			break;
	}
	if (colon == line.len)
		return false;
	out->value = bytes_slice(line, colon + 1, line.len);
	(void)bytes_cut(bytes_slice(line, 0, colon), ';', &out->name,
			&out->parameters);
	dot = bytes_find(out->name, '.');
	if (dot < out->name.len)
		out->name = bytes_slice(out->name, dot + 1, out->name.len);
	return true;
}

static bool is_quoted_printable(struct bytes parameters)
{
	struct bytes one;

	while (parameters.len > 0) {
		(void)bytes_cut(parameters, ';', &one, &parameters);
		if (bytes_is_nocase(one, "ENCODING=QUOTED-PRINTABLE") ||
		    bytes_is_nocase(one, "QUOTED-PRINTABLE"))
			return true;
	}
	return false;
}

static int hex(unsigned char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Escapes undone: "\," and "=C3" alike. */
static struct bytes value_of(struct arena *arena,
			     const struct property *property)
{
	bool printable = is_quoted_printable(property->parameters);
	struct bytes in = property->value, out = { NULL, 0 };
	struct buf text;
	size_t i;

	buf_init(&text, LINE_MAX_BYTES);
	for (i = 0; i < in.len; i++) {
		if (printable && in.data[i] == '=' && i + 2 < in.len &&
		    hex(in.data[i + 1]) >= 0 && hex(in.data[i + 2]) >= 0) {
			buf_byte(&text, (unsigned char)
				 (hex(in.data[i + 1]) * 16 +
				  hex(in.data[i + 2])));
			i += 2;
		} else if (in.data[i] == '\\' && i + 1 < in.len) {
			i++;
			buf_byte(&text, in.data[i] == 'n' ||
				 in.data[i] == 'N' ? ' ' : in.data[i]);
		} else {
			buf_byte(&text, in.data[i]);
		}
	}
	if (!text.full && utf8_is_valid(buf_bytes(&text)))
		out = arena_bytes(arena, bytes_trim(buf_bytes(&text)));
	buf_free(&text);
	return out;
}

/* N is "Family;Given;...": given first, as people are shown. */
static struct bytes name_of_n(struct arena *arena, struct bytes value)
{
	struct bytes family, given;
	const char *text;

	(void)bytes_cut(value, ';', &family, &value);
	(void)bytes_cut(value, ';', &given, &value);
	text = arena_print(arena, "%.*s %.*s", (int)given.len,
			   given.data == NULL ? "" : (const char *)given.data,
			   (int)family.len, family.data == NULL ? "" :
			   (const char *)family.data);
	return bytes_trim(bytes_of(text));
}

static void card_end(struct contacts_parser *parser, struct card *card)
{
	size_t i;

	parser->person++;
	for (i = 0; i < card->count; i++)
		contacts_parsed_entry(parser, card->emails[i], card->name);
	memset(card, 0, sizeof(*card));
}

static void line_read(struct contacts_parser *parser, struct card *card,
		      struct bytes line)
{
	struct property property;
	struct bytes value;

	if (!property_parse(line, &property))
		return;
	if (bytes_is_nocase(property.name, "BEGIN")) {
		memset(card, 0, sizeof(*card));
		return;
	}
	if (bytes_is_nocase(property.name, "END")) {
		card_end(parser, card);
		return;
	}
	if (!bytes_is_nocase(property.name, "FN") &&
	    !bytes_is_nocase(property.name, "N") &&
	    !bytes_is_nocase(property.name, "EMAIL"))
		return;
	value = value_of(parser->arena, &property);
	if (bytes_is_nocase(property.name, "EMAIL")) {
		if (bytes_starts_nocase(value, "mailto:"))
			value = bytes_slice(value, 7, value.len);
		if (card->count < CARD_EMAILS_MAX)
			card->emails[card->count++] = value;
	} else if (bytes_is_nocase(property.name, "FN")) {
		if (!card->has_fn)
			card->name = value;
		card->has_fn = true;
	} else if (!card->has_fn) {
		card->name = name_of_n(parser->arena, value);
	}
}

/* Folded lines begin with a blank; quoted-printable ones end in "=". */
static bool goes_on(const struct buf *line, struct bytes next)
{
	if (next.len > 0 && byte_is_blank(next.data[0]))
		return true;
	return line->len > 0 && line->data[line->len - 1] == '=' &&
	       memmem(line->data, line->len, "QUOTED-PRINTABLE", 16) != NULL;
}

int contacts_parse_vcard(struct contacts_parser *parser, struct bytes file)
{
	struct card card;
	struct bytes line;
	struct buf joined;

	memset(&card, 0, sizeof(card));
	buf_init(&joined, LINE_MAX_BYTES);
	while (file.len > 0) {
		(void)bytes_cut(file, '\n', &line, &file);
		parser->line++;
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		if (goes_on(&joined, line)) {
			if (byte_is_blank(line.data == NULL || line.len == 0 ?
					  0 : line.data[0]))
				line = bytes_slice(line, 1, line.len);
			else
				joined.len--;
			buf_add(&joined, line);
			continue;
		}
		if (!joined.full)
			line_read(parser, &card, buf_bytes(&joined));
		buf_clear(&joined);
		buf_add(&joined, line);
	}
	if (!joined.full)
		line_read(parser, &card, buf_bytes(&joined));
	buf_free(&joined);
	if (card.count > 0)		/* no END: the file was cut */
		contacts_parsed_broken(parser);
	return 0;
}
