/* parse.c - which format is it? and the entries' one way out */
#include "agent/contacts/parse.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/contacts/book.h"
#include "agent/contacts/contacts_map.h"
#include "agent/mail/address.h"

bool book_line(struct book *book, struct bytes *out)
{
	if (book->rest.len == 0)
		return false;
	(void)bytes_cut(book->rest, '\n', out, &book->rest);
	if (out->len > 0 && out->data[out->len - 1] == '\r')
		out->len--;
	book->line++;
	return true;
}

int book_turn(struct book *book)
{
	if (book->scratch != NULL && arena_used(book->scratch) == 0)
		return 0;
	arena_free(book->scratch);
	book->scratch = arena_new(BOOK_SCRATCH);
	return book->scratch == NULL ? ERR_MEMORY : 0;
}

uint32_t book_person(struct book *book)
{
	return ++book->persons;
}

void book_broken(struct book *book, size_t line)
{
	if (book->out->broken++ == 0)
		book->out->first_broken = line;
}

static bool has_control(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((text.data[i] < 32 && text.data[i] != '\t') ||
		    text.data[i] == 127)
			return true;
	return false;
}

int book_add_mailbox(struct book *book, struct bytes name,
		     const struct mailbox *mailbox, uint32_t person,
		     size_t line)
{
	struct contact contact;

	name = bytes_trim(name);
	contact.name = NULL;
	contact.address = address_normal(book->scratch, mailbox);
	contact.person = person;
	if (name.len <= CONTACTS_NAME_MAX && utf8_is_valid(name) &&
	    !has_control(name))
		contact.name = arena_text(book->scratch, name);
	if (contact.name == NULL || contact.address == NULL ||
	    strlen(contact.address) > ADDRESS_MAX) {
		book_broken(book, line);
		return 0;
	}
	if (book->out->entries >= CONTACTS_MAX)
		return ERR_LIMIT;
	book->out->entries++;
	book->take(book->ctx, &contact);
	return 0;
}

int book_add(struct book *book, struct bytes name, struct bytes address,
	     uint32_t person, size_t line)
{
	struct mailbox mailbox;

	address = bytes_trim(address);
	if (address.len <= ADDRESS_MAX &&
	    address_parse(book->scratch, address, &mailbox) == 0)
		return book_add_mailbox(book, name, &mailbox, person, line);
	book_broken(book, line);
	return 0;
}

static const struct format {
	const char *name;
	int (*read)(struct book *book);
} format_mutt = { "mutt", book_read_mutt },
  format_vcard = { "vcard", book_read_vcard },
  format_abook = { "abook", book_read_abook },
  format_claws = { "claws", book_read_claws };

/* "[format]" or "[0]". */
static bool is_abook_section(struct bytes line)
{
	if (line.len < 3 || line.data[0] != '[' ||
	    line.data[line.len - 1] != ']')
		return false;
	line = bytes_slice(line, 1, line.len - 1);
	return bytes_is(line, "format") || bytes_number(line) >= 0;
}

static const struct format *format_of_line(struct bytes line)
{
	if (bytes_is_nocase(line, "BEGIN:VCARD"))
		return &format_vcard;
	if (is_abook_section(line))
		return &format_abook;
	if (bytes_starts(line, "alias") && line.len > 5 &&
	    byte_is_blank(line.data[5]))
		return &format_mutt;
	if (bytes_starts(line, "<?xml") ||
	    bytes_starts(line, "<address-book"))
		return &format_claws;
	return NULL;
}

/* By the first line that tells.  NULL: none does; *blank says whether there
 * was anything but blanks and comments. */
static const struct format *format_find(struct bytes file, bool *blank)
{
	const struct format *found = NULL;
	struct bytes line;

	*blank = true;
	while (file.len > 0 && found == NULL) {
		(void)bytes_cut(file, '\n', &line, &file);
		line = bytes_trim(line);
		if (line.len == 0 || line.data[0] == '#')
			continue;
		*blank = false;
		found = format_of_line(line);
	}
	return found;
}

int contacts_parse(struct bytes file, contact_take *take, void *ctx,
		   struct contacts_parsed *out)
{
	const struct format *format;
	struct book book;
	bool blank;
	int r;

	memset(out, 0, sizeof(*out));
	if (file.len > CONTACTS_FILE_MAX)
		return ERR_LIMIT;
	if (bytes_starts(file, "\xEF\xBB\xBF"))
		file = bytes_slice(file, 3, file.len);
	if (bytes_has(file, 0))
		return ERR_SYNTAX;	/* not text */
	format = format_find(file, &blank);
	if (format == NULL && !blank)
		return ERR_SYNTAX;
	if (format == NULL)
		return 0;
	memset(&book, 0, sizeof(book));
	book.take = take;
	book.ctx = ctx;
	book.out = out;
	book.rest = file;
	out->format = format->name;
	r = book_turn(&book);
	if (r == 0)
		r = format->read(&book);
	arena_free(book.scratch);
	return r;
}
