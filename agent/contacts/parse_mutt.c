/* parse_mutt.c - alias lines of Mutt and NeoMutt
 *
 * alias [-group name ...] key address [, address ...] [# comment]
 * A backslash joins lines.  Mutt, when it writes a file, puts a backslash
 * before every quote and backslash of RFC 5322; people write the quotes bare.
 * Other commands are passed over; nothing is ever expanded or executed. */
#include "agent/contacts/book.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/address.h"

#define LINE_MAX_BYTES	(64 * 1024)	/* of one alias, joined */

/* One logical line; *line_number is where it begins.  False: the end. */
static bool joined_line(struct book *book, struct buf *to, size_t *line_number)
{
	struct bytes line;
	bool more = true;

	buf_clear(to);
	*line_number = book->line + 1;
	if (!book_line(book, &line))
		return false;
	while (more) {
		more = line.len > 0 && line.data[line.len - 1] == '\\';
		if (more)
			line.len--;
		buf_add(to, line);
		if (more && !book_line(book, &line))
			more = false;
	}
	return true;
}

/* Without what stands behind a '#' that is outside of quotes.  Mutt writes
 * the quotes of a name with a backslash: they count as well. */
static struct bytes without_comment(struct bytes line)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < line.len; i++) {
		if (line.data[i] == '"')
			quoted = !quoted;
		else if (line.data[i] == '#' && !quoted &&
			 (i == 0 || byte_is_blank(line.data[i - 1])))
			return bytes_slice(line, 0, i);
	}
	return line;
}

/* The word in front; quotes may hold blanks. */
static struct bytes take_word(struct bytes *line)
{
	unsigned char quote = 0, c;
	struct bytes word;
	size_t i;

	*line = bytes_trim(*line);
	for (i = 0; i < line->len; i++) {
		c = line->data[i];
		if (c == '\\' && quote != '\'')
			i++;
		else if (quote != 0 && c == quote)
			quote = 0;
		else if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (quote == 0 && byte_is_blank(c))
			break;
	}
	word = bytes_slice(*line, 0, i);
	*line = bytes_trim(bytes_slice(*line, i, line->len));
	return word;
}

/* One layer of backslashes off. */
static struct bytes unescaped(struct arena *arena, struct bytes from)
{
	unsigned char *out = arena_alloc(arena, from.len);
	struct bytes to = { out, 0 };
	size_t i;

	for (i = 0; out != NULL && i < from.len; i++) {
		if (from.data[i] == '\\' && i + 1 < from.len)
			i++;
		out[to.len++] = from.data[i];
	}
	return to;
}

/* "alias joe joe@example.org (Joe Smith)": the old way to write a name. */
static struct bytes name_behind(struct bytes text)
{
	struct bytes none = { NULL, 0 };
	size_t open;

	text = bytes_trim(text);
	open = bytes_find(text, '(');
	if (open == text.len || text.data[text.len - 1] != ')')
		return none;
	text = bytes_slice(text, open + 1, text.len - 1);
	if (bytes_has(text, '(') || bytes_has(text, ')') ||
	    bytes_has(text, '\\'))
		return none;
	return text;
}

static int mailboxes_add(struct book *book, const struct mailbox_list *list,
			 struct bytes text, size_t line)
{
	const struct mailbox *one;
	struct bytes name, before = { NULL, 0 };
	uint32_t person = 0;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < list->count; i++) {
		one = &list->mailboxes[i];
		name = one->name;
		if (name.len == 0 && list->count == 1)
			name = name_behind(text);
		/* Several addresses of one name are one person's. */
		if (person == 0 || name.len == 0 || !bytes_equal(name, before))
			person = book_person(book);
		before = name;
		r = book_add_mailbox(book, name, one, person, line);
	}
	return r;
}

/* Whether a double quote stands without a backslash: a person wrote it. */
static bool has_bare_quote(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			return true;
	}
	return false;
}

static int addresses_read(struct book *book, struct bytes text, size_t line)
{
	struct bytes first = unescaped(book->scratch, text), second = text;
	struct mailbox_list list;

	/* Without an "@" it names other aliases. */
	if (!bytes_has(text, '@'))
		return 0;
	if (has_bare_quote(text)) {
		second = first;
		first = text;
	}
	if (address_list_parse(book->scratch, first, &list) == 0)
		return mailboxes_add(book, &list, first, line);
	if (address_list_parse(book->scratch, second, &list) == 0)
		return mailboxes_add(book, &list, second, line);
	book_broken(book, line);
	return 0;
}

static int alias_line(struct book *book, struct bytes line, size_t number)
{
	struct bytes word;

	line = without_comment(line);
	if (!bytes_is(take_word(&line), "alias"))
		return 0;
	word = take_word(&line);
	while (bytes_is(word, "-group")) {
		(void)take_word(&line);
		word = take_word(&line);
	}
	if (bytes_is(word, "--"))
		word = take_word(&line);
	if (word.len == 0 || line.len == 0) {
		book_broken(book, number);
		return 0;
	}
	return addresses_read(book, line, number);
}

int book_read_mutt(struct book *book)
{
	struct buf line;
	size_t number;
	int r = 0;

	buf_init(&line, LINE_MAX_BYTES);
	while (r == 0 && joined_line(book, &line, &number)) {
		if (line.full)
			book_broken(book, number);
		else
			r = alias_line(book, buf_bytes(&line), number);
		if (r == 0)
			r = book_turn(book);
	}
	buf_free(&line);
	return r;
}
