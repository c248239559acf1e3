/* address.c - mailboxes, groups and lists of them (RFC 5322 section 3.4), in
 * one pass */
#include "agent/mail/address.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/address_token.h"

#define PHRASE_MAX	65536	/* octets; who shows it has limits of its own */
#define LOCAL_MAX	64	/* octets, RFC 5321 section 4.5.3.1.1 */

struct parser {
	struct arena *arena;
	struct bytes rest;
	struct mailbox_list *list;
	size_t room;
	int error;
};

static bool skip_cfws(struct parser *parser)
{
	return token_skip_cfws(&parser->rest);
}

static bool take_char(struct parser *parser, unsigned char c)
{
	return token_take(&parser->rest, c);
}

/* What was gathered, in the arena; never data NULL but without memory. */
static bool keep(struct parser *parser, struct buf *from, struct bytes *out)
{
	struct bytes nothing = { (const unsigned char *)"", 0 };

	*out = nothing;
	if (from->full) {
		parser->error = ERR_LIMIT;
		return false;
	}
	if (from->len > 0)
		*out = arena_bytes(parser->arena, buf_bytes(from));
	if (out->data == NULL)
		parser->error = ERR_LIMIT;
	return out->data != NULL;
}

/* local-part into the mailbox; the rest stands before "@". */
static bool take_local(struct parser *parser, struct mailbox *out)
{
	struct buf text;

	if (take_char(parser, '"')) {
		buf_init(&text, LOCAL_MAX);
		out->local_quoted = true;
		if (token_quoted(&parser->rest, &text) && !text.full)
			(void)keep(parser, &text, &out->local);
		buf_free(&text);
		return out->local.len > 0;
	}
	out->local = token_dot_atom(&parser->rest);
	return out->local.len > 0 && out->local.len <= LOCAL_MAX;
}

static bool take_domain(struct parser *parser, struct mailbox *out)
{
	size_t end;

	if (token_peek(&parser->rest) != '[') {
		out->domain = token_dot_atom(&parser->rest);
		return out->domain.len > 0;
	}
	end = bytes_find(parser->rest, ']');
	if (end == parser->rest.len || end > 255)
		return false;
	out->domain = bytes_slice(parser->rest, 0, end + 1);
	parser->rest = bytes_slice(parser->rest, end + 1, parser->rest.len);
	return true;
}

/* addr-spec with CFWS around its parts. */
static bool take_addr_spec(struct parser *parser, struct mailbox *out)
{
	return skip_cfws(parser) && take_local(parser, out) &&
	       skip_cfws(parser) && take_char(parser, '@') &&
	       skip_cfws(parser) && take_domain(parser, out) &&
	       skip_cfws(parser) &&
	       out->local.len + 1 + out->domain.len <= ADDRESS_MAX;
}

/* obs-route: "@a,@b:"; recognised, never used. */
static bool take_route(struct parser *parser, struct mailbox *out)
{
	struct mailbox ignored;

	if (token_peek(&parser->rest) != '@')
		return true;
	out->has_route = true;
	for (;;) {
		memset(&ignored, 0, sizeof(ignored));
		if (!take_char(parser, '@') ||
		    !take_domain(parser, &ignored) || !skip_cfws(parser))
			return false;
		if (take_char(parser, ':'))
			return true;
		while (take_char(parser, ','))
			if (!skip_cfws(parser))
				return false;
	}
}

/* Behind "<". */
static bool take_angle(struct parser *parser, struct mailbox *out)
{
	return skip_cfws(parser) && take_route(parser, out) &&
	       take_addr_spec(parser, out) && take_char(parser, '>') &&
	       skip_cfws(parser);
}

struct phrase {
	struct buf text;	/* white space and comments one blank */
	size_t words;
	bool all_quoted;
	bool quoted_code;	/* "=?" in one of the quoted strings */
};

static bool take_quoted_word(struct parser *parser, struct phrase *phrase)
{
	size_t start = phrase->text.len;
	struct bytes word;

	token_step(&parser->rest);
	if (!token_quoted(&parser->rest, &phrase->text))
		return false;
	word = bytes_slice(buf_bytes(&phrase->text), start, phrase->text.len);
	if (word.len > 1 && memmem(word.data, word.len, "=?", 2) != NULL)
		phrase->quoted_code = true;
	return true;
}

/* Words up to "<", ":" or something that is no phrase. */
static bool take_phrase(struct parser *parser, struct phrase *phrase)
{
	struct bytes atom;
	size_t before;

	phrase->all_quoted = true;
	for (;;) {
		before = parser->rest.len;
		if (!skip_cfws(parser))
			return false;
		if (strchr("<>:;,@()[]\\", token_peek(&parser->rest)) != NULL)
			return true;	/* also at the end, which is 0 */
		if (phrase->words > 0 && parser->rest.len < before)
			buf_byte(&phrase->text, ' ');
		if (token_peek(&parser->rest) == '"') {
			if (!take_quoted_word(parser, phrase))
				return false;
		} else if (phrase->words > 0 && take_char(parser, '.')) {
			/* obs-phrase: "John Q. Public" */
			phrase->all_quoted = false;
			buf_byte(&phrase->text, '.');
		} else {
			atom = token_atom(&parser->rest);
			if (atom.len == 0)
				return true;
			phrase->all_quoted = false;
			buf_add(&phrase->text, atom);
		}
		phrase->words++;
	}
}

