/* parse_claws.c - Claws Mail's address book: an XML file a book
 *
 * <address-book><person cn="..."><address-list><address email="..."/>...
 * Read by GLib's parser, which knows no external entities and no DTD.  The
 * index of books, which lies in the same folder, is an empty book. */
#include "agent/contacts/book.h"

#include <glib.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"

#define DEPTH_MAX	16
#define PIECE		(64 * 1024)	/* parsed at once */

struct claws {
	struct book *book;
	unsigned depth;
	const char *name;		/* of the person; in its arena */
	uint32_t person;
	bool known;			/* the first element was one of ours */
	int result;			/* negative: stop */
};

static const char *attribute(const gchar **names, const gchar **values,
			     const char *wanted)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], wanted) == 0)
			return values[i];
	return "";
}

static void person_begin(struct claws *claws, const gchar **names,
			 const gchar **values)
{
	const char *name = attribute(names, values, "cn");

	claws->result = book_turn(claws->book);
	if (claws->result < 0)
		return;
	if (name[0] == 0)
		name = arena_print(claws->book->scratch, "%s %s",
				   attribute(names, values, "first-name"),
				   attribute(names, values, "last-name"));
	else
		name = arena_text(claws->book->scratch, bytes_of(name));
	claws->name = name;		/* NULL: too long, counted below */
	claws->person = book_person(claws->book);
}

static void address_begin(struct claws *claws, GMarkupParseContext *context,
			  const char *email)
{
	gint line = 0;

	if (email[0] == 0)
		return;			/* a person without an address */
	g_markup_parse_context_get_position(context, &line, NULL);
	if (claws->name == NULL)
		book_broken(claws->book, (size_t)line);
	else
		claws->result = book_add(claws->book, bytes_of(claws->name),
					 bytes_of(email), claws->person,
					 (size_t)line);
}

static void on_start(GMarkupParseContext *context, const gchar *element,
		     const gchar **names, const gchar **values, gpointer ctx,
		     GError **error)
{
	struct claws *claws = ctx;

	if (claws->depth++ == 0)
		claws->known = strcmp(element, "address-book") == 0 ||
			       strcmp(element, "addressbook") == 0;
	if (strcmp(element, "person") == 0)
		person_begin(claws, names, values);
	else if (strcmp(element, "address") == 0)
		address_begin(claws, context, attribute(names, values,
							"email"));
	if (claws->depth > DEPTH_MAX || !claws->known)
		claws->result = ERR_SYNTAX;
	if (claws->result < 0)
		g_set_error_literal(error, G_MARKUP_ERROR,
				    G_MARKUP_ERROR_INVALID_CONTENT, "stop");
}

static void on_end(GMarkupParseContext *context, const gchar *element,
		   gpointer ctx, GError **error)
{
	struct claws *claws = ctx;

	(void)context;
	(void)error;
	claws->depth--;
	if (strcmp(element, "person") == 0)
		claws->name = NULL;
}

int book_read_claws(struct book *book)
{
	static const GMarkupParser parser = { on_start, on_end, NULL, NULL,
					      NULL };
	struct claws claws = { book, 0, NULL, 0, false, 0 };
	GMarkupParseContext *context;
	struct bytes piece;
	gint line = 0;
	bool fine = true;

	context = g_markup_parse_context_new(&parser, 0, &claws, NULL);
	while (fine && book->rest.len > 0) {
		piece = bytes_slice(book->rest, 0, PIECE);
		book->rest = bytes_slice(book->rest, piece.len,
					 book->rest.len);
		fine = g_markup_parse_context_parse(
			context, (const gchar *)piece.data,
			(gssize)piece.len, NULL);
	}
	if (fine)
		fine = g_markup_parse_context_end_parse(context, NULL);
	g_markup_parse_context_get_position(context, &line, NULL);
	g_markup_parse_context_free(context);
	if (claws.result < 0)
		return claws.result;
	if (!claws.known)
		return ERR_SYNTAX;
	/* A book that ends early keeps what stands before. */
	if (!fine)
		book_broken(book, (size_t)line);
	return 0;
}
