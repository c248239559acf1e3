/* parse.c - which format is it? */
#include "agent/contacts/parse_formats.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/address.h"

#define ARENA_MAX	(256u * 1024 * 1024)

void contacts_parsed_broken(struct contacts_parser *parser)
{
	if (parser->out->broken++ == 0)
		parser->out->first_broken = parser->line;
}

void contacts_parsed_entry(struct contacts_parser *parser,
			   struct bytes address, struct bytes name)
{
	struct mailbox mailbox;
	struct contact contact;
	const char *text = "";

	contact.address = NULL;
	if (address_parse(parser->arena, bytes_trim(address), &mailbox) == 0)
		contact.address = address_normal(parser->arena, &mailbox);
	if (name.len > 0)
		text = arena_text(parser->arena, name);
	if (contact.address == NULL || text == NULL ||
	    parser->out->entries >= CONTACTS_MAX) {
		contacts_parsed_broken(parser);
		return;
	}
	contact.name = text;
	contact.person = parser->person;
	parser->out->entries++;
	parser->take(parser->ctx, &contact);
}

/* Comments and empty lines in front do not count. */
static struct bytes first_line(struct bytes file)
{
	struct bytes line = { NULL, 0 };

	while (file.len > 0) {
		(void)bytes_cut(file, '\n', &line, &file);
		line = bytes_trim(line);
		if (line.len > 0 && line.data[0] != '#')
			return line;
	}
	line.len = 0;
	return line;
}

int contacts_parse(struct bytes file, contact_take *take, void *ctx,
		   struct contacts_parsed *out)
{
	static const struct {
		const char *start, *format;
		int (*parse)(struct contacts_parser *, struct bytes);
	} formats[] = {
		{ "BEGIN:VCARD", "vcard", contacts_parse_vcard },
		{ "[format]", "abook", contacts_parse_abook },
		{ "alias ", "mutt", contacts_parse_mutt },
		{ "alias\t", "mutt", contacts_parse_mutt },
	};
	struct contacts_parser parser = { NULL, take, ctx, out, 0, 0 };
	struct bytes line;
	size_t i;
	int r = ERR_SYNTAX;

	memset(out, 0, sizeof(*out));
	if (file.len > CONTACTS_FILE_MAX)
		return ERR_LIMIT;
	if (bytes_starts(file, "\xEF\xBB\xBF"))
		file = bytes_slice(file, 3, file.len);
	line = first_line(file);
	out->format = "mutt";
	if (line.len == 0)
		return 0;
	parser.arena = arena_new(ARENA_MAX);
	if (parser.arena == NULL)
		return ERR_MEMORY;
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (bytes_starts_nocase(line, formats[i].start)) {
			out->format = formats[i].format;
			r = formats[i].parse(&parser, file);
			break;
		}
	arena_free(parser.arena);
	return r;
}
