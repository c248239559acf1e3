/* parse_formats.h - inside contacts: one reader a format */
#ifndef MAILSEAL_CONTACTS_PARSE_FORMATS_H
#define MAILSEAL_CONTACTS_PARSE_FORMATS_H

#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"

struct contacts_parser {
	struct arena *arena;		/* of the whole file */
	contact_take *take;
	void *ctx;
	struct contacts_parsed *out;
	size_t line;
	uint32_t person;
};

/* Normalises the address and hands the entry on, or counts it broken. */
void contacts_parsed_entry(struct contacts_parser *parser,
			   struct bytes address, struct bytes name);
void contacts_parsed_broken(struct contacts_parser *parser);

int contacts_parse_mutt(struct contacts_parser *parser, struct bytes file);
int contacts_parse_vcard(struct contacts_parser *parser, struct bytes file);
int contacts_parse_abook(struct contacts_parser *parser, struct bytes file);

#endif
