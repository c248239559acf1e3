/* parse_abook.c - abook's addressbook file
 *
 * "[format]", then a section a person: "[0]", "name=...", "email=a,b". */
#include "agent/contacts/book.h"

#include "agent/base/err.h"

struct person {
	struct bytes name, emails;
	size_t line;			/* of email= */
	bool open;			/* in a numbered section */
};

static int person_end(struct book *book, struct person *person)
{
	struct bytes rest = person->emails, one;
	uint32_t number = 0;
	int r = 0;

	while (r == 0 && person->open && rest.len > 0) {
		(void)bytes_cut(rest, ',', &one, &rest);
		one = bytes_trim(one);
		if (one.len == 0)
			continue;
		if (number == 0)
			number = book_person(book);
		r = book_add(book, person->name, one, number, person->line);
	}
	memset(person, 0, sizeof(*person));
	return r < 0 ? r : book_turn(book);
}

static void section_line(struct book *book, struct person *person,
			 struct bytes line)
{
	struct bytes name = bytes_slice(line, 1, line.len - 1);

	if (line.data[line.len - 1] == ']' && bytes_number(name) >= 0)
		person->open = true;
	else if (!bytes_is(line, "[format]"))
		book_broken(book, book->line);
}

static void field_line(struct book *book, struct person *person,
		       struct bytes line)
{
	struct bytes key, value;

	if (!bytes_cut(line, '=', &key, &value)) {
		book_broken(book, book->line);
		return;
	}
	key = bytes_trim(key);
	if (bytes_is(key, "name")) {
		person->name = value;
	} else if (bytes_is(key, "email")) {
		person->emails = value;
		person->line = book->line;
	}
}

int book_read_abook(struct book *book)
{
	struct person person;
	struct bytes line;
	int r = 0;

	memset(&person, 0, sizeof(person));
	while (r == 0 && book_line(book, &line)) {
		line = bytes_trim(line);
		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (line.data[0] == '[') {
			r = person_end(book, &person);
			section_line(book, &person, line);
		} else {
			field_line(book, &person, line);
		}
	}
	return r < 0 ? r : person_end(book, &person);
}
