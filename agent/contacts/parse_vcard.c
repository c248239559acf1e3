/* parse_vcard.c - vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350)
 *
 * Of a card, FN (else N) and every EMAIL; all of them are one person.  A card
 * in a card (2.1's AGENT) is somebody else's, and passed over. */
#include "agent/contacts/book.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/contacts/vcard_text.h"

#define EMAILS_MAX	64		/* of one card */
#define LINE_MAX_BYTES	(64 * 1024)	/* longer ones hold no name */

struct email {
	struct bytes text;
	size_t line;
};

struct card {
	bool open;
	bool folds_keep_blank;		/* vCard 2.1 */
	bool after_agent;
	size_t inside;			/* cards in this card */
	size_t begin;			/* its line */
	struct bytes fn, n;		/* decoded; n with its semicolons */
	struct email emails[EMAILS_MAX];
	size_t email_count;
	size_t name_broken;		/* line of a name not to be read */
};

struct property {
	struct bytes name;		/* without its group */
	struct bytes value;
	struct vcard_coding coding;
	bool x400;
	bool cut;			/* over LINE_MAX_BYTES */
	size_t line;
};

/* Where `c` stands outside of quotes; line.len: nowhere. */
static size_t find_bare(struct bytes line, unsigned char c)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < line.len; i++) {
		if (line.data[i] == '"')
			quoted = !quoted;
		else if (line.data[i] == c && !quoted)
			break;
	}
	return i;
}

static void parameter(struct property *property, struct bytes text)
{
	struct bytes key, value;

	if (!bytes_cut(text, '=', &key, &value)) {
		value = key;		/* 2.1 leaves the names out */
		key = bytes_of("");
	}
	key = bytes_trim(key);
	value = bytes_trim(value);
	if (value.len >= 2 && value.data[0] == '"' &&
	    value.data[value.len - 1] == '"')
		value = bytes_slice(value, 1, value.len - 1);
	if ((key.len == 0 || bytes_is_nocase(key, "ENCODING")) &&
	    bytes_is_nocase(value, "QUOTED-PRINTABLE"))
		property->coding.quoted_printable = true;
	else if (bytes_is_nocase(key, "CHARSET"))
		property->coding.charset = value;
	else if (bytes_is_nocase(value, "X400"))
		property->x400 = true;
}

/* "group.NAME;parameter;parameter:value".  False: it is none. */
static bool property_split(struct bytes line, struct property *out)
{
	size_t colon = find_bare(line, ':'), end, dot;
	struct bytes head = bytes_slice(line, 0, colon);

	memset(out, 0, sizeof(*out));
	if (colon == line.len)
		return false;
	out->value = bytes_slice(line, colon + 1, line.len);
	end = find_bare(head, ';');
	out->name = bytes_slice(head, 0, end);
	dot = bytes_find(out->name, '.');
	if (dot < out->name.len)
		out->name = bytes_slice(out->name, dot + 1, out->name.len);
	out->name = bytes_trim(out->name);
	while (end < head.len) {
		head = bytes_slice(head, end + 1, head.len);
		end = find_bare(head, ';');
		parameter(out, bytes_slice(head, 0, end));
	}
	return true;
}

static bool is_quoted_printable(struct bytes line)
{
	struct property property;

	return property_split(line, &property) &&
	       property.coding.quoted_printable;
}

/* One line unfolded: RFC 6350 section 3.2, and 2.1's soft line breaks. */
static bool unfolded_line(struct book *book, const struct card *card,
			  struct buf *to, size_t *number)
{
	struct bytes line;
	bool quoted;

	buf_clear(to);
	if (!book_line(book, &line))
		return false;
	*number = book->line;
	quoted = is_quoted_printable(line);
	for (;;) {
		if (quoted && line.len > 0 &&
		    line.data[line.len - 1] == '=') {
			line.len--;
			buf_add(to, line);
			if (!book_line(book, &line))
				return true;
			continue;
		}
		buf_add(to, line);
		if (book->rest.len == 0 || !byte_is_blank(book->rest.data[0]))
			return true;
		(void)book_line(book, &line);
		if (!card->folds_keep_blank)
			line = bytes_slice(line, 1, line.len);
	}
}

static void take_name(struct book *book, struct card *card,
		      const struct property *property, struct bytes *to)
{
	if (to->len > 0)
		return;			/* the first one stands */
	if (property->cut ||
	    !vcard_decode(book->scratch, property->value, &property->coding,
			  to))
		card->name_broken = property->line;
}

static void take_fn(struct book *book, struct card *card,
		    const struct property *property)
{
	take_name(book, card, property, &card->fn);
}