static struct mailbox *mailbox_add(struct parser *parser)
{
	struct mailbox_list *list = parser->list;
	struct mailbox *all;

	if (list->count == ADDRESS_LIST_MAX) {
		parser->error = ERR_LIMIT;
		return NULL;
	}
	if (list->count == parser->room) {
		parser->room = parser->room == 0 ? 4 : parser->room * 4;
		all = arena_array(parser->arena, parser->room, sizeof(*all));
		if (all == NULL) {
			parser->error = ERR_LIMIT;
			return NULL;
		}
		if (list->count > 0)
			memcpy(all, list->mailboxes,
			       list->count * sizeof(*all));
		list->mailboxes = all;
	}
	memset(&list->mailboxes[list->count], 0, sizeof(*all));
	return &list->mailboxes[list->count++];
}

enum took { TOOK_NOTHING, TOOK_MAILBOX, TOOK_GROUP };
enum where { IN_LIST, IN_GROUP };

/* "name <addr>", behind the name. */
static bool take_named(struct parser *parser, struct phrase *phrase,
		       struct mailbox *out)
{
	if (phrase->words > 0) {
		if (!keep(parser, &phrase->text, &out->name))
			return false;
		out->name_quoted = phrase->all_quoted;
		out->name_mixed = phrase->quoted_code && !phrase->all_quoted;
	}
	return take_angle(parser, out);
}

/* A mailbox, or a group's name with its ":". */
static enum took take_mailbox(struct parser *parser, enum where where)
{
	struct bytes start = parser->rest;
	enum took took = TOOK_NOTHING;
	struct mailbox *mailbox;
	struct phrase phrase;

	memset(&phrase, 0, sizeof(phrase));
	buf_init(&phrase.text, PHRASE_MAX);
	if (!take_phrase(parser, &phrase))
		goto out;
	if (where == IN_LIST && phrase.words > 0 && take_char(parser, ':')) {
		took = TOOK_GROUP;
		goto out;
	}
	mailbox = mailbox_add(parser);
	if (mailbox == NULL)
		goto out;
	mailbox->in_group = where == IN_GROUP;
	if (take_char(parser, '<')) {
		if (take_named(parser, &phrase, mailbox))
			took = TOOK_MAILBOX;
	} else {
		parser->rest = start;
		if (take_addr_spec(parser, mailbox))
			took = TOOK_MAILBOX;
	}
out:
	buf_free(&phrase.text);
	return took;
}

static bool at_end(struct parser *parser)
{
	return skip_cfws(parser) && parser->rest.len == 0;
}

static bool take_group(struct parser *parser)
{
	parser->list->groups++;
	for (;;) {
		if (!skip_cfws(parser))
			return false;
		if (take_char(parser, ';'))
			return skip_cfws(parser);
		if (take_mailbox(parser, IN_GROUP) != TOOK_MAILBOX)
			return false;
		if (!take_char(parser, ',') && token_peek(&parser->rest) != ';')
			return false;
	}
}

static bool take_list(struct parser *parser)
{
	if (at_end(parser))
		return false;
	for (;;) {
		switch (take_mailbox(parser, IN_LIST)) {
		case TOOK_MAILBOX:
			break;
		case TOOK_GROUP:
			if (!take_group(parser))
				return false;
			break;
		case TOOK_NOTHING:
		default:
			return false;
		}
		if (at_end(parser))
			return true;
		if (!take_char(parser, ','))
			return false;
	}
}

int address_list_parse(struct arena *arena, struct bytes text,
		       struct mailbox_list *out)
{
	struct parser parser;

	memset(out, 0, sizeof(*out));
	memset(&parser, 0, sizeof(parser));
	parser.arena = arena;
	parser.rest = text;
	parser.list = out;
	if (take_list(&parser))
		return 0;
	return parser.error < 0 ? parser.error : ERR_SYNTAX;
}

int address_parse(struct arena *arena, struct bytes text,
		  struct mailbox *out)
{
	struct parser parser;

	memset(out, 0, sizeof(*out));
	memset(&parser, 0, sizeof(parser));
	parser.arena = arena;
	parser.rest = text;
	if (take_local(&parser, out) && take_char(&parser, '@') &&
	    take_domain(&parser, out) && parser.rest.len == 0 &&
	    out->local.len + 1 + out->domain.len <= ADDRESS_MAX)
		return 0;
	return parser.error < 0 ? parser.error : ERR_SYNTAX;
}
