/* parse_abook.c - abook's "[0]", "name=", "email=a,b" sections */
#include "agent/contacts/parse_formats.h"

static void entry_end(struct contacts_parser *parser, struct bytes name,
		      struct bytes emails)
{
	struct bytes one;

	parser->person++;
	while (emails.len > 0) {
		(void)bytes_cut(emails, ',', &one, &emails);
		if (bytes_trim(one).len > 0)
			contacts_parsed_entry(parser, one, name);
	}
}

int contacts_parse_abook(struct contacts_parser *parser, struct bytes file)
{
	struct bytes line, key, value;
	struct bytes name = { NULL, 0 }, emails = { NULL, 0 };

	while (file.len > 0) {
		(void)bytes_cut(file, '\n', &line, &file);
		parser->line++;
		line = bytes_trim(line);
		if (line.len > 0 && line.data[0] == '[') {
			entry_end(parser, name, emails);
			name.len = emails.len = 0;
			continue;
		}
		if (!bytes_cut(line, '=', &key, &value))
			continue;
		if (bytes_is_nocase(bytes_trim(key), "name"))
			name = bytes_trim(value);
		else if (bytes_is_nocase(bytes_trim(key), "email"))
			emails = value;
	}
	entry_end(parser, name, emails);
	return 0;
}