static void take_n(struct book *book, struct card *card,
		   const struct property *property)
{
	take_name(book, card, property, &card->n);
}

static void take_email(struct book *book, struct card *card,
		       const struct property *property)
{
	struct email *email = &card->emails[card->email_count];
	struct bytes text;

	if (bytes_trim(property->value).len == 0 || property->x400)
		return;
	if (property->cut || card->email_count == EMAILS_MAX ||
	    !vcard_decode(book->scratch, property->value, &property->coding,
			  &text) ||
	    !vcard_unescape(book->scratch, text, &email->text)) {
		book_broken(book, property->line);
		return;
	}
	email->text = bytes_trim(email->text);
	if (bytes_starts_nocase(email->text, "mailto:"))
		email->text = bytes_slice(email->text, 7, email->text.len);
	email->line = property->line;
	card->email_count++;
}

static void take_version(struct book *book, struct card *card,
			 const struct property *property)
{
	(void)book;
	card->folds_keep_blank = bytes_is(bytes_trim(property->value), "2.1");
}

static const struct {
	const char *name;
	void (*take)(struct book *book, struct card *card,
		     const struct property *property);
} properties[] = {
	{ "FN", take_fn },
	{ "N", take_n },
	{ "EMAIL", take_email },
	{ "VERSION", take_version },
};

/* FN, else given name and family name of N. */
static bool card_name(struct arena *arena, const struct card *card,
		      struct bytes *out)
{
	struct bytes family, given;
	struct buf both;

	if (!vcard_unescape(arena, card->fn, out))
		return false;
	*out = bytes_trim(*out);
	if (out->len > 0)
		return true;
	if (!vcard_unescape(arena, vcard_component(card->n, 0), &family) ||
	    !vcard_unescape(arena, vcard_component(card->n, 1), &given))
		return false;
	buf_init(&both, LINE_MAX_BYTES * 4);
	buf_add(&both, bytes_trim(given));
	buf_byte(&both, ' ');
	buf_add(&both, bytes_trim(family));
	*out = bytes_trim(arena_bytes(arena, bytes_trim(buf_bytes(&both))));
	buf_free(&both);
	return true;
}

static int card_end(struct book *book, struct card *card)
{
	struct bytes name;
	uint32_t person;
	size_t i;
	int r = 0;

	card->open = false;
	if (card->email_count == 0)
		return 0;
	if ((card->fn.len == 0 && card->name_broken > 0) ||
	    !card_name(book->scratch, card, &name)) {
		book_broken(book, card->name_broken > 0 ? card->name_broken :
							  card->begin);
		return 0;
	}
	person = book_person(book);
	for (i = 0; r == 0 && i < card->email_count; i++)
		r = book_add(book, name, card->emails[i].text, person,
			     card->emails[i].line);
	return r;
}

static int card_begin(struct book *book, struct card *card, size_t line)
{
	if (card->open && card->after_agent) {
		card->after_agent = false;
		card->inside++;
		return 0;
	}
	if (card->open)
		book_broken(book, card->begin);	/* it never ended */
	memset(card, 0, sizeof(*card));
	card->open = true;
	card->begin = line;
	return book_turn(book);
}

static int card_line(struct book *book, struct card *card, struct buf *text,
		     size_t line)
{
	struct property property;
	size_t i;

	if (bytes_trim(buf_bytes(text)).len == 0)
		return 0;
	if (!property_split(buf_bytes(text), &property)) {
		if (!card->open)
			book_broken(book, line);
		return 0;
	}
	property.line = line;
	property.cut = text->full;
	if (bytes_is_nocase(property.name, "BEGIN"))
		return card_begin(book, card, line);
	card->after_agent = bytes_is_nocase(property.name, "AGENT") &&
			    bytes_trim(property.value).len == 0;
	if (bytes_is_nocase(property.name, "END")) {
		if (card->inside > 0)
			card->inside--;
		else if (card->open)
			return card_end(book, card);
		else
			book_broken(book, line);
		return 0;
	}
	if (!card->open || card->inside > 0)
		return 0;
	for (i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (bytes_is_nocase(property.name, properties[i].name))
			properties[i].take(book, card, &property);
	return 0;
}

int book_read_vcard(struct book *book)
{
	struct card card;
	struct buf text;
	size_t line = 0;
	int r = 0;

	memset(&card, 0, sizeof(card));
	buf_init(&text, LINE_MAX_BYTES);
	while (r == 0 && unfolded_line(book, &card, &text, &line))
		r = card_line(book, &card, &text, line);
	if (r == 0 && card.open)
		book_broken(book, card.begin);
	buf_free(&text);
	return r;
}
