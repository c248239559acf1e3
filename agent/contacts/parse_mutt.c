/* parse_mutt.c - "alias [-group NAME] KEY ADDRESS, ..." lines */
#include "agent/contacts/parse_formats.h"

#include "agent/base/buf.h"
#include "agent/mail/address.h"

#define LINE_MAX_BYTES 65536

static struct bytes word_take(struct bytes *rest)
{
	struct bytes word;
	size_t end = 0;

	*rest = bytes_trim(*rest);
	while (end < rest->len && !byte_is_blank(rest->data[end]))
		end++;
	word = bytes_slice(*rest, 0, end);
	*rest = bytes_slice(*rest, end, rest->len);
	return word;
}

static void alias_read(struct contacts_parser *parser, struct bytes line)
{
	struct mailbox_list list;
	struct bytes address, rest;
	size_t i, comment;

	(void)word_take(&line);		/* "alias" */
	rest = line;
	while (bytes_is(word_take(&rest), "-group")) {
		(void)word_take(&rest);
		line = rest;
	}
	(void)word_take(&line);		/* the key */
	line = bytes_trim(line);
	comment = bytes_find(line, '#');
	if (comment > 0 && comment < line.len &&
	    byte_is_blank(line.data[comment - 1]))
		line = bytes_trim(bytes_slice(line, 0, comment));
	if (address_list_parse(parser->arena, line, &list) < 0) {
		contacts_parsed_broken(parser);
		return;
	}
	for (i = 0; i < list.count; i++) {
		parser->person++;
		address = bytes_of(address_normal(parser->arena,
						  &list.mailboxes[i]));
		contacts_parsed_entry(parser, address, list.mailboxes[i].name);
	}
}

int contacts_parse_mutt(struct contacts_parser *parser, struct bytes file)
{
	struct bytes line;
	struct buf joined;

	buf_init(&joined, LINE_MAX_BYTES);
	while (file.len > 0) {
		(void)bytes_cut(file, '\n', &line, &file);
		parser->line++;
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0 && line.data[line.len - 1] == '\\') {
			buf_add(&joined, bytes_slice(line, 0, line.len - 1));
			continue;
		}
		buf_add(&joined, line);
		line = bytes_trim(buf_bytes(&joined));
		if (joined.full)
			contacts_parsed_broken(parser);
		else if (bytes_starts(line, "alias") && line.len > 5 &&
			 byte_is_blank(line.data[5]))
			alias_read(parser, line);
		else if (line.len > 0 && line.data[0] != '#')
			contacts_parsed_broken(parser);
		buf_clear(&joined);
	}
	buf_free(&joined);
	return 0;
}
